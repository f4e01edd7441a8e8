"""Write what explains a release into it, before it is scanned and its checksums are taken."""

from pathlib import Path

from ingestion.metadata.catalogues import datacite, dcat
from ingestion.metadata.database import explain_database
from ingestion.metadata.dictionary import dictionary_page, dictionary_table
from ingestion.metadata.provenance import provenance
from ingestion.metadata.released import read_release
from ingestion.metadata.sdmx_data import write_sdmx_data
from ingestion.metadata.sdmx_structures import sdmx_structures
from ingestion.metadata.tabular import csv_on_the_web, data_package
from ingestion.store.atomic import write_bytes, write_json


def write_metadata(folder: Path) -> None:
    """Explain the release in a folder in the languages of its readers' tools; equal releases get equal files."""
    release = read_release(folder)
    explain_database(release)
    (folder / "sdmx").mkdir()
    write_sdmx_data(release, folder / "sdmx")
    write_bytes(folder / "sdmx" / "structures.xml", sdmx_structures(release))
    write_bytes(folder / "dictionary.csv", dictionary_table(release))
    write_bytes(folder / "dictionary.html", dictionary_page(release))
    write_json(folder / "datapackage.json", data_package(release))
    write_json(folder / "csv" / "csv-metadata.json", csv_on_the_web(release))
    write_json(folder / "dcat.jsonld", dcat(release))
    write_json(folder / "datacite.json", datacite(release))
    write_json(folder / "prov.json", provenance(release))
