"""`intake`: a file in the inbox rings the bell; whatever waits is claimed, one run is started for each submission."""

from airflow.sdk import DAG, AssetOrTimeSchedule, task
from bells import INBOX, SUBMISSION, SWEEP, USUAL

with DAG(
    dag_id="intake",
    doc_md=__doc__,
    schedule=AssetOrTimeSchedule(timetable=SWEEP, assets=INBOX),
    **USUAL,
):

    @task(outlets=[SUBMISSION])
    def drain(outlet_events=None):
        """Claim everything that waits and announce it, one partition for each submission."""
        from airflow.sdk.exceptions import AirflowSkipException

        from ingestion.intake import claim_pending
        from ingestion.settings import load_settings

        submission_ids = claim_pending(load_settings())
        if not submission_ids:
            # An event without a partition would be an error downstream.
            raise AirflowSkipException("Nothing waits.")
        outlet_events[SUBMISSION].add_partitions(submission_ids)

    drain()
