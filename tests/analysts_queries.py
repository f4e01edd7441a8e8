"""The SQL blocks of docs/for_analysts.md, to be run on a release."""

import re

from ingestion.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "for_analysts.md"
BLOCK = re.compile(r"### (\d+\. [^\n]+)\n.*?```sql\n(.*?)```", re.DOTALL)
# In the shape in which Eurostat sends SDMX-CSV; the numbers are made up.
EUROSTAT = "DATAFLOW,LAST UPDATE,freq,unit,na_item,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n" + "".join(
    f"ESTAT:NAMA_10_PC(1.0),01/11/26 23:00:00,A,CP_EUR_HAB,B1GQ,{country},{year},{value},\n"
    for country, value in (("LU", 120000), ("MT", 35000), ("SI", 30000))
    for year in (2022, 2023, 2024)
)
QUERIES = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
