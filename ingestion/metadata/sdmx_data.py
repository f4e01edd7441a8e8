"""SDMX-CSV 2.0: the observations and the estimates of a release. https://github.com/sdmx-twg/sdmx-csv"""

from pathlib import Path

import duckdb

from ingestion.metadata.released import Released
from ingestion.metadata.sdmx import Flow, flows
from ingestion.sql_text import quoted


def write_sdmx_data(release: Released, folder: Path) -> None:
    """Write one SDMX-CSV file for each dataflow to `folder`, in the order of its keys."""
    with duckdb.connect(str(release.folder / "warehouse.duckdb"), read_only=True) as connection:
        for flow in flows():
            path = quoted(folder / f"{flow.name.lower()}.csv")
            connection.execute(f"copy ({_select(flow)}) to '{path}' (format csv, header)")


def _select(flow: Flow) -> str:
    columns = ", ".join(f"{component.sql} as {component.name}" for component in flow.components)
    keys = ", ".join(component.name for component in flow.components if component.role in ("dimension", "time"))
    return f"""
        select 'dataflow' as STRUCTURE, '{flow.structure_id}' as STRUCTURE_ID, 'I' as "ACTION", {columns}
        from {flow.table} as facts
        left join marts.dim_stratum as strata using (stratum_id)
        order by {keys}
    """
