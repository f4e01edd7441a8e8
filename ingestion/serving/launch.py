"""Become one of Airflow's components, after stopping what its killed predecessor may have left running.

A scheduler that was killed leaves its workers, and they their tasks; the new one would start the same tasks again.
"""

import os
import sys

from ingestion.serving.leftovers import stop_orphans


def main() -> None:
    """Run `airflow` with the words of the command line, in the place of this process."""
    stop_orphans(os.getsid(0))
    os.execv(sys.executable, [sys.executable, "-m", "airflow", *sys.argv[1:]])


if __name__ == "__main__":
    main()
