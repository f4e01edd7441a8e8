"""Become one of Airflow's components, after stopping what its killed predecessor may have left running.

A scheduler that was killed leaves its workers, and they their tasks; the new one would start the same tasks again.
"""

import os
import runpy
import sys

from setproctitle import setproctitle

from ingestion.serving.leftovers import stop_orphans


def main() -> None:
    """Run `airflow` with the words of the command line, in this process."""
    stop_orphans(os.getsid(0))
    setproctitle(" ".join(["airflow", *sys.argv[1:]]))
    if "scheduler" in sys.argv:
        from ingestion.intake.answer import prepare

        prepare()  # tasks are forks of its forks
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
