"""The gate: expectation suites that judge whether a build is fit to publish.

Great Expectations takes seconds to import: this package imports it only when a build is judged.
"""

from expectations.fallback import judge_and_fall_back
from expectations.gate import judge, make_ready

__all__ = ["judge", "judge_and_fall_back", "make_ready"]
