"""The assets that wake the DAGs. An event says only that something may be due; the ledger and the store say what."""

from airflow.sdk import Asset, AssetAlias, AssetWatcher, CronTriggerTimetable

from ingestion.serving.doorbell import InboxTrigger

# Whatever an event missed is found by the sweep.
SWEEP = CronTriggerTimetable("*/5 * * * *", timezone="UTC")

INBOX = Asset("inbox", watchers=[AssetWatcher(name="inbox", trigger=InboxTrigger())])
# Partition key: the submission id, so that each submission is a run of its own.
SUBMISSION = Asset("submission")
LANDED = Asset("landed")
# A task rings LANDED through this alias, and only when there is a reason.
MAYBE_LANDED = AssetAlias("maybe_landed")
