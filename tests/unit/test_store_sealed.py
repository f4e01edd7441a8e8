"""A seal is broken by every change of a value and by none of how it is written."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from ingestion.store.sealed import SEAL, is_intact, sealed

VALUES = st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.floats(allow_nan=False), min_size=1)


@given(VALUES)
@example({SEAL: "an earlier seal"})
def test_a_sealed_value_is_intact_after_it_was_written_and_read(value):
    written = json.dumps(sealed(value), indent=2, sort_keys=True)
    assert is_intact(json.loads(written))


@given(VALUES, st.data())
def test_a_changed_value_is_not(value, data):
    changed = sealed(value)
    key = data.draw(st.sampled_from(sorted(changed)))
    changed[key] = "other" if changed[key] != "other" else "another"
    assert not is_intact(changed)


def test_a_value_without_a_seal_is_not_intact():
    assert not is_intact({"verdict": "publish", SEAL[1:]: "x"})
