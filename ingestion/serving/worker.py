"""Become a Celery worker whose tasks find ready what every file needs: `python -m ingestion.serving.worker [WORDS]`.

Tasks are forks of forks of this process, and the readers of files are forks of one that it starts; else each file would
wait for the imports of both.
"""

import runpy
import sys

from ingestion.checks.desk import ready_for_many
from ingestion.intake.answer import prepare


def main() -> None:
    """Run `airflow celery worker` with the words of the command line, in this process."""
    prepare()
    sys.argv[1:1] = ["celery", "worker"]
    with ready_for_many():
        runpy.run_module("airflow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
