"""Tokens of the SQL door: shown once, kept as hashes, taken back."""

import pytest

from ingestion.doors.tokens import create_token, owner_of, revoke_token, token_file, token_names
from ingestion.errors import UsageError


def test_tokens_are_kept_as_hashes_and_can_be_taken_back(settings):
    token = create_token(settings, "Ada")
    assert owner_of(settings, token) == "Ada"
    assert [name for name, _ in token_names(settings)] == ["Ada"]
    path = token_file(settings)
    assert token not in path.read_text() and path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="has a token already"):
        create_token(settings, "Ada")
    revoke_token(settings, "Ada")
    assert owner_of(settings, token) is None
    with pytest.raises(UsageError, match="has no token"):
        revoke_token(settings, "Ada")
