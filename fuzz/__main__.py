"""`python -m fuzz TARGET [SECONDS]`: fuzz one parser with atheris, guided by what its code has not seen yet.

Inputs that it learnt are kept in `.fuzz/TARGET`; an input that breaks the parser is left there as `crash-*`.
"""

import os
import sys
from pathlib import Path

import atheris

# Instrumented while they are imported, so that the fuzzer sees which branches an input reaches.
with atheris.instrument_imports(include=["ingestion.reading"]):
    from fuzz.targets import TARGETS, seeds

FOLDER = Path(".fuzz")
SECONDS_PER_INPUT = 10
MEMORY_MB = 2048


def main(target: str, seconds: str) -> None:
    """Fuzz a target for a while; libFuzzer ends the process itself, with an error if it found something."""
    corpus = FOLDER / target
    corpus.mkdir(parents=True, exist_ok=True)
    for index, seed in enumerate(seeds()[target]):
        (corpus / f"seed-{index}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-timeout={SECONDS_PER_INPUT}", f"-rss_limit_mb={MEMORY_MB}"]
    options += [f"-artifact_prefix={corpus}{os.sep}", "-max_len=20000", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup([sys.argv[0], str(corpus), *options], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60")
