"""Become one of Airflow's components, after stopping what its killed predecessor may have left running.

A scheduler that was killed leaves its workers, and they their tasks; the new one would start the same tasks again.
"""

import os
import runpy
import sys
from importlib import import_module

from setproctitle import setproctitle

from ingestion.stack.leftovers import stop_orphans

# What the `@task` of a DAG imports when it is first used.
TASK = "airflow.providers.standard.decorators.python"


def prepare_tasks() -> None:
    """Read what every task needs, and every answer: tasks are forks of forks of this process and need not."""
    from ingestion.intake.answer import prepare  # the other components do without

    import_module(TASK)
    prepare()


def main() -> None:
    """Run `airflow` with the words of the command line, in this process."""
    stop_orphans(os.getsid(0))
    setproctitle(" ".join(["airflow", *sys.argv[1:]]))
    if "scheduler" in sys.argv:
        prepare_tasks()
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
