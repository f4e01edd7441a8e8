"""The assets that wake the DAGs. An event says only that something may be due; the ledger and the store say what."""

from datetime import timedelta

from airflow.sdk import (
    Asset,
    AssetWatcher,
    AsyncCallback,
    CronTriggerTimetable,
    DeadlineAlert,
    DeadlineReference,
)

from ingestion.bells.doorbell import InboxDoorbell, LandingDoorbell
from ingestion.bells.due import LONGEST_RUN, RETRIES
from ingestion.bells.notifier import StewardNotifier

# Rung by doorbells that look at the store. A task of a run with a partition key cannot wake a DAG without partitions:
# its events carry the key, and such a DAG does not hear them.
INBOX = Asset("inbox", watchers=[AssetWatcher(name="inbox", trigger=InboxDoorbell())])
LANDING = Asset("landing", watchers=[AssetWatcher(name="landing", trigger=LandingDoorbell())])
# The partition key is the submission id: one run for each submission.
SUBMISSION = Asset("submission")
# What no event woke is found by the sweep.
SWEEP = CronTriggerTimetable("*/5 * * * *", timezone="UTC")
PATIENCE = {"retries": RETRIES, "retry_delay": timedelta(seconds=5), "on_failure_callback": StewardNotifier()}
# A run that was woken and is not done in time: stewards are told, the run goes on.
IN_TIME = DeadlineAlert(
    reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=LONGEST_RUN, callback=AsyncCallback(StewardNotifier)
)
# What every DAG has in common.
USUAL = {"catchup": False, "max_active_runs": 1, "default_args": PATIENCE, "deadline": IN_TIME}
