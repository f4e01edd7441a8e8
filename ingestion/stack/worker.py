"""Become a Celery worker whose tasks find ready what every file needs: `python -m ingestion.stack.worker [WORDS]`.

The readers of files are forks of a process that it starts; else each file would wait for their imports.
"""

import runpy
import sys

from ingestion.checks.desk import ready_for_many
from ingestion.stack.launch import prepare_tasks


def main() -> None:
    """Run `airflow celery worker` with the words of the command line, in this process."""
    prepare_tasks()
    sys.argv[1:1] = ["celery", "worker"]
    with ready_for_many():
        runpy.run_module("airflow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
