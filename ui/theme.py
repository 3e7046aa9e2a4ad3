"""The look in one place: named colours, type and spacing, read from ``resources/themes``.

``use`` paints the whole application; everything that draws itself asks ``color`` and ``font`` when it paints, and so
follows a change of theme without being told. What caches colours (plots) listens to ``signals.changed``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

import resources
from core.language import mark
from ui import stylesheet

NAMES: Mapping[str, str] = {"night": mark("Night"), "day": mark("Day")}
DEFAULT = "night"
FAMILY = "Inter"

SCALES: Mapping[float, str] = {0.9: mark("Smaller"), 1.0: mark("Normal"), 1.15: mark("Larger"), 1.3: mark("Largest")}

WEIGHTS: Mapping[str, QFont.Weight] = {
    "regular": QFont.Weight.Normal,
    "medium": QFont.Weight.Medium,
    "semibold": QFont.Weight.DemiBold,
    "bold": QFont.Weight.Bold,
}

target = 56  # px, the least a glove can hit (UI.md)
base = 18  # px, base text at the text size chosen by the person; ``use`` sets it
radius = 10  # px


class _Signals(QObject):
    changed = Signal()  # another theme or text size is in use


@dataclass(frozen=True, slots=True)
class Theme:
    """One table of tokens. ``colors`` maps a token to ``#rrggbb``."""

    name: str
    dark: bool
    colors: Mapping[str, str]


signals = _Signals()


@cache
def read(name: str) -> Theme:
    """The theme as it stands in ``resources/themes/NAME.toml``. Raises ``ValueError`` for an unknown one."""
    if name not in NAMES:
        raise ValueError(f"{name!r} is not one of {', '.join(NAMES)}")
    with resources.path("themes", f"{name}.toml").open("rb") as file:
        table = tomllib.load(file)
    return Theme(name, bool(table["dark"]), dict(table["colors"]))


_current: Theme = read(DEFAULT)


def use(app: QApplication, name: str, text_scale: float = 1.0) -> None:
    """Show the application in theme ``name`` ("night" or "day"), text ``text_scale`` times its normal size."""
    global _current, base  # noqa: PLW0603 - one process wears one theme
    _load_fonts()
    _current = read(name)
    base = round(18 * text_scale)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font(base))
    app.setPalette(_palette(_current))
    app.setStyleSheet(stylesheet.text(_current.colors, base=base, target=target, radius=radius))
    signals.changed.emit()


def current() -> str:
    """Name of the theme in use."""
    return _current.name


def dark() -> bool:
    """Whether the theme in use is a dark one."""
    return _current.dark


def color(token: str, alpha: float = 1.0) -> QColor:
    """The colour of a token, with ``alpha`` from 0 to 1. Raises ``KeyError`` for an unknown token."""
    found = QColor(_current.colors[token])
    found.setAlphaF(alpha)
    return found


def font(px: int, weight: str = "regular", tabular: bool = False) -> QFont:
    """Inter at ``px`` pixels; ``weight`` is a key of ``WEIGHTS``; ``tabular`` makes all digits equally wide."""
    _load_fonts()
    found = QFont(FAMILY)
    found.setPixelSize(max(1, px))
    found.setWeight(WEIGHTS[weight])
    if tabular:
        found.setFeature(QFont.Tag("tnum"), 1)
    return found


def scaled(px: float) -> int:
    """``px`` grown by the text size in use: for heights that must hold text."""
    return round(px * base / 18)


def space(n: int) -> int:
    """The spacing scale: ``n`` steps of 4 px."""
    return 4 * n


def mix(under: str, over: str, amount: float) -> QColor:
    """Token ``over`` laid on token ``under``, ``amount`` from 0 to 1, opaque."""
    a, b, rest = color(under), color(over), 1 - amount
    return QColor.fromRgbF(
        a.redF() * rest + b.redF() * amount,
        a.greenF() * rest + b.greenF() * amount,
        a.blueF() * rest + b.blueF() * amount,
    )


@cache
def _load_fonts() -> None:
    for file in sorted(resources.path("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise RuntimeError(f"the font {file.name} cannot be read")


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    table = {
        role.Window: "surface",
        role.WindowText: "text",
        role.Base: "surface_sunken",
        role.AlternateBase: "surface_raised",
        role.Text: "text",
        role.PlaceholderText: "text_muted",
        role.Button: "surface_raised",
        role.ButtonText: "text",
        role.BrightText: "text",
        role.ToolTipBase: "surface_raised",
        role.ToolTipText: "text",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Light: "line",
        role.Midlight: "line",
        role.Mid: "line",
        role.Dark: "line",
        role.Shadow: "surface_sunken",
    }
    palette = QPalette()
    for each, token in table.items():
        palette.setColor(each, QColor(theme.colors[token]))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.colors["stale"]))
    return palette
