"""Both themes can be read by everyone, and no colour is named anywhere but in their tables."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication

from ui import theme

UI = Path(__file__).resolve().parents[2] / "ui"
SURFACES = ("surface", "surface_raised", "surface_sunken")
TINTED = ("accent_surface", "warning_surface", "critical_surface", "info_surface", "ok_surface")
STATES = ("ok", "warning", "critical", "info", "stale")
MARKS = ("needle", "cursor", "accent", *(f"trace_{n}" for n in range(1, 9)))
COLOUR_LITERAL = re.compile(
    r"""["'][^"'\n]*\#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|(?<!\.)\brgba?\(\s*\d|GlobalColor\.(?!transparent)|QColor\(\s*["'0-9]"""
)


def _luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", theme.NAMES)
def test_all_text_has_seven_to_one(name: str) -> None:
    colors = theme.read(name).colors
    pairs = [(text, on) for text in ("text", "text_muted") for on in (*SURFACES, "surface_pressed", *TINTED)]
    pairs.append(("on_accent", "accent"))
    assert [(text, on) for text, on in pairs if contrast(colors[text], colors[on]) < 7] == []


@pytest.mark.parametrize("name", theme.NAMES)
def test_every_state_and_trace_stands_out(name: str) -> None:
    colors = theme.read(name).colors
    pairs = [(mark, on) for mark in (*STATES, *MARKS) for on in SURFACES]
    pairs += [(state, f"{state}_surface") for state in STATES if f"{state}_surface" in colors]
    weak = [(mark, on) for mark, on in pairs if contrast(colors[mark], colors[on]) < 4.5]
    weak += [(mark, on) for mark in ("outline", "focus") for on in SURFACES if contrast(colors[mark], colors[on]) < 3]
    assert weak == []


def test_both_themes_name_the_same_tokens() -> None:
    first, *others = (theme.read(name).colors.keys() for name in theme.NAMES)
    assert all(other == first for other in others)


def test_no_colour_is_written_outside_the_theme_tables() -> None:
    found = [
        f"{file.relative_to(UI.parent)}:{number}: {line.strip()}"
        for file in sorted(UI.rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if COLOUR_LITERAL.search(line.split("# ")[0])
    ]
    assert found == [], "take the colour from ui.theme.color(token) instead"


@pytest.mark.parametrize(
    "line", ['QColor("#fff")', "'color: #a0b1c2'", "rgb(1, 2, 3)", "Qt.GlobalColor.red", "QColor(3, 4, 5)"]
)
def test_the_search_for_colours_finds_them(line: str) -> None:
    assert COLOUR_LITERAL.search(line)


def test_use_dresses_the_application_and_tells(qapp: QApplication) -> None:
    told: list[str] = []
    remember = lambda: told.append(theme.current())  # noqa: E731
    theme.signals.changed.connect(remember)
    for name in ("day", "night"):
        theme.use(qapp, name)
        assert qapp.palette().window().color() == theme.color("surface")
    theme.signals.changed.disconnect(remember)
    assert told == ["day", "night"]


def test_a_larger_text_size_grows_the_base(qapp: QApplication) -> None:
    theme.use(qapp, "night", 1.3)
    assert (theme.base, theme.scaled(100)) == (23, 128)
    theme.use(qapp, "night")
    assert theme.base == 18


def test_unknown_theme_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="dusk"):
        theme.use(qapp, "dusk")


@pytest.mark.parametrize("weight", theme.WEIGHTS)
def test_changing_numbers_do_not_jump(qapp: QApplication, weight: str) -> None:
    font = theme.font(48, weight, tabular=True)
    metrics = QFontMetricsF(font)
    assert QFontInfo(font).family() == "Inter"
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1
