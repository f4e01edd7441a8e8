"""`build_release`: build, gate, publish, site. Does nothing when no build is due; one at a time."""

from datetime import timedelta

from airflow.sdk import DAG, AssetOrTimeSchedule, task
from bells import LANDED, MAYBE_LANDED, SWEEP

with DAG(
    dag_id="build_release",
    doc_md=__doc__,
    schedule=AssetOrTimeSchedule(timetable=SWEEP, assets=LANDED),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
):

    @task
    def build():
        """Make the build that is due and return its id; while files are under way, the last of them wakes us again."""
        from airflow.sdk.exceptions import AirflowSkipException

        from ingestion.serving.doorbell import is_quiet
        from ingestion.settings import load_settings
        from ingestion.warehouse import build

        settings = load_settings()
        build_id = build(settings) if is_quiet(settings) else None
        if build_id is None:
            raise AirflowSkipException("No build is due.")
        return build_id

    @task
    def gate(build_id):
        """Judge the build; a hold ends the run here and the current release stays."""
        from airflow.sdk.exceptions import AirflowFailException

        from expectations import judge
        from ingestion.settings import load_settings

        if judge(load_settings(), build_id) != "publish":
            raise AirflowFailException(f"The gate holds build {build_id}. `pcm status` says why.")
        return build_id

    @task
    def publish(build_id):
        """Publish the build and return the release id."""
        from ingestion.release import publish
        from ingestion.settings import load_settings

        return publish(load_settings(), build_id)

    # Also when nothing was due: the run that published may have been killed before it drew the site.
    @task(trigger_rule="none_failed", outlets=[MAYBE_LANDED])
    def site(outlet_events=None):
        """Draw the site of the current release, and ring again if more has landed meanwhile."""
        from dashboards import render_release
        from ingestion.release import current_release_id
        from ingestion.serving.doorbell import is_quiet
        from ingestion.settings import load_settings
        from ingestion.warehouse import build_due

        settings = load_settings()
        release_id = current_release_id(settings)
        if release_id:
            render_release(settings, release_id)
        if is_quiet(settings) and build_due(settings):
            outlet_events[MAYBE_LANDED].add(LANDED)

    publish(gate(build())) >> site()
