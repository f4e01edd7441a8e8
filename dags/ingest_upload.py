"""`ingest_upload`: one run for each submission. Its log is the story of one file."""

from airflow.sdk import DAG, PartitionedAssetTimetable, task
from bells import IN_TIME, PATIENCE, SUBMISSION

with DAG(
    dag_id="ingest_upload",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SUBMISSION),
    catchup=False,
    max_active_runs=8,
    default_args=PATIENCE,
    deadline=IN_TIME,
):

    @task
    def ingest(dag_run=None):
        """Check one submission, land what is accepted, answer its sender."""
        from ingestion.intake import process_submission
        from ingestion.settings import load_settings

        process_submission(load_settings(), dag_run.partition_key)

    ingest()
