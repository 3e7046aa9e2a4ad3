"""Every string a person sees has its German, whole and with the same fields; and no string goes round the catalogue."""

import ast
import io
import re
from collections.abc import Iterator, Mapping
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import resources
from core import language
from core.obd.signals import SIGNALS
from server.page_words import WORDS
from tests.collect_translations import LANGUAGES, called, catalogue_file, collect, literal, read, sources, written

COMMAND = "Run `python -m tests.collect_translations`, then fill in what it lists in resources/translations"

# `tr(...)` with something else than a literal: the collector cannot see the words, so they must be marked where they
# stand. A table in capitals (`tr(WORDS[kind])`) is looked up and checked by itself; these are the other ways.
MARKED_ATTRIBUTES = {
    "title": "signals.titles(), and the pages of ui/pages/registry.py",
    "use": "ui/licences.py",
    "NOTICE": "ui/licences.py",
    "meaning": "app/settings.py",
    "MEANING": "each command in app/commands",
}
MARKED_NAMES = {
    ("app/watch_report.py", "state"): "core/obd/words.py, HEADLINES",
    ("core/obd/ports.py", "words"): "the table in the same function",
    ("core/obd/words.py", "sentence"): "_TROUBLES in the same file",
    ("core/obd/words.py", "step"): "_TROUBLES in the same file",
    ("server/notices.py", "meaning"): "resources/signals/states.toml, signals.titles()",
    ("server/page.py", "text"): "server/page_words.py",
    ("ui/finding.py", "title"): "ui/theme.py, NAMES",
    ("ui/pages/live_properties.py", "name"): "ui/widgets/gauge_model.py, DRESS_WORDS",
    ("ui/pages/settings_screen.py", "title"): "ui/theme.py and UNITS in the same file",
    ("ui/widgets/connection_panel.py", "ecu.name"): "nothing yet: no link names a control unit",
    ("ui/widgets/gauge_model.py", "words"): "resources/signals/states.toml, signals.titles()",
    ("ui/widgets/gauge_model.py", "words_"): "resources/signals/states.toml, signals.titles()",
    ("ui/widgets/playback_bar.py", "text"): "the table in the same file",
    ("ui/widgets/recordings_export.py", "title"): "the table in the same file",
    ("ui/widgets/trend_toolbar.py", "words"): "ui/widgets/trend_window.py, LENGTHS",
}

# Words that are the same in both languages. What is equal but for these was copied, not translated.
SAME = re.compile(
    r"\b(Adapter|ADAPTER|Alarm|Baud|[Bb]ayline|Bank|Code|Diesel|Esc|Ethanol|Form|Imperial|[Ll]ive"
    r"|Methanol|Normal|Pause|Port|Tab|abc"
    r"|[EIJK]?OBD|OBDBr|CARB|II?|P7|PIDs?|PINs?|DIR|CSV|ASC|BLF|TOML|kbit|min|max|Hz|h|s|[A-Z])\b|\{.*?\}"
)


@pytest.fixture(scope="module")
def strings() -> Mapping[str, tuple[str, ...]]:
    return collect()


@pytest.fixture(scope="module", params=LANGUAGES)
def tongue(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(tongue: str) -> Catalog:
    return read(tongue)


def entries(catalogue: Catalog) -> Iterator[tuple[str, str, Message]]:
    """English, translation and entry of everything that has a translation."""
    for message in catalogue:
        if message.id and message.string:
            yield str(message.id), str(message.string), message


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def listed(lines: list[str]) -> str:
    return "\n  ".join(["", *lines])


def test_the_collector_sees_calls_tables_and_strings_in_pieces(strings: Mapping[str, tuple[str, ...]]) -> None:
    assert "core/obd/words.py" in strings["Switch the ignition on."]
    assert strings["Coolant temperature"] == ("resources/signals/mode01.csv",)
    assert "resources/signals/states.toml" in strings["Closed loop"]
    assert any(text.startswith("Bayline is free software") and text.endswith("LICENSE.") for text in strings)


def test_every_string_is_translated(tongue: str, catalogue: Catalog, strings: Mapping[str, tuple[str, ...]]) -> None:
    there = {english for english, _, _ in entries(catalogue)}
    missing = [f"{files[0]}: {text!r}" for text, files in strings.items() if text not in there]
    assert not missing, f"{len(missing)} strings have no {language.AVAILABLE[tongue]}. {COMMAND}:{listed(missing)}"


def test_nothing_in_the_catalogue_is_left_over(catalogue: Catalog, strings: Mapping[str, tuple[str, ...]]) -> None:
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
    tongue: str, catalogue: Catalog, strings: Mapping[str, tuple[str, ...]]
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


def test_the_phone_page_is_german_for_a_german_phone(strings: Mapping[str, tuple[str, ...]]) -> None:
    assert set(WORDS) <= set(strings)
    with language.speaking("de"):
        assert language.tr("Trying again in {n} s.") == "Neuer Versuch in {n} s."
        assert language.tr(SIGNALS["coolant_temperature"].title) == "Kühlmitteltemperatur"


BARE_IN_SCRIPT = re.compile(r"""(?:textContent|placeholder|title|innerText|ariaLabel)\s*=\s*["'`][^"'`$]*[A-Za-z]{2}""")


def test_the_page_holds_no_words_of_its_own() -> None:
    markup = resources.path("web", "page", "index.html").read_text("utf-8")
    body = re.sub(r"<noscript>.*?</noscript>", "", markup[markup.index("<body>") :], flags=re.DOTALL)
    assert re.findall(r">\s*([^<>\s][^<>]*)<", body) == [], "use data-t: the script fills it in"
    assert re.findall(r'\b(?:title|placeholder|alt|aria-label)="[^"]*[A-Za-z]{2}', body) == []
    bare = []
    for script in sorted(resources.path("web", "page").glob("*.js")):
        for number, line in enumerate(script.read_text("utf-8").splitlines(), 1):
            if re.search(
                r"""(?:textContent|placeholder|title|innerText|ariaLabel)\s*=\s*["'`][^"'`$]*[A-Za-z]{2}""", line
            ):
                bare.append(f"{script.name}, line {number}: {line.strip()}")
    assert not bare, f'put the words through t("…") and into server/page_words.py:{listed(bare)}'


# What a call shows to a person: the place of the text among its arguments; None for any of them.
SHOWING: Mapping[str, int | None] = {
    **dict.fromkeys(
        ("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setTitle",
         "setWindowTitle", "setStatusTip", "setWhatsThis", "setInformativeText", "addItem", "QLabel", "QPushButton",
         "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "label", "Button", "ElidedLabel", "_Section", "Key",
         "StatusChip", "show_words", "SettingsCard", "Switch"), 0,
    ),
    **dict.fromkeys(("IconButton", "RailButton"), 1),
    **dict.fromkeys(("addAction", "addTab", "QAction", "drawText", "QMessageBox"), None),
}  # fmt: skip
NO_WORDS = re.compile(r"GPL-3\.0-or-later|serial:///dev/ttyUSB0|Bayline")


def shown_texts(call: ast.Call) -> Iterator[str]:
    place = SHOWING[called(call)]
    for argument in call.args if place is None else call.args[place : place + 1]:
        for part in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
            if isinstance(part, ast.JoinedStr):
                yield " ".join(piece for value in part.values if (piece := literal(value)))
            else:
                yield literal(part) or ""


def test_the_screen_shows_no_bare_english() -> None:
    bare = [
        f"{file}, line {node.lineno}: {called(node)}(… {text!r} …)"
        for file, tree in sources("ui")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in SHOWING
        for text in shown_texts(node)
        if re.search(r"[A-Za-z]{2}", NO_WORDS.sub("", text))
    ]
    assert not bare, f'a person reads these; write tr("…"):{listed(bare)}'


def test_words_that_are_translated_later_are_marked_where_they_stand() -> None:
    tables = {(file, name): value for file, tree in sources() for name, value in _assigned(tree)}
    imported = {file: _imported(tree) for file, tree in sources()}
    unknown, unmarked = [], []
    for file, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called(node) not in ("tr", "mark") or not node.args:
                continue
            words = node.args[0]
            if literal(words) is not None:
                continue
            where = f"{file}, line {node.lineno}: {called(node)}({ast.unparse(words)})"
            table = _table(words)
            if table is not None and called(node) == "tr":
                place = _origin(imported, file, table)
                if place not in tables:
                    unknown.append(where)
                elif bare := sorted(_unmarked(tables[place])):
                    unmarked.append(f"{where}: {place[0]} does not mark {bare}")
            elif isinstance(words, ast.Attribute) and words.attr in MARKED_ATTRIBUTES:
                continue
            elif (file, ast.unparse(words)) not in MARKED_NAMES:
                unknown.append(where)
    assert not unmarked, f'write mark("…") around them in the table:{listed(unmarked)}'
    assert not unknown, (
        "the collector cannot see these words. Write a literal, or mark() them where they stand and say in "
        f"MARKED_NAMES (tests/test_translations.py) where that is:{listed(unknown)}"
    )


def _table(words: ast.expr) -> str | None:
    """``NAMES`` in ``NAMES[key]`` and ``theme.NAMES[key]``; None for anything else."""
    if not isinstance(words, ast.Subscript):
        return None
    name = ast.unparse(words.value)
    return name if name.rpartition(".")[2].isupper() else None


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _origin(imported: Mapping[str, Mapping[str, tuple[str, str]]], file: str, name: str) -> tuple[str, str]:
    """File and name of the assignment behind a name, however many modules hand it on."""
    while name in imported.get(file, {}):
        file, name = imported[file][name]
    return file, name


def _imported(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """Where the names come from: ``{"GAP_WORDS": ("core/obd/gaps.py", "WORDS")}``, ``{"theme.NAMES": ...}``."""
    found = {}
    files = {file for file, _ in sources()}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            folder = node.module.replace(".", "/")
            for alias in node.names:
                here = alias.asname or alias.name
                found[here] = (f"{folder}.py", alias.name)
                module = f"{folder}/{alias.name}.py"
                if module in files:
                    found |= {f"{here}.{name}": (module, name) for name, _ in _assigned(dict(sources())[module])}
    return found


def _unmarked(table: ast.expr) -> set[str]:
    """The strings of a table that stand there as words, keys apart, and are not in ``mark()``."""
    marked = {id(part) for node in ast.walk(table) if called(node) == "mark" for part in ast.walk(node)}
    keys = {id(key) for node in ast.walk(table) if isinstance(node, ast.Dict) for key in node.keys}
    return {
        text
        for node in ast.walk(table)
        if isinstance(node, ast.Constant) and (text := literal(node)) and id(node) not in marked | keys
    }
