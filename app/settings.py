"""The terminal's settings: each declared once, with type, default and description; kept as TOML in the data folder.

Only what differs from its default is written. A value that cannot be used is told and left at its default; a file
that is no TOML is kept under another name. Settings this version does not know stay in the file: a newer one wrote
them, and this terminal may be updated again tomorrow.
"""

import os
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

import tomli_w

from core import language
from core.diagnostics.files import read_whole, set_aside, write_whole
from core.language import mark, tr

FILE = "settings.toml"
LANGUAGE_VARIABLE = "BAYLINE_LANGUAGE"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a setting is: ``key`` is ``table.name`` in the file."""

    key: str
    meaning: str  # marked for translation
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    longest: int = 500  # characters of a text


def _setting(default: Any, key: str, meaning: str, **limits: Any) -> Any:
    return field(default=default, metadata={"declared": Declared(key, meaning, **limits)})


@dataclass(slots=True)
class Settings:
    """One attribute a setting. Those that ``ui.context.Preferences`` has too carry the same name there."""

    terminal_name: str = _setting(
        "", "terminal.name", mark("This terminal's name on screens and in the network; empty: the computer's name."),
        longest=60,
    )  # fmt: skip
    language: str = _setting(
        "", "terminal.language", mark("Language: en, de; empty: the system's."), choices=("", *language.AVAILABLE)
    )
    units: str = _setting(
        "metric", "terminal.units", mark("Units: metric or imperial."), choices=("metric", "imperial")
    )
    theme: str = _setting("night", "screen.theme", mark("Look: night or day."), choices=("night", "day"))
    text_scale: float = _setting(
        1.0, "screen.text_scale", mark("Size of the text: 0.9, 1.0, 1.15 or 1.3."), choices=(0.9, 1.0, 1.15, 1.3)
    )
    touch: bool = _setting(False, "screen.touch", mark("Show the on-screen keyboard for text outside kiosk mode too."))
    alarm_sound: bool = _setting(False, "screen.alarm_sound", mark("Sound when an alarm is raised."))
    kiosk: bool = _setting(False, "screen.kiosk", mark("Full screen; leaving it takes the PIN."))
    sign_out_after: int = _setting(
        -1, "screen.sign_out_after",
        mark("Minutes without a touch after which somebody is signed out; 0: never; -1: five in kiosk mode only."),
        low=-1, high=240,
    )  # fmt: skip
    address: str = _setting(
        "", "adapter.address", mark("The diagnostic adapter's address; empty: none has been chosen.")
    )
    record: bool = _setting(True, "recording.enabled", mark("Record every session with a car."))
    port: int = _setting(
        8420, "page.port", mark("Port of the page for phones and tablets; 0: any free one."), low=0, high=65535
    )
    lan: bool = _setting(False, "page.lan", mark("Open the page to other devices in the same network."))
    network: bool = _setting(
        True, "workshop.network", mark("Once this terminal belongs to a workshop, its other terminals can reach it.")
    )
    discovery: bool = _setting(
        True, "workshop.discovery", mark("Look for the workshop's terminals in the network, and be found by them.")
    )
    interfaces: str = _setting(
        "", "workshop.interfaces", mark("Network interfaces to be found on, with commas between; empty: all of them.")
    )
    peers: str = _setting(
        "", "workshop.peers",
        mark("Addresses of the workshop's terminals that are not found by themselves, with commas between."),
        longest=4000,
    )  # fmt: skip

    def name(self) -> str:
        """What the terminal is called."""
        return self.terminal_name or socket.gethostname().partition(".")[0] or "Bayline"

    def spoken(self) -> str:
        """The language to speak: ``BAYLINE_LANGUAGE`` for one run, the setting, or the system's."""
        return spoken_language(self.language)


def declared() -> tuple[tuple[Field[Any], Declared], ...]:
    """Every setting with its declaration, in the order of the class."""
    return tuple((one, one.metadata["declared"]) for one in fields(Settings))


def spoken_language(chosen: str = "") -> str:
    """The language of the environment or ``chosen``; English when neither is one this program has."""
    system = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    for text in (os.environ.get(LANGUAGE_VARIABLE, ""), chosen, system):
        plain = text.strip().lower().replace("-", "_").partition("_")[0].partition(".")[0]
        if plain in language.AVAILABLE:
            return plain
    return "en"


def split(listed: str) -> tuple[str, ...]:
    """What a setting with commas lists."""
    return tuple(filter(None, (one.strip() for one in listed.split(","))))


class SettingsFile:
    """``settings.toml`` in the data folder. ``notices`` says, in words, what was found wrong with it."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self.notices: list[str] = []
        self._unknown: dict[str, dict[str, Any]] = {}

    def load(self) -> Settings:
        """The settings; defaults where the file says nothing usable. A damaged file is renamed."""
        try:
            tables = tomllib.loads(read_whole(self.path).decode("utf-8-sig"))
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self.notices.append(
                tr("{path} cannot be read: {why}. The defaults hold.", path=self.path, why=error.strerror or error)
            )
            return Settings()
        except (ValueError, RecursionError) as error:  # no text, no TOML, too many digits or brackets
            self._put_aside(error)
            return Settings()
        return self._read(tables)

    def save(self, settings: Settings) -> None:
        """Keep ``settings``. Raises ``OSError``; then the file is as it was."""
        tables: dict[str, dict[str, Any]] = {name: dict(rows) for name, rows in self._unknown.items()}
        for one, said in declared():
            value = getattr(settings, one.name)
            table, _, name = said.key.partition(".")
            if value != one.default:
                tables.setdefault(table, {})[name] = value
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, tomli_w.dumps(tables).encode())

    def _put_aside(self, error: Exception) -> None:
        try:
            aside = set_aside(self.path)
        except OSError as refused:
            why = refused.strerror or refused
            self.notices.append(tr("{path} is damaged and cannot be renamed: {why}.", path=self.path, why=why))
            return
        self.notices.append(
            tr(
                "The settings were damaged ({why}) and are kept as {name}; this terminal starts with the defaults.",
                why=error,
                name=aside.name,
            )
        )

    def _read(self, tables: Mapping[str, Any]) -> Settings:
        settings = Settings()
        known = {said.key: (one, said) for one, said in declared()}
        self._unknown = {}
        for table, rows in tables.items():
            if not isinstance(rows, dict):
                self.notices.append(tr("{path}: “{key}” is not a setting.", path=self.path.name, key=table))
                continue
            for name, value in rows.items():
                if (found := known.get(f"{table}.{name}")) is None:
                    self._unknown.setdefault(table, {})[name] = value
                elif (checked := _checked(found[0].default, found[1], value)) is None:
                    self.notices.append(
                        tr(
                            "{path}: {key} cannot be {value}; its default holds. {meaning}",
                            path=self.path.name,
                            key=found[1].key,
                            value=repr(value),
                            meaning=tr(found[1].meaning),
                        )
                    )
                else:
                    setattr(settings, found[0].name, checked)
        return settings


def _checked(default: Any, said: Declared, value: Any) -> Any:
    """``value`` in the type of the default, or None when it cannot be used."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        return None
    if said.choices and value not in said.choices:
        return None
    if isinstance(value, str) and len(value) > said.longest:
        return None
    if said.low is not None and said.high is not None and not said.low <= value <= said.high:
        return None
    return value


def peek_language(home: Path) -> str:
    """The language a terminal's settings ask for, without touching anything: for help texts and errors."""
    try:
        tables = tomllib.loads(read_whole(home / FILE).decode("utf-8-sig"))
        return spoken_language(str(tables.get("terminal", {}).get("language", "")))
    except (OSError, ValueError, AttributeError, RecursionError):
        return spoken_language()
