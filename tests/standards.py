"""The standards that a release speaks, each checked by a validator that is not ours, on a cut of a real release."""

import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd
from csvw import TableGroup
from datacite import schema45
from frictionless import Package
from prov.model import ProvActivity, ProvDocument, ProvEntity
from pysdmx.io import get_datasets, read_sdmx
from pyshacl import validate
from rdflib import DCAT, DCTERMS, Graph

from ingestion.metadata import write_metadata
from ingestion.release.contents import PUBLIC_SCHEMAS, export_tables
from ingestion.sql_text import quoted
from ingestion.warehouse.landing import create_database

SHAPES = Path(__file__).parent / "shapes" / "health_dcat_ap.ttl"
ADDRESS = "https://observatory.example/releases/2026.2/dcat.jsonld"
COUNTRY, INDICATOR = "LU", "MTB_01"


def cut_release(release: Path, folder: Path) -> Path:
    """Write a release of one country, one indicator and one year: the validators take a minute for a whole one."""
    folder.mkdir()
    cut = folder.with_suffix(".duckdb")
    with create_database(cut) as connection:
        connection.execute(f"attach '{quoted(release / 'warehouse.duckdb')}' as whole (read_only)")
        for schema, table, columns in connection.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns() "
            f"where database_name = 'whole' and schema_name in {PUBLIC_SCHEMAS} group by all"
        ).fetchall():
            wanted = {"country_code": COUNTRY, "indicator_code": INDICATOR}
            is_fact = schema == "marts" and not table.startswith("dim_")
            kept = [f"{name} = '{code}'" for name, code in wanted.items() if is_fact and name in columns]
            kept += ["period >= '2025'"] if is_fact and "period" in columns else []
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create table {schema}.{table} as from whole.{schema}.{table} where {' and '.join(kept) or 'true'}"
            )
    export_tables(cut, folder)
    shutil.copyfile(release / "release.json", folder / "release.json")
    write_metadata(folder)
    return folder


def check_data_package(release: Path) -> None:
    """Frictionless reads every CSV file with its types, keys and references."""
    package = Package(str(release / "datapackage.json"))
    assert {resource.format for resource in package.resources} == {"csv", "parquet"}
    assert [each["name"] for each in package.licenses] == ["CC-BY-4.0"]
    for resource in list(package.resources):
        if resource.format == "parquet":  # Frictionless reads Parquet only with a library that is not kept up
            package.remove_resource(resource.name)
    report = package.validate()
    assert report.valid, report.flatten(["title", "message"])
    assert package.get_resource("fct_estimates").schema.primary_key == [
        "country_code",
        "indicator_code",
        "period",
        "site_code",
        "stratum_id",
    ]
    references = package.get_resource("fct_estimates").schema.foreign_keys
    assert {
        "fields": ["country_code"],
        "reference": {"resource": "dim_country", "fields": ["country_code"]},
    } in references


def check_parquet_has_the_columns_of_its_schema(release: Path) -> None:
    """DuckDB finds in every Parquet file the columns that the package names, in their order."""
    package = json.loads((release / "datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["format"] == "parquet":
            found = duckdb.sql(f"describe from '{release / resource['path']}'").fetchall()
            assert [name for name, *_ in found] == [field["name"] for field in resource["schema"]["fields"]]


def check_csv_on_the_web(release: Path) -> None:
    """The reader of the CLDF project reads every row as the metadata say, and follows the references."""
    tables = TableGroup.from_file(str(release / "csv" / "csv-metadata.json"))
    assert tables.check_referential_integrity()
    [estimates] = [list(table) for table in tables.tables if str(table.url) == "fct_estimates.csv"]
    assert isinstance(next(row for row in estimates if row["value"] is not None)["value"], float)


def check_sdmx(release: Path) -> None:
    """pysdmx validates the structures against the schemas of SDMX 3.0, and reads the data with them."""
    structures = release / "sdmx" / "structures.xml"
    message = read_sdmx(structures, validate=True)
    assert {flow.id for flow in message.get_dataflows()} == {"OBSERVATIONS", "ESTIMATES"}
    for name, flow in (("observations", "OBSERVATIONS"), ("estimates", "ESTIMATES")):
        [data] = get_datasets(release / "sdmx" / f"{name}.csv", structures)
        assert data.short_urn == f"Dataflow=PCM:{flow}(1.0)"
        _assert_sound(data.data, data.structure.components)


def _assert_sound(data, components) -> None:
    """Every code is in its list, no key stands twice, and a hidden figure has one look and no number."""
    for component in components:
        if component.local_codes is not None:
            assert set(data[component.id]) <= {code.id for code in component.local_codes}, component.id
    assert not data.duplicated([component.id for component in components.dimensions]).any()
    hidden = data[data["CONF_STATUS"] != "F"]
    assert len(hidden)
    assert set(zip(hidden["CONF_STATUS"], hidden["OBS_STATUS"], strict=True)) == {("C", "Q")}
    for number in ("OBS_VALUE", "NUMERATOR", "DENOMINATOR"):
        assert pd.to_numeric(hidden[number], errors="coerce").isna().all(), number


def check_dcat(release: Path) -> None:
    """pySHACL finds every mandatory part of DCAT-AP 3 and HealthDCAT-AP; a missing one is noticed."""
    graph = _dcat(release)
    conforms, _, text = validate(graph, shacl_graph=Graph().parse(SHAPES))
    assert conforms, text
    licences = set(graph.objects(None, DCTERMS.license))
    assert {str(each) for each in licences} == {"http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"}
    assert len(list(graph.subjects(DCTERMS.license, None))) == len(list(graph.subjects(DCAT.downloadURL, None)))
    downloads = {str(address) for address in graph.objects(None, DCAT.downloadURL)}
    assert "https://observatory.example/releases/2026.2/parquet/fct_estimates.parquet" in downloads
    for part in (DCAT.theme, DCAT.accessURL):
        lacking = _dcat(release)
        lacking.remove((None, part, None))
        assert not validate(lacking, shacl_graph=Graph().parse(SHAPES))[0], part


def _dcat(release: Path) -> Graph:
    return Graph().parse(release / "dcat.jsonld", format="json-ld", publicID=ADDRESS)


def check_datacite(release: Path) -> None:
    """The record keeps DataCite's own JSON schema 4.5."""
    record = json.loads((release / "datacite.json").read_text())
    schema45.validate(record)
    assert [each["rightsIdentifier"] for each in record["rightsList"]] == ["CC-BY-4.0"]


def check_provenance(release: Path) -> None:
    """The PROV library reads the document; it names the submissions and nothing else of their senders."""
    records = ProvDocument.deserialize(str(release / "prov.json"), format="json").get_records()
    activities = {str(record.identifier).rsplit("/", 1)[1] for record in records if isinstance(record, ProvActivity)}
    assert activities == {"making", "gate", "publishing"}
    named = {str(record.identifier) for record in records if isinstance(record, ProvEntity)}
    with duckdb.connect(str(release / "warehouse.duckdb"), read_only=True) as connection:
        in_force = connection.execute("select submission_id from marts.dim_submission where is_in_force").fetchall()
    assert {f"pcm:submission/{name}" for (name,) in in_force} == {name for name in named if "submission" in name}


def check_database_explains_itself(release: Path) -> None:
    """Every table and every column of the release has a comment, those of the themes' views too."""
    with duckdb.connect(str(release / "warehouse.duckdb"), read_only=True) as connection:
        for listing in ("duckdb_tables", "duckdb_columns"):
            silent = connection.execute(
                f"select * from {listing}() where database_name = current_database() and not internal "
                "and coalesce(comment, '') = ''"
            ).fetchall()
            assert silent == []
        counted = connection.execute(
            "select count(*), count(distinct country_name) from themes.mtb where indicator_label is not null"
        ).fetchone()
        estimates = connection.execute("select count(*) from marts.fct_estimates where indicator_code like 'MTB%'")
        assert counted == (estimates.fetchone()[0], 1)


def check_dictionary(release: Path) -> None:
    """The dictionary has one line for each column of the database, and the page says the same."""
    with duckdb.connect(str(release / "warehouse.duckdb"), read_only=True) as connection:
        listed = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal "
            "and database_name = current_database() and schema_name <> 'themes' order by all"
        ).fetchall()
        written = connection.execute(
            f"select schema_name, table_name, column_name from read_csv('{release / 'dictionary.csv'}') order by all"
        ).fetchall()
    assert written == listed
    page = (release / "dictionary.html").read_text()
    assert all(f"<td>{column}</td>" in page for _, _, column in listed)


def check_equal_releases_get_equal_files(release: Path) -> None:
    """Written again, every file has the same bytes; the database keeps its content."""
    again = release.with_name(f"{release.name}-again")
    shutil.copytree(release, again)
    shutil.rmtree(again / "sdmx")
    write_metadata(again)
    for path in release.rglob("*"):
        if path.suffix in (".json", ".jsonld", ".xml", ".csv", ".html") and path.name not in DATABASE_DIFFERS:
            assert path.read_bytes() == (again / path.relative_to(release)).read_bytes(), path.name


# It names the hash of the database file, in which DuckDB may place pages elsewhere.
DATABASE_DIFFERS = ("dcat.jsonld",)
CHECKS = (
    check_data_package,
    check_parquet_has_the_columns_of_its_schema,
    check_csv_on_the_web,
    check_sdmx,
    check_dcat,
    check_datacite,
    check_provenance,
    check_database_explains_itself,
    check_dictionary,
    check_equal_releases_get_equal_files,
)
