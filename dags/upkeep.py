"""`upkeep`: by the clock, what no event wakes: reminders before the deadline, the end of old drafts, waiting mail."""

from airflow.sdk import DAG, CronTriggerTimetable, task
from bells import USUAL

with DAG(
    dag_id="upkeep",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("7 * * * *", timezone="UTC"),
    **USUAL,
):

    @task
    def sweep():
        """Do whatever is due."""
        from ingestion.portal.upkeep import sweep
        from ingestion.settings import load_settings

        sweep(load_settings())

    sweep()
