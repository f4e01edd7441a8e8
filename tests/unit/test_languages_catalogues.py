"""The translations: complete, up to date with the texts, and no placeholder lost on the way."""

import ast
from collections import Counter

import pytest
from babel.messages.pofile import read_po

from ingestion.languages import COMPLETE_LANGUAGES, language_for, placeholders
from ingestion.languages.catalogues import PO_FOLDER, read_catalogue, translated_languages
from ingestion.languages.extract import fresh_files
from ingestion.languages.sources import CODE_FOLDERS, texts
from ingestion.settings import PROJECT_ROOT


def messages(code):
    with (PO_FOLDER / f"{code}.po").open("rb") as stream:
        return [message for message in read_po(stream, locale=code) if message.id]


def as_tuple(text):
    return text if isinstance(text, tuple) else (text,)


def test_the_files_are_up_to_date_with_the_texts():
    """After a change of a text: `make messages`."""
    stale = [name for name, content in fresh_files().items() if (PO_FOLDER / name).read_bytes() != content]
    assert not stale


@pytest.mark.parametrize("code", translated_languages())
def test_every_translation_has_the_placeholders_of_its_text(code):
    wrong = []
    for message in messages(code):
        wanted = placeholders(as_tuple(message.id)[-1])
        wrong += [text for text in as_tuple(message.string) if text and placeholders(text) != wanted]
    assert not wrong


@pytest.mark.parametrize("code", [code for code in COMPLETE_LANGUAGES if code in translated_languages()])
def test_a_complete_language_has_every_message_and_no_doubtful_one(code):
    missing = [message.id for message in messages(code) if message.fuzzy or not all(as_tuple(message.string))]
    assert not missing


@pytest.mark.parametrize("code", translated_languages())
def test_our_reader_and_babel_s_read_the_same(code):
    ours = read_catalogue(PO_FOLDER / f"{code}.po").texts
    theirs = {
        as_tuple(message.id)[0]: as_tuple(message.string)
        for message in messages(code)
        if all(as_tuple(message.string)) and not message.fuzzy
    }
    assert ours == theirs


def test_both_numbers_of_a_text_name_the_same_things():
    """ "One row" may leave out its number; it may not name what its plural does not."""
    pairs = [text for _, text in texts() if isinstance(text, tuple)]
    assert pairs
    assert not [(one, many) for one, many in pairs if set(placeholders(one)) - set(placeholders(many))]


@pytest.mark.parametrize("code", ["en", *translated_languages()])
def test_any_message_can_be_filled_with_any_text(code):
    language, hostile = language_for(code), "{0}{found}{"
    for _, text in texts():
        values = {name: hostile for name in placeholders(as_tuple(text)[-1])}
        said = language.say_count(*text, 5, **values) if isinstance(text, tuple) else language.say(text, **values)
        assert said.count(hostile) >= len(values) - isinstance(text, tuple)


def spoken_calls():
    """Every `say("...", name=...)` and `say_count("...", "...", n, name=...)` in the code whose text stands there."""
    for folder in CODE_FOLDERS:
        for path in sorted((PROJECT_ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (name := called_name(node)) in ("say", "say_count"):
                    yield path.name, name, node


def called_name(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_placeholder_of_a_text_in_the_code_is_given_a_value():
    unfilled = Counter()
    for path, name, node in spoken_calls():
        given = {keyword.arg for keyword in node.keywords} | ({"count"} if name == "say_count" else set())
        literal = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if None not in given:
            unfilled.update((path, text) for text in literal if set(placeholders(text)) - given)
    assert not unfilled
