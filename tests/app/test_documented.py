"""What can be typed or set is in the README, or it does not exist for the people it is for."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import arguments, database, home, settings
from app.failure import Exit
from app.settings import declared
from core.obd.gaps import GapKind
from core.obd.ports import KNOWN_USB
from core.obd.simulator import dialects, timing
from core.obd.simulator.faults import FaultKind

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text("utf-8")


def _parsers(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from _parsers(inner, (*path, name))


PARSERS = dict(_parsers(arguments.build()))


@pytest.mark.parametrize("path", [path for path in PARSERS if path], ids=" ".join)
def test_every_verb_and_option_is_in_the_readme(path: tuple[str, ...]) -> None:
    assert f"bayline {' '.join(path)}" in README
    for action in PARSERS[path]._actions:
        for option in action.option_strings:
            if option not in ("-h",):
                assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", README), f"{path}: {option}"


@pytest.mark.parametrize("path", PARSERS, ids=lambda path: " ".join(path) or "bayline")
def test_every_verb_and_option_has_words_of_help(path: tuple[str, ...]) -> None:
    for action in PARSERS[path]._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), f"{path}: {action.dest}"
    assert PARSERS[path].description


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    section = README.partition("### Settings")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (.*?) \|", section, re.MULTILINE))
    assert set(rows) == {said.key for _, said in declared()}
    for one, said in declared():
        if one.default != "":
            shown = f'"{one.default}"' if isinstance(one.default, str) else str(one.default).lower()
            assert rows[said.key] == f"`{shown}`"


def test_exit_statuses_gaps_models_chips_and_faults_are_in_the_readme() -> None:
    assert all(re.search(rf"\b{status.value}\b", README) for status in Exit if status is not Exit.READER_GONE)
    for name in (*GapKind, *timing.models(), *(one.name for one in dialects._ALL), *FaultKind):
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", README), name


@pytest.mark.parametrize("variable", [home.VARIABLE, database.VARIABLE, settings.LANGUAGE_VARIABLE])
def test_every_variable_of_the_environment_is_in_the_readme(variable: str) -> None:
    assert re.search(rf"^\| `{variable}` \|", README, re.MULTILINE)


@pytest.mark.parametrize("target", ["run", "test", "check", "bench", "simulate", "pictures", "lock"])
def test_the_makefile_has_what_is_promised(target: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert f'"make {target} ' in makefile


def test_every_known_adapter_has_a_udev_rule() -> None:
    rules = (REPOSITORY / "installer" / "udev" / "60-bayline-obd.rules").read_text("utf-8")
    ruled = {
        (int(vendor, 16), int(product, 16))
        for vendor, product in re.findall(r'idVendor}=="(\w{4})", ATTRS?{idProduct}=="(\w{4})"', rules)
    }
    assert ruled == set(KNOWN_USB)
    assert 'ATTR{latency_timer}="1"' in rules
