"""`ingest_upload`: one run per submission. Its log is the story of one file; the last of a batch wakes the build."""

from datetime import timedelta

from airflow.sdk import DAG, PartitionedAssetTimetable, task
from bells import LANDED, MAYBE_LANDED, SUBMISSION

with DAG(
    dag_id="ingest_upload",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SUBMISSION),
    catchup=False,
    max_active_runs=8,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
):

    @task(outlets=[MAYBE_LANDED])
    def ingest(dag_run=None, outlet_events=None):
        """Check one submission, land what is accepted, answer its sender."""
        from ingestion.intake import process_submission
        from ingestion.serving.doorbell import is_quiet
        from ingestion.settings import load_settings

        settings = load_settings()
        receipt = process_submission(settings, dag_run.partition_key)
        print(f"{dag_run.partition_key}: {receipt['verdict']}, rows {receipt['rows']}")
        if is_quiet(settings):
            outlet_events[MAYBE_LANDED].add(LANDED)

    ingest()
