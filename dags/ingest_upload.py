"""`ingest_upload`: one run for each submission. Its log is the story of one file."""

from airflow.sdk import DAG, PartitionedAssetTimetable, task
from bells import SUBMISSION, USUAL

with DAG(
    dag_id="ingest_upload",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SUBMISSION),
    **(USUAL | {"max_active_runs": 8}),
):

    @task
    def ingest(dag_run=None):
        """Check one submission, land what is accepted, answer its sender."""
        from ingestion.intake import process_submission
        from ingestion.settings import load_settings

        process_submission(load_settings(), dag_run.partition_key)

    ingest()
