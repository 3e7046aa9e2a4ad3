"""Brings the catalogues in step with the code: ``python -m tests.collect_translations``. New strings in, old ones out.

A catalogue names files but no lines, no dates and no people, and its order is that of the files and then of the
alphabet: it changes only where words do, and two people who add strings rarely meet in a merge.
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import resources
from core.language import AVAILABLE
from core.obd.signals import SIGNALS, titles

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("app", "core", "ui", "server")
Text = str | tuple[str, str]  # an entry's English; two of them: singular and plural
LANGUAGES = tuple(language for language in AVAILABLE if language != "en")

_HEADER = """\
# {name} for Bayline. `python -m tests.collect_translations` keeps the entries in step with the code;
# tests/test_translations.py says which are missing.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of the rooms (all by default), as its path in the repository and its syntax tree."""
    for room in rooms or ROOMS:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            yield path.relative_to(REPOSITORY).as_posix(), _parsed(path)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def called(node: ast.AST) -> str:
    """The bare name of what a call calls: ``tr`` for ``tr(...)`` and ``language.tr(...)``; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def literal(node: ast.expr) -> str | None:
    """The text of a string that stands in the code as such, in one piece or several; None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """The strings of one side of an entry: one, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def collect() -> Mapping[Text, tuple[str, ...]]:
    """Every translatable English string with the files it comes from, in the order of the catalogue."""
    found: dict[Text, set[str]] = {}
    for file, tree in sources():
        for node in ast.walk(tree):
            text = _text_of(node)
            if text:
                found.setdefault(text, set()).add(file)
    for text, file in _of_the_tables():
        found.setdefault(text, set()).add(file)
    with_files = ((text, tuple(sorted(files))) for text, files in found.items())
    return dict(sorted(with_files, key=lambda item: (item[1][0], forms(item[0]))))


def _text_of(node: ast.AST) -> Text | None:
    if not isinstance(node, ast.Call) or not node.args:
        return None
    if called(node) in ("tr", "mark"):
        return literal(node.args[0])
    if called(node) == "trn" and len(node.args) > 1:
        singular, plural = literal(node.args[0]), literal(node.args[1])
        return (singular, plural) if singular and plural else None
    return None


def _of_the_tables() -> Iterator[tuple[str, str]]:
    named = {
        signal.title: "resources/signals/mode01.csv" if signal.pid is not None else "resources/signals/derived.csv"
        for signal in SIGNALS.values()
    }
    for text in titles():
        yield text, named.get(text, "resources/signals/states.toml")


def catalogue_file(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return resources.path("translations", f"{language}.po")


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none yet."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(language: str, strings: Mapping[Text, tuple[str, ...]], known: Catalog) -> str:
    """The text of a catalogue that holds exactly ``strings``, with what ``known`` says of them and notes on it."""
    catalogue = Catalog(locale=language)
    for text, files in strings.items():
        before = known.get(text)
        if before is not None and before.id != text:  # it has got a plural, or another one
            before = None
        catalogue.add(
            text,
            before.string if before is not None and not before.fuzzy else "",
            locations=[(file, 0) for file in files],
            user_comments=before.user_comments if before is not None else (),
        )
    body = io.BytesIO()
    write_po(body, catalogue, width=118, omit_header=True, include_lineno=False)
    header = _HEADER.format(name=Locale.parse(language).english_name, language=language)
    return header + body.getvalue().decode("utf-8").strip() + "\n"


def is_whole(message: Message | None) -> bool:
    """Whether an entry has its translation, all forms of it."""
    return message is not None and bool(message.string) and all(forms(message.string or ""))


def main() -> int:
    strings = collect()
    for language in LANGUAGES:
        known = read(language)
        path = catalogue_file(language)
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(language, strings, known), "utf-8", newline="\n")
        before = {message.id for message in known if message.id}
        now = read(language)
        empty = [text for text in strings if not is_whole(now.get(text))]
        print(f"{path.name}: {len(strings)} strings, {len(strings.keys() - before)} new, ", end="")
        print(f"{len(before - strings.keys())} dropped, {len(empty)} without {AVAILABLE[language]}")
        for text in empty:
            print(f"  {strings[text][0]}: {' / '.join(forms(text))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
