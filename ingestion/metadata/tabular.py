"""The tables of a release for tools that read tables: Data Package v2 and CSV on the Web."""

from typing import Any

from ingestion.licences import EUROSTAT_ADDRESS
from ingestion.metadata.released import EUROSTAT, PUBLISHER, Released
from ingestion.metadata.tables import Column, Table

DATA_PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE_SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
CSVW_CONTEXT = "http://www.w3.org/ns/csvw"
# DuckDB type -> (type of Table Schema, datatype of CSVW)
TYPES = {
    "varchar": ("string", "string"),
    "boolean": ("boolean", "boolean"),
    "double": ("number", "double"),
    "integer": ("integer", "integer"),
    "bigint": ("integer", "integer"),
    "date": ("date", "date"),
    "timestamp": ("datetime", "dateTime"),
}
TIME_OF_DUCKDB, TIME_OF_UNICODE = "%Y-%m-%d %H:%M:%S", "yyyy-MM-dd HH:mm:ss"


def data_package(release: Released) -> dict[str, Any]:
    """Return `datapackage.json`: each exported table as CSV and as Parquet. https://datapackage.org/standard/"""
    return {
        "$schema": DATA_PACKAGE_PROFILE,
        "name": "pcm-observatory",
        "title": release.title,
        "description": release.description,
        "version": release.release_id,
        "created": release.facts["published_at"],
        **({"homepage": release.address} if release.address else {}),
        "licenses": [{"name": release.licence.code, "path": release.licence.address, "title": release.licence.title}],
        "sources": [{"title": EUROSTAT, "path": EUROSTAT_ADDRESS}],
        "contributors": [{"title": PUBLISHER, "roles": ["publisher"], **_contact(release)}],
        "resources": [_resource(release, table, kind) for table in release.exported for kind in ("csv", "parquet")],
    }


def _contact(release: Released) -> dict[str, str]:
    contact = release.facts["contact"]
    return {"email" if release.contact != contact else "path": contact} if contact else {}


def _resource(release: Released, table: Table, kind: str) -> dict[str, Any]:
    path = release.path_of(table, kind)
    size, digest = release.size_and_hash(path)
    media_type = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}[kind]
    return {
        "name": table.name if kind == "csv" else f"{table.name}_parquet",
        "type": "table",
        "path": str(path.relative_to(release.folder)),
        "description": table.description,
        "format": kind,
        "mediatype": media_type,
        **({"encoding": "utf-8"} if kind == "csv" else {}),
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": _table_schema(release, table, kind),
    }


def _table_schema(release: Released, table: Table, kind: str) -> dict[str, Any]:
    suffix = "" if kind == "csv" else "_parquet"
    return {
        "$schema": TABLE_SCHEMA_PROFILE,
        "fields": [_field(column, kind) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": [column], "reference": {"resource": other + suffix, "fields": [key]}}
            for column, (other, key) in _references(release, table).items()
        ],
    }


def _field(column: Column, kind: str) -> dict[str, Any]:
    name, _ = TYPES[column.kind]
    return {
        "name": column.name,
        "type": name,
        "description": column.description,
        **({"format": TIME_OF_DUCKDB} if name == "datetime" and kind == "csv" else {}),
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": {"required": True}} if column.is_required else {}),
    }


def csv_on_the_web(release: Released) -> dict[str, Any]:
    """Return `csv/csv-metadata.json`: where such tools look for it. https://www.w3.org/TR/tabular-data-primer/"""
    return {
        "@context": [CSVW_CONTEXT, {"@language": "en"}],
        "dc:title": release.title,
        "dc:description": release.description,
        "tables": [_csvw_table(release, table) for table in release.exported],
    }


def _csvw_table(release: Released, table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:description": table.description,
        "tableSchema": {
            "columns": [_csvw_column(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "columnReference": [column],
                    "reference": {"resource": f"{other}.csv", "columnReference": [key]},
                }
                for column, (other, key) in _references(release, table).items()
            ],
        },
    }


def _csvw_column(column: Column) -> dict[str, Any]:
    _, name = TYPES[column.kind]
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": {"base": name, "format": TIME_OF_UNICODE} if name == "dateTime" else name,
        "required": column.is_required,
    }


def _references(release: Released, table: Table) -> dict[str, tuple[str, str]]:
    """Return the references of a table to tables that stand beside it, not only in the database."""
    beside = {other.name for other in release.exported}
    return {column: target for column, target in table.references.items() if target[0] in beside}
