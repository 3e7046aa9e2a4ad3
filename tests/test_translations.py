"""Every string a person sees has its German, whole and with the same fields, and the catalogue holds nothing else."""

import io
import re
from collections.abc import Iterator, Mapping
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from core import language
from core.obd.signals import SIGNALS
from server.page_words import WORDS
from tests.collect_translations import LANGUAGES, Text, catalogue_file, collect, forms, is_whole, read, written

COMMAND = "Run `python -m tests.collect_translations`, then fill in what it lists in resources/translations"

# Words that are the same in both languages. What is equal but for these was copied, not translated.
SAME = re.compile(
    r"\b(Adapter|ADAPTER|Alarm|Barcode|Baud|Bus|IMPORT|[Bb]ayline|Bank|CODE|Code|Diesel|Esc|Ethanol|Form|Hybrid|Imperial|[Ll]ive"
    r"|Methanol|NAME|Name|Normal|Offline|Pause|Port|Position|Status|TOKEN|Tab|Terminal|Test|Text|Token|abc"
    r"|[EIJK]?OBD|OBDBr|CARB|II?|P7|PIDs?|PINs?|DIR|CSV|ASC|BLF|TOML|kB|kbit|kg|km|l|m|min|max|Hz|h|s|[A-Z])\b|\{.*?\}"
)


@pytest.fixture(scope="module")
def strings() -> Mapping[Text, tuple[str, ...]]:
    return collect()


@pytest.fixture(scope="module", params=LANGUAGES)
def tongue(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(tongue: str) -> Catalog:
    return read(tongue)


def entries(catalogue: Catalog) -> Iterator[tuple[str, str, Message]]:
    """English, translation and entry of everything that has a translation; singular and plural one by one."""
    for message in catalogue:
        if message.id and is_whole(message):
            for english, translated in zip(forms(message.id), forms(message.string or ""), strict=True):
                yield english, translated, message


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def listed(lines: list[str]) -> str:
    return "\n  ".join(["", *lines])


def test_the_collector_sees_calls_tables_and_strings_in_pieces(strings: Mapping[Text, tuple[str, ...]]) -> None:
    assert "core/obd/words.py" in strings["Switch the ignition on."]
    assert strings["Coolant temperature"] == ("resources/signals/mode01.csv",)
    assert "resources/signals/states.toml" in strings["Closed loop"]
    pieces = [text for text in strings if isinstance(text, str) and text.startswith("Bayline is free software")]
    assert any(text.endswith("LICENSE.") for text in pieces)


def test_every_string_is_translated(tongue: str, catalogue: Catalog, strings: Mapping[Text, tuple[str, ...]]) -> None:
    there = {english for english, _, _ in entries(catalogue)}
    missing = [f"{files[0]}: {text!r}" for text, files in strings.items() if not there.issuperset(forms(text))]
    assert not missing, f"{len(missing)} strings have no {language.AVAILABLE[tongue]}. {COMMAND}:{listed(missing)}"


def test_nothing_in_the_catalogue_is_left_over(catalogue: Catalog, strings: Mapping[Text, tuple[str, ...]]) -> None:
    unused = [str(message.id) for message in catalogue if message.id and message.id not in strings]
    unused += [str(text) for text in catalogue.obsolete]
    assert not unused, f"{len(unused)} entries are no longer used in the code. {COMMAND}:{listed(unused)}"


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    fuzzy = [english for english, _, message in entries(catalogue) if message.fuzzy]
    assert not fuzzy, f"read these again and take their “fuzzy” away:{listed(fuzzy)}"


def test_a_translation_has_the_fields_of_the_english(catalogue: Catalog) -> None:
    wrong = []
    for english, translated, _ in entries(catalogue):
        try:
            ours, theirs = fields(translated), fields(english)
        except ValueError as error:  # a lone brace
            wrong.append(f"{english!r}: {error}")
            continue
        if ours != theirs:
            wrong.append(f"{english!r}: {sorted(theirs)} became {sorted(ours)}")
    assert not wrong, f"tr() would fail or leave something out:{listed(wrong)}"


DATE_FORMS = {"ddd d MMM"}  # for QLocale: each language has its own order and its own stops


def test_a_translation_begins_and_ends_as_the_english_does(catalogue: Catalog) -> None:
    ends = re.compile(r"(\.|…|:|\?|!|,)?$")
    wrong = [
        f"{english!r} became {translated!r}"
        for english, translated, _ in entries(catalogue)
        if english not in DATE_FORMS
        if ends.search(english)[0] != ends.search(translated)[0]  # type: ignore[index]  # it matches at least nothing
        or translated.strip() != translated
    ]
    assert not wrong, f"a full stop, colon or ellipsis says what kind of text it is:{listed(wrong)}"


def test_german_quotes_are_german() -> None:
    wrong = [
        translated
        for _, translated, _ in entries(read("de"))
        if "”" in translated or translated.count("„") != translated.count("“") or "’" in translated
    ]
    assert not wrong, f"German quotes are „so“:{listed(wrong)}"


def test_nothing_was_copied_instead_of_translated(catalogue: Catalog) -> None:
    copied = [
        english
        for english, translated, _ in entries(catalogue)
        if english == translated and re.search(r"[A-Za-z]", SAME.sub("", english))
    ]
    assert not copied, f"these are English still (or add the word to SAME):{listed(copied)}"


def test_updating_the_catalogue_again_changes_nothing(
    tongue: str, catalogue: Catalog, strings: Mapping[Text, tuple[str, ...]]
) -> None:
    once = written(tongue, strings, catalogue)
    assert once == written(tongue, strings, read_po(io.BytesIO(once.encode("utf-8")), locale=tongue))


def test_the_catalogue_names_no_lines_no_dates_and_no_people(tongue: str) -> None:
    text = catalogue_file(tongue).read_text("utf-8")
    assert not re.search(r"^#:.*:\d+", text, re.MULTILINE), "line numbers change with every edit"
    for header in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "FIRST AUTHOR"):
        assert header not in text


def test_what_was_translated_survives_an_update_and_what_is_gone_goes() -> None:
    known = Catalog(locale="de")
    known.add("Switch the ignition on.", "Zündung einschalten.", user_comments=["Klemme 15"])
    known.add("Turn the crank.", "Die Kurbel drehen.")
    text = written("de", {"Switch the ignition on.": ("core/obd/words.py",), "New": ("ui/shell.py",)}, known)
    assert "# Klemme 15" in text
    assert 'msgstr "Zündung einschalten."' in text
    assert 'msgid "New"\nmsgstr ""' in text
    assert "crank" not in text


def test_a_string_with_a_plural_is_one_entry_and_loses_its_translation_when_its_english_changes(
    strings: Mapping[Text, tuple[str, ...]],
) -> None:
    assert ("{n} row", "{n} rows") in strings
    known = Catalog(locale="de")
    known.add(("{n} row", "{n} rows"), ("{n} Zeile", "{n} Zeilen"))
    kept = written("de", {("{n} row", "{n} rows"): ("ui/shell.py",)}, known)
    assert 'msgid_plural "{n} rows"\nmsgstr[0] "{n} Zeile"\nmsgstr[1] "{n} Zeilen"' in kept
    assert "Zeile" not in written("de", {"{n} row": ("ui/shell.py",)}, known)


def test_the_phone_page_is_german_for_a_german_phone(strings: Mapping[Text, tuple[str, ...]]) -> None:
    assert set(WORDS) <= set(strings)
    with language.speaking("de"):
        assert language.tr("Trying again in {n} s.") == "Neuer Versuch in {n} s."
        assert language.tr(SIGNALS["coolant_temperature"].title) == "Kühlmitteltemperatur"
