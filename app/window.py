"""The window on top of a terminal: what it is given, and what it may ask for. Only this room loads Qt."""

from dataclasses import fields, replace
from pathlib import Path

from app import VERSION
from app.pin import PinFile
from app.settings import Settings, SettingsFile
from app.terminal import Terminal
from ui.context import Preferences, UiContext


class _Keeper:
    """Writes a person's choices to the settings; what only holds for this run (``--lan``, an address) is not kept."""

    def __init__(self, file: SettingsFile, settings: Settings, preferences: Preferences) -> None:
        self._file, self._settings = file, settings
        self._known = replace(preferences)

    def save(self, preferences: Preferences) -> None:
        """Keep what was changed. Raises ``OSError``."""
        changed = {
            one.name: getattr(preferences, one.name)
            for one in fields(Preferences)
            if getattr(preferences, one.name) != getattr(self._known, one.name)
        }
        wanted = replace(self._settings, **changed)
        self._file.save(wanted)
        self._settings = wanted
        self._known = replace(preferences)


def context_of(terminal: Terminal, file: SettingsFile) -> UiContext:
    """What the window is given."""
    chosen = terminal.settings
    preferences = Preferences(
        theme=chosen.theme,
        language=chosen.spoken(),
        units=chosen.units,
        text_scale=chosen.text_scale,
        kiosk=chosen.kiosk,
        touch=chosen.touch,
        lan=terminal.lan,
        address=terminal.address,
        alarm_sound=chosen.alarm_sound,
    )
    pin = PinFile(terminal.home.folder)
    context = UiContext(
        session=terminal.session,
        preferences=preferences,
        terminal_name=terminal.name,
        version=VERSION,
        home=terminal.home.folder,
        demo=terminal.wishes.demo,
        save=_Keeper(file, chosen, preferences).save,
        page_addresses=terminal.page_addresses,
        set_lan=terminal.set_lan,
        has_pin=pin.exists,
        check_pin=pin.check,
        set_pin=pin.set,
    )
    for trouble in (*file.notices, *terminal.troubles):
        context.note(trouble)
    return context


def show(terminal: Terminal, file: SettingsFile) -> int:
    """Open the window and wait until it is closed; the exit status."""
    from ui.start import run

    return run(context_of(terminal, file))


def draw(terminal: Terminal, file: SettingsFile, folder: Path, seconds: float) -> list[Path]:
    """Draw every screen into ``folder``; the files. Raises ``OSError``."""
    from ui.start import run_pictures

    return run_pictures(context_of(terminal, file), folder, seconds)
