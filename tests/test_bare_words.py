"""No words go round the catalogue: not bare on the screen, not in the page's scripts, not in a table unmarked."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

import resources
from tests.collect_translations import called, literal, sources

# `tr(...)` with something else than a literal: the collector cannot see those words, so they must be marked where they
# stand. Tables in capitals are found and looked at by themselves (`tr(WORDS[kind])`, `for kind, words in
# WORDS.items()`); these are the other places words come from.
MARKED_ATTRIBUTES = {
    "title": "signals.titles(), and the pages of ui/pages/registry.py",
    "states": "resources/signals/states.toml, signals.titles()",
    "use": "ui/licences.py",
    "words": "core/csv_files/kinds.py, and REQUIREMENTS of core/workshop/moving.py",
    "meaning": "app/settings.py",
    "MEANING": "each command in app/commands",
}
MARKED_NAMES = {
    (
        "core/records/errors.py",
        "words or self.words",
    ): "the classes below it, and who raises them with words of their own",
    ("ui/field_words.py", "known[one]"): "ui/field_words_choices.py, the tables of the rooms",
    ("ui/finding.py", "title"): "ui/theme.py, NAMES",
    ("app/commands/import_csv.py", "DAY_ORDERS[DayOrder(found['day_order'])]"): "core/csv_files/cells.py, DAY_ORDERS",
    ("core/csv_files/planning.py", "each"): "core/csv_files/kinds.py, the columns of each kind",
    ("ui/pages/vehicles_filter.py", "said"): "ui/vehicle_words.py and core/vehicles/models.py, the tables offered",
    ("ui/pages/vehicles_form.py", "said"): "ui/vehicle_words.py and core/vehicles/models.py, the tables offered",
    ("ui/vehicle_words.py", "table[word]"): "ui/vehicle_words.py and core/vehicles/models.py",
    ("ui/widgets/connection_panel.py", "ecu.name"): "nothing yet: no link names a control unit",
}


LETTERS = re.compile(r"[A-Za-z]{2}")


def listed(lines: list[str]) -> str:
    return "\n  ".join(["", *lines])


SAYS = re.compile(
    r"""(?:(?:textContent|innerText|placeholder|title|ariaLabel)\s*=(?!=)|setAttribute\("(?:aria-label|title|alt)",)"""
    r"""(?P<what>.*)"""
)
SAID_BY_THE_TABLE = re.compile(r"""\bt\("[^"]*"|===?\s*"[^"]*"|byId\("[^"]*"\)""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'|`[^`]*`""")


def is_bare(line: str) -> bool:
    """Whether a line of a script puts words of its own on the page."""
    said = SAYS.search(line)
    texts = QUOTED.findall(SAID_BY_THE_TABLE.sub("", said["what"])) if said else []
    return any(LETTERS.search(re.sub(r"\$\{[^}]*\}", "", text).replace("Bayline", "")) for text in texts)


def test_the_lint_of_scripts_sees_what_is_bare() -> None:
    assert is_bare('strong.textContent = "Connected";')
    assert is_bare('document.title = connected ? `${name}` : "Nothing";')
    assert is_bare('button.setAttribute("aria-label", "Close");')
    assert not is_bare('strong.textContent = t("Connected");')
    assert not is_bare('small.textContent = state === "active" ? "" : words;')


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
        if LETTERS.search(NO_WORDS.sub("", text))
    ]
    assert not bare, f'a person reads these; write tr("…"):{listed(bare)}'


def test_words_that_are_translated_later_are_marked_where_they_stand() -> None:
    unknown, unmarked = [], []
    for file, tree in sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called(node) not in ("tr", "trn", "mark") or not node.args:
                continue
            if called(node) == "trn":  # no table holds singulars and plurals
                unknown += [f"{file}, line {node.lineno}: trn(…)" for words in node.args[:2] if not literal(words)]
                continue
            words = node.args[0]
            if literal(words) is not None or (file, ast.unparse(words)) in MARKED_NAMES:
                continue
            where = f"{file}, line {node.lineno}: {called(node)}({ast.unparse(words)})"
            tables = list(_tables_behind(file, tree, words))
            unmarked += [f"{where}: {place} has {bare} bare" for place, table in tables if (bare := _unmarked(table))]
            if not tables and not _is_marked_elsewhere(tree, words):
                unknown.append(where)
    assert not unmarked, f'write mark("…") around them in the table:{listed(unmarked)}'
    assert not unknown, (
        "the collector cannot see these words. Write a literal, or mark() them where they stand and say in "
        f"MARKED_NAMES ({__name__.replace('.', '/')}.py) where that is:{listed(unknown)}"
    )


def test_the_lint_of_tables_sees_what_is_bare() -> None:
    table = ast.parse('{"key": mark("Marked"), "other": "Bare"}', mode="eval").body
    assert _unmarked(table) == ["Bare"]
    assert not _unmarked(ast.parse('{1: (mark("One"), mark("Two"))}', mode="eval").body)


def _expressions(tree: ast.Module, words: ast.expr) -> Iterator[ast.expr]:
    """The expression itself, and for a name whatever the file binds to it by ``=``, ``:=`` or ``for``."""
    yield words
    if not isinstance(words, ast.Name):
        return
    for node in ast.walk(tree):
        bound = None
        if isinstance(node, ast.For | ast.comprehension):
            bound, value = node.target, node.iter
        elif isinstance(node, ast.Assign):
            bound, value = node.targets[0], node.value
        elif isinstance(node, ast.NamedExpr):
            bound, value = node.target, node.value
        if bound is not None and any(isinstance(part, ast.Name) and part.id == words.id for part in ast.walk(bound)):
            yield value
            if isinstance(value, ast.Name) and value.id != words.id:
                yield from _expressions(tree, value)


def _tables_behind(file: str, tree: ast.Module, words: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """File and value of each table in capitals that the words come out of."""
    for expression in _expressions(tree, words):
        for part in ast.walk(expression):
            if isinstance(part, ast.Name | ast.Attribute):
                place = _origin(file, ast.unparse(part))
                if place in _tables():
                    yield place[0], _tables()[place]


def _is_marked_elsewhere(tree: ast.Module, words: ast.expr) -> bool:
    return any(
        called(part) == "mark" or (isinstance(part, ast.Attribute) and part.attr in MARKED_ATTRIBUTES)
        for expression in _expressions(tree, words)
        for part in ast.walk(expression)
    )


@cache
def _tables() -> Mapping[tuple[str, str], ast.expr]:
    """What stands in capitals at the top of a file and holds texts, by file and name."""
    return {
        (file, name): value
        for file, tree in sources()
        for name, value in _assigned(tree)
        if name.isupper() and any(literal(part) for part in ast.walk(value) if isinstance(part, ast.expr))
    }


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _origin(file: str, name: str) -> tuple[str, str]:
    """File and name of the assignment behind a name, however many modules hand it on."""
    while name in _imported().get(file, {}):
        file, name = _imported()[file][name]
    return file, name


@cache
def _imported() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """By file, where names come from: ``{"GAP_WORDS": ("core/obd/gaps.py", "WORDS"), "theme.NAMES": ...}``."""
    trees = dict(sources())
    return {file: _imports(tree, trees) for file, tree in trees.items()}


def _imports(tree: ast.Module, trees: Mapping[str, ast.Module]) -> Mapping[str, tuple[str, str]]:
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            folder = node.module.replace(".", "/")
            for alias in node.names:
                here = alias.asname or alias.name
                found[here] = (f"{folder}.py", alias.name)
                if (module := f"{folder}/{alias.name}.py") in trees:
                    found |= {f"{here}.{name}": (module, name) for name, _ in _assigned(trees[module])}
    return found


def _unmarked(table: ast.expr) -> list[str]:
    """The strings of a table that stand there as words, keys apart, and are not in ``mark()``."""
    marked = {id(part) for node in ast.walk(table) if called(node) == "mark" for part in ast.walk(node)}
    keys = {id(key) for node in ast.walk(table) if isinstance(node, ast.Dict) for key in node.keys}
    return [
        text
        for node in ast.walk(table)
        if isinstance(node, ast.Constant)
        and (text := literal(node))
        and LETTERS.search(text)
        and id(node) not in marked | keys
    ]
