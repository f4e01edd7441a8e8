import errno
from pathlib import Path

import pytest

from ingestion.errors import UsageError, sentence_for
from ingestion.settings import load_settings
from ingestion.store.secret_texts import read_secret


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
    assert load_settings(environ={}).licence == "CC-BY-4.0"
    with pytest.raises(UsageError, match=r"PCM_LICENCE is 'free'; it must be one of CC-BY-4\.0, "):
        load_settings(environ={"PCM_LICENCE": "free"})
    with pytest.raises(UsageError, match="PCM_PUBLISHING is 'never'; it must be automatic or approval"):
        load_settings(environ={"PCM_PUBLISHING": "never"})


def test_the_ledger_is_in_a_database_that_is_known_and_its_password_is_not_repeated():
    address = "postgresql+psycopg://pcm:unspeakable@db.example/pcm"
    assert "unspeakable" not in repr(load_settings(environ={"PCM_LEDGER": address}))
    with pytest.raises(UsageError, match="PCM_LEDGER must begin with") as error:
        load_settings(environ={"PCM_LEDGER": address.replace("postgresql+psycopg", "mysql")})
    assert "unspeakable" not in str(error.value)


def test_a_secret_is_what_its_file_holds(tmp_path):
    (tmp_path / "secret").write_text("unspeakable\n")
    assert read_secret("PCM_MAIL_PASSWORD_FILE", str(tmp_path / "secret")) == "unspeakable"
    with pytest.raises(UsageError, match=r"PCM_MAIL_PASSWORD_FILE names .*none, which cannot be read: No such file"):
        read_secret("PCM_MAIL_PASSWORD_FILE", str(tmp_path / "none"))
