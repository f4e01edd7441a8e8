"""What the releases of an observatory take on the disk when one country after the other corrects its figures.

`python -m benchmarks.storage HOME --publications 50` publishes so many releases into a scratch home and prints how much
each adds once it is packed. The first is the last build of HOME (all of it, or some countries and themes); each later
build is a copy of the one before, in which one country has sent another file: its figures of one theme are others, what
is compared with them follows, and all its rows name the new submission. Only these builds are made by this program
instead of dbt; publishing, drawing the site and packing are those of every day.
"""

import itertools
import resource
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import duckdb

from dashboards import render_release
from ingestion.release.publish import publish
from ingestion.release.verify import verify
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, sha256_of, write_json
from ingestion.store.home import Home
from ingestion.store.packed import INDEX, PACKED, restore
from ingestion.store.packing import pack_older
from ingestion.store.published import current_release_id, release_ids

MEGABYTE = 1e6
LATER = timedelta(days=1)  # when every release has rested
COMPUTED = {
    "fct_estimates": ("value", "se", "lower_ci", "upper_ci"),
    "fct_inequalities": ("estimate", "se", "lower_ci", "upper_ci"),
    "fct_trends": ("change", "se", "lower_ci", "upper_ci"),
}
COMPARED = {
    "fct_country_comparisons": ("gap_to_eu", "gap_to_eu_se", "gap_to_eu_lower_ci", "gap_to_eu_upper_ci"),
    "fct_eu_values": ("value", "se", "lower_ci", "upper_ci"),
    "fct_convergence": ("estimate", "se", "lower_ci", "upper_ci"),
}
BY_COUNTRY = ("fct_observations", *COMPUTED, "fct_country_comparisons", "fct_completeness", "obs_vintages")
BY_INDICATOR = ("fct_eu_values", "fct_convergence")
VINTAGE_KEY = "country_code, indicator_code, period, site_code, stratum_id, vintage_number"


@click.command()
@click.argument("home", type=click.Path(exists=True, path_type=Path))
@click.option("--publications", default=50, show_default=True)
@click.option("--countries", "country_count", default=29, show_default=True)
@click.option("--themes", "theme_count", default=99, show_default=True)
@click.option("--scratch", type=click.Path(path_type=Path), help="Where to work [default: a temporary folder].")
def main(home: Path, publications: int, country_count: int, theme_count: int, scratch: Path | None) -> None:
    """Publish releases and print what each takes."""
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(home=scratch or Path(temporary))
        manifest = _first_build(Home(home), Home(settings.home).create(), country_count, theme_count)
        whole = [_publish(settings, manifest)]
        for _ in range(publications - 1):
            manifest = _next_build(Home(settings.home), manifest)
            whole.append(_publish(settings, manifest))
        _report(settings, whole)


def _first_build(source: Home, target: Home, country_count: int, theme_count: int) -> dict[str, Any]:
    current = current_release_id(Settings(home=source.root))
    manifest = dict(read_json(source.releases / str(current) / "manifest.json"))
    folder = target.builds / manifest["build_id"]
    folder.mkdir()
    shutil.copyfile(source.builds / folder.name / "gate.json", folder / "gate.json")
    shutil.copyfile(source.builds / folder.name / "warehouse.duckdb", folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute(
            "create temp table wanted as select country_code, indicator_code from "
            "(select distinct country_code from marts.fct_observations order by all limit ?) cross join "
            "(from marts.dim_indicator where theme_code in (select distinct theme_code from marts.fct_observations "
            "inner join marts.dim_indicator using (indicator_code) order by all limit ?))",
            [country_count, theme_count],
        )
        for table in BY_COUNTRY:
            connection.execute(f"delete from marts.{table} where (country_code, indicator_code) not in (from wanted)")
        for table in BY_INDICATOR:
            connection.execute(
                f"delete from marts.{table} where indicator_code not in (select indicator_code from wanted)"
            )
        first = _release(manifest, 1)
        _name_releases(connection, first)
        connection.execute(
            f"update marts.obs_vintages set first_release_id = '{first['release_id']}', "
            f"last_release_id = '{first['release_id']}'"
        )
    return _seal(target, {**manifest, **first, "submissions": manifest["submissions"], "releases": [first]})


def _next_build(home: Home, before: dict[str, Any]) -> dict[str, Any]:
    sequence = before["release_sequence"] + 1
    build_id = f"b-{sequence:016x}"
    shutil.copytree(home.builds / before["build_id"], home.builds / build_id)
    shutil.rmtree(home.builds / before["build_id"])
    release = _release(before, sequence)
    with duckdb.connect(str(home.builds / build_id / "warehouse.duckdb")) as connection:
        country, theme = _turn(connection, sequence)
        submission_id = f"{country}-{sequence:016x}"
        _correct(connection, country, theme, submission_id, release["release_id"])
        _name_submission(connection, country, submission_id)
        _name_releases(connection, release)
    like = next(each for each in before["submissions"] if each["country_code"] == country)
    others = [each for each in release["submissions"] if not each.startswith(country)]
    release["submissions"] = [*others, submission_id]
    changed = {
        **{key: release[key] for key in ("release_id", "release_sequence")},
        "build_id": build_id,
        "submissions": [
            *before["submissions"],
            {**like, "submission_id": submission_id, "sequence_number": 1000 + sequence},
        ],
        "releases": [*before["releases"], release],
        "current_release_id": before["release_id"],
    }
    return _seal(home, before | changed)


def _release(manifest: dict[str, Any], sequence: int) -> dict[str, Any]:
    return {
        "release_id": f"{manifest['round_id']}.{sequence}",
        "release_sequence": sequence,
        "round_id": manifest["round_id"],
        "submissions": manifest["releases"][-1]["submissions"],
    }


def _turn(connection: duckdb.DuckDBPyConnection, sequence: int) -> tuple[str, str]:
    """Return whose turn it is: the countries one after the other, each time with another theme."""
    pairs = connection.execute(
        "select distinct country_code, theme_code from marts.fct_observations inner join marts.dim_indicator "
        "using (indicator_code) order by all"
    ).fetchall()
    by_country = [list(themes) for _, themes in itertools.groupby(pairs, key=lambda pair: pair[0])]
    themes = by_country[sequence % len(by_country)]
    country, theme = themes[sequence // len(by_country) % len(themes)]
    return country, theme


def _correct(
    connection: duckdb.DuckDBPyConnection, country: str, theme: str, submission_id: str, release_id: str
) -> None:
    """Give a country other figures of a theme, with what is computed from them and compared with them."""
    of_theme = f"indicator_code in (select indicator_code from marts.dim_indicator where theme_code = '{theme}')"
    # One person more of many: nobody who was hidden is told of.
    corrected = f"country_code = '{country}' and {of_theme} and numerator >= 100"
    connection.execute(
        f"create table corrected as from marts.obs_vintages where is_current and not is_suppressed and {corrected};"
        f"update marts.obs_vintages set is_current = false where is_current and not is_suppressed and {corrected};"
        f"update marts.obs_vintages set last_release_id = '{release_id}' where is_current;"
        "insert into marts.obs_vintages select * replace (vintage_number + 1 as vintage_number, numerator + 1 as "
        f"numerator, '{submission_id}' as submission_id, '{release_id}' as first_release_id, '{release_id}' as "
        "last_release_id) from corrected; drop table corrected;"
        f"create or replace table marts.obs_vintages as from marts.obs_vintages order by {VINTAGE_KEY};"
        f"update marts.fct_observations set numerator = numerator + 1 where not is_suppressed and {corrected};"
        f"update marts.fct_estimates set numerator = numerator + 1 where {corrected};"
    )
    for table, columns in COMPUTED.items():
        values = ", ".join(f"{column} = {column} * (1.01 + 0.001 * random())" for column in columns)
        connection.execute(f"update marts.{table} set {values} where country_code = '{country}' and {of_theme}")
    for table, columns in COMPARED.items():
        values = ", ".join(f"{column} = {column} * (1 + 1e-4 * random())" for column in columns)
        connection.execute(f"update marts.{table} set {values} where {of_theme}")


def _name_submission(connection: duckdb.DuckDBPyConnection, country: str, submission_id: str) -> None:
    """Let all rows of a country come from its new submission."""
    for table in ("landing.observations", "marts.fct_observations", "marts.fct_estimates"):
        key = "split_part(submission_id, '-', 1)"
        connection.execute(
            f"update {table} set submission_id = '{submission_id}' where {key} = '{country}' "
            "and submission_id in (select submission_id from marts.dim_submission where is_in_force)"
        )
    connection.execute(
        "insert into marts.dim_submission select * replace (? as submission_id, 1000 + sequence_number as "
        "sequence_number) from marts.dim_submission where country_code = ? and is_in_force",
        [submission_id, country],
    )
    connection.execute(
        "update marts.dim_submission set is_in_force = false where country_code = ? and submission_id <> ?",
        [country, submission_id],
    )


def _name_releases(connection: duckdb.DuckDBPyConnection, release: dict[str, Any]) -> None:
    if release["release_sequence"] == 1:
        connection.execute("delete from marts.dim_release")
    connection.execute("update marts.dim_release set is_this_release = false")
    values = [release[name] for name in ("release_id", "release_sequence", "round_id")]
    connection.execute("insert into marts.dim_release values (?, ?, ?, true)", values)


def _seal(home: Home, manifest: dict[str, Any]) -> dict[str, Any]:
    """Write what publishing asks for beside a warehouse: the manifest, its hash, and the gate's word on this build."""
    folder = home.builds / manifest["build_id"]
    sealed = {"build_id": manifest["build_id"], "warehouse_sha256": sha256_of(folder / "warehouse.duckdb")}
    write_json(folder / "manifest.json", manifest)
    write_json(folder / "build.json", {"warehouse_sha256": sealed["warehouse_sha256"]})
    write_json(folder / "gate.json", read_json(folder / "gate.json") | sealed)
    return manifest


def _publish(settings: Settings, manifest: dict[str, Any]) -> float:
    """Publish a build, draw its site, pack what has rested, and return the size of the new release."""
    release_id = publish(settings, manifest["build_id"])
    render_release(settings, release_id)
    size = _megabytes(Home(settings.home).releases / release_id)
    pack_older(settings, now=datetime.now(UTC) + LATER)
    click.echo(f"{release_id}: {size:.1f} MB, all releases {_megabytes(Home(settings.home).releases):.1f} MB", err=True)
    return size


def _report(settings: Settings, whole: list[float]) -> None:
    """Print what each release took and takes, and say whether the first and the last packed one can be read back."""
    releases = Home(settings.home).releases
    click.echo("| release | whole, MB | packed, MB | of these the index |\n|---|---:|---:|---:|")
    ids = release_ids(settings)
    for release_id, size in zip(ids, whole, strict=True):
        packed = releases / release_id / PACKED
        if packed.exists():
            parts = (_megabytes(releases / release_id), _megabytes(releases / release_id / INDEX))
            click.echo(f"| {release_id} | {size:.1f} | {parts[0]:.2f} | {parts[1]:.2f} |")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    click.echo(f"whole {sum(whole):.0f} MB, now {_megabytes(releases):.0f} MB; {usage.ru_utime + usage.ru_stime:.0f} s")
    for release_id in (ids[0], ids[-3]):
        restore(releases / release_id)
        click.echo(f"{release_id}: {verify(releases / release_id) or 'every byte is there again'}")


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink()) / MEGABYTE


if __name__ == "__main__":
    main()
