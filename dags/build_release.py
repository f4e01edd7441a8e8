"""`build_release`: build, gate, publish, site, one release at a time. Does nothing when none is due."""

from airflow.sdk import DAG, AssetOrTimeSchedule, task
from bells import LANDING, SWEEP, USUAL

with DAG(
    dag_id="build_release",
    doc_md=__doc__,
    schedule=AssetOrTimeSchedule(timetable=SWEEP, assets=LANDING),
    **USUAL,
):

    @task
    def build():
        """Publish what is approved and whose hour has come, then make the build that is due and return its id.

        Files that are under way are waited for.
        """
        from airflow.sdk.exceptions import AirflowSkipException

        from ingestion.bells.due import is_release_due
        from ingestion.release.drafts import publish_approved
        from ingestion.settings import load_settings
        from ingestion.warehouse import build

        settings = load_settings()
        publish_approved(settings)
        build_id = build(settings) if is_release_due(settings) else None
        if build_id is None:
            raise AirflowSkipException("No release is due.")
        return build_id

    @task
    def gate(build_id):
        """Judge the build, once more without what failed; a hold ends the run here and the current release stays."""
        from airflow.sdk.exceptions import AirflowFailException

        from expectations import judge_and_fall_back
        from ingestion.settings import load_settings

        build_id, verdict = judge_and_fall_back(load_settings(), build_id)
        if verdict != "publish":
            raise AirflowFailException(f"The gate holds build {build_id}; `pcm status` says why.")
        return build_id

    @task
    def publish(build_id):
        """Publish the build and return the release id, or leave it as a draft for a steward."""
        from ingestion.release.drafts import publish_or_draft
        from ingestion.settings import load_settings

        return publish_or_draft(load_settings(), build_id)

    # Also when nothing was due: the run that published may have been killed before it drew the site.
    @task(trigger_rule="none_failed")
    def site():
        """Draw the site of the current release unless it is there."""
        from dashboards import render_release
        from ingestion.settings import load_settings
        from ingestion.store.published import current_release_id

        settings = load_settings()
        release_id = current_release_id(settings)
        if release_id:
            render_release(settings, release_id)

    publish(gate(build())) >> site()
