import errno
from pathlib import Path

import pytest

from ingestion.errors import UsageError, sentence_for
from ingestion.settings import load_settings


def test_environment_sets_values_of_the_right_kind(tmp_path):
    settings = load_settings(environ={"PCM_HOME": str(tmp_path), "PCM_SITE_PORT": "9000", "PATH": "x"})
    assert (settings.home, settings.site_port) == (tmp_path, 9000)


def test_command_line_wins_over_environment(tmp_path):
    assert load_settings(home=tmp_path, environ={"PCM_HOME": "/elsewhere"}).home == tmp_path


def test_home_is_absolute():
    assert load_settings(home="somewhere", environ={}).home == Path.cwd() / "somewhere"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PCM_HOEM", "x", "PCM_HOEM is not a setting of the observatory. Did you mean PCM_HOME?"),
        ("PCM_SITE_PORT", "many", "PCM_SITE_PORT is 'many'; it must be a number, for example PCM_SITE_PORT=8090."),
    ],
)
def test_wrong_setting_is_one_clear_sentence(name, value, sentence):
    with pytest.raises(UsageError) as error:
        load_settings(environ={name: value})
    assert str(error.value) == sentence


def test_a_full_disk_is_told_in_the_words_of_any_library():
    sentence = sentence_for(RuntimeError('IO Error: Could not write file "x": No space left on device'))
    assert sentence.startswith("The disk is full (while writing).")


def test_full_disk_is_one_clear_sentence():
    sentence = sentence_for(OSError(errno.ENOSPC, "No space left on device", "received/x"))
    assert sentence.startswith("The disk is full (received/x). Nothing that was received is lost.")


def test_a_policy_of_publishing_that_does_not_exist_is_refused():
    assert load_settings(environ={"PCM_PUBLISHING": "approval"}).publishing == "approval"
    with pytest.raises(UsageError, match="PCM_PUBLISHING is 'never'; it must be automatic or approval"):
        load_settings(environ={"PCM_PUBLISHING": "never"})
