"""What stewards decide, each with a name and a reason: drafts, releases, files, holds, waivers; contacts' answers."""

from datetime import date

import click

from ingestion.cli.tables import AS_JSON
from ingestion.cli.typed import country_code, day
from ingestion.settings import Settings

BY = click.option("--by", metavar="NAME", required=True, help="Who decides.")
REASON = click.option("--reason", metavar="TEXT", required=True, help="Why.")
BUILD = click.argument("build_id", metavar="BUILD")
RELEASE = click.argument("release_id", metavar="RELEASE")
SUBMISSION = click.argument("submission_id", metavar="SUBMISSION")
NO_DRAFT = {
    "approval": "No draft waits for you. The next build that passes the gate will stand here.",
    "automatic": "There are no drafts: a build that passes the gate is published at once. With "
    "PCM_PUBLISHING=approval it waits here for a steward.",
}


@click.command()
@AS_JSON
@click.pass_obj
def drafts(settings: Settings, as_json: bool) -> None:
    """List the builds that passed the gate and wait for a steward (PCM_PUBLISHING=approval)."""
    from ingestion.cli.tables import show
    from ingestion.release.drafts import drafts as found_drafts
    from ingestion.store.home import Home

    Home(settings.home).require()
    columns = ["build_id", "release_id", "state", "decided_by", "reason", "embargo_until"]
    lines = [[draft[column] for column in columns] for draft in found_drafts(settings)]
    show(columns, lines, as_json=as_json, if_none=NO_DRAFT[settings.publishing])


@click.command()
@BUILD
@BY
@REASON
@click.option("--embargo", metavar="MOMENT", help="Publish only from then on, for example 2026-12-01T09:00+01:00.")
@click.pass_obj
def approve(settings: Settings, build_id: str, by: str, reason: str, embargo: str | None) -> None:
    """Approve the draft BUILD: it is published at once, or when its embargo ends."""
    from ingestion.release import drafts as two_keys

    two_keys.approve(settings, build_id, by=by, reason=reason, embargo=embargo)
    release_id = two_keys.publish_approved(settings)
    if release_id:
        from dashboards import render_release

        render_release(settings, release_id)
    click.echo(
        f"Release {release_id}: published." if release_id else f"{build_id} is approved and waits for {embargo}."
    )


@click.command()
@BUILD
@BY
@REASON
@click.pass_obj
def refuse(settings: Settings, build_id: str, by: str, reason: str) -> None:
    """Refuse the draft BUILD for good; the current release stays."""
    from ingestion.release.drafts import refuse as refuse_draft

    refuse_draft(settings, build_id, by=by, reason=reason)
    click.echo(f"{build_id} is refused.")


@click.command()
@RELEASE
@BY
@REASON
@click.pass_obj
def withdraw(settings: Settings, release_id: str, by: str, reason: str) -> None:
    """Withdraw RELEASE: it stays readable, with a notice, and is no longer the current one."""
    from ingestion.release.pointing import new_in_release
    from ingestion.release.pointing import withdraw as withdraw_release

    current = withdraw_release(settings, release_id, by=by, reason=reason)
    only = " It is the only one and stays current, with a notice." if current == release_id else ""
    click.echo(f"{release_id} is withdrawn. Current release: {current}.{only}")
    if new := new_in_release(settings, release_id):
        click.echo(f"New in it: {', '.join(new)}. The next release has them again, but for what you set aside:")
        click.echo("  pcm set-aside SUBMISSION --by NAME --reason TEXT")


@click.command()
@RELEASE
@BY
@REASON
@click.pass_obj
def rollback(settings: Settings, release_id: str, by: str, reason: str) -> None:
    """Make RELEASE the current one again; nothing is removed."""
    from ingestion.release.pointing import rollback as point_back

    point_back(settings, release_id, by=by, reason=reason)
    click.echo(f"Current release: {release_id}.")


@click.command("release-hold")
@SUBMISSION
@BY
@REASON
@click.pass_obj
def release_hold(settings: Settings, submission_id: str, by: str, reason: str) -> None:
    """Let a held SUBMISSION be judged again with the next build."""
    from ingestion.intake.hold import release_hold as release
    from ingestion.store.home import Home

    Home(settings.home).require()
    release(settings, submission_id, by=by, reason=reason)
    click.echo(f"{submission_id} is no longer held; the next build is judged with it.")


@click.command("set-aside")
@SUBMISSION
@BY
@REASON
@click.pass_obj
def set_aside(settings: Settings, submission_id: str, by: str, reason: str) -> None:
    """Let no row of SUBMISSION count from the next build on; those of the country's earlier files count instead."""
    from ingestion.intake.set_aside import set_aside as put_aside

    put_aside(settings, submission_id, by=by, reason=reason)
    click.echo(f"{submission_id} is set aside; the next build is made without it. `pcm count-again` undoes this.")


@click.command("count-again")
@SUBMISSION
@BY
@REASON
@click.pass_obj
def count_again(settings: Settings, submission_id: str, by: str, reason: str) -> None:
    """Let SUBMISSION, which was set aside, count again from the next build on."""
    from ingestion.intake.set_aside import count_again as let_count

    let_count(settings, submission_id, by=by, reason=reason)
    click.echo(f"{submission_id} counts again; the next build is judged with it.")


@click.command()
@BUILD
@click.argument("expectation")
@click.option("--country", type=country_code, metavar="CC", help="Excuse this country only [default: all that failed].")
@BY
@REASON
@click.option(
    "--until", type=day, metavar="DAY", required=True, help="The last day on which it excuses, for example 2027-03-31."
)
@click.pass_obj
def waive(
    settings: Settings, build_id: str, expectation: str, country: str | None, by: str, reason: str, until: date
) -> None:
    """Excuse what failed EXPECTATION in BUILD, as long as its figures stay the same; holds for it end."""
    from ingestion.intake.hold import waive as waive_failures

    countries = waive_failures(settings, build_id, expectation, country_code=country, by=by, reason=reason, until=until)
    click.echo(f"{expectation} is waived for {', '.join(countries) or 'the release'} until {until}.")


@click.command()
@SUBMISSION
@click.argument("rule")
@click.option("--text", required=True, help="Why the figures are right.")
@click.option("--public", "is_public", is_flag=True, help="Show it beside the figures.")
@click.pass_obj
def justify(settings: Settings, submission_id: str, rule: str, text: str, is_public: bool) -> None:
    """Answer the warnings of RULE in SUBMISSION."""
    from ingestion.intake.justify import justify as record

    count = record(settings, submission_id, rule, text=text, is_public=is_public)
    click.echo(f"{submission_id}: warnings of {rule} explained: {count}.")
