"""The window on top of a terminal: what it is given, and what it may ask for. Only this room loads Qt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path

from app import VERSION
from app.pin import PinFile
from app.settings import SettingsFile, split
from app.terminal import Terminal
from core.people.roles import Actor, Role
from core.sync.views import Progress, SyncError
from core.trust.errors import TrustError
from server.nearby import Nearby
from ui.context import Preferences, UiContext
from ui.membership import Membership, NearbyWorkshop, nobody_nearby
from ui.people_present import read_people


class _Keeper:
    """Writes a person's choices to the settings; what only holds for this run (``--lan``, an address) is not kept.

    Whether others can reach the terminal is one switch for a person and two settings: outside of a workshop it opens
    the page to everybody, inside it lets the workshop's own in.
    """

    def __init__(self, file: SettingsFile, terminal: Terminal, preferences: Preferences) -> None:
        self._file, self._terminal, self._settings = file, terminal, terminal.settings
        self._known = replace(preferences)

    def save(self, preferences: Preferences) -> None:
        """Keep what was changed. Raises ``OSError``."""
        network = {"lan": "network"} if self._terminal.belonging.founded else {}
        changed = {
            network.get(one.name, one.name): getattr(preferences, one.name)
            for one in fields(Preferences)
            if getattr(preferences, one.name) != getattr(self._known, one.name)
        }
        wanted = replace(self._settings, **changed)
        self._file.save(wanted)
        self._settings = wanted
        self._known = replace(preferences)


def membership_of(terminal: Terminal) -> Membership | None:
    """What the window is given of the workshop; None outside of one, and when its records could not be opened."""
    bay = terminal.bay
    if bay is None:
        return None
    return Membership(
        workshop=bay.workshop_name,
        terminal_id=bay.terminal_id,
        device_id=bay.identity.device_id,
        records=bay.records,
        link=terminal.link,
        actor=Actor("terminal", bay.terminal_id, bay.terminal_name, Role.OWNER),
        people=read_people(bay.records),
    )


class _Entrance:
    """How this terminal comes to belong to a workshop while its window is open."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._nearby = Nearby(split(terminal.settings.interfaces) or None) if terminal.looks_around else None

    def nearby(self) -> tuple[NearbyWorkshop, ...]:
        """Terminals heard on the network that this one could join through. Their workshop's name is not announced."""
        heard = self._nearby.look() if self._nearby is not None else ()
        return tuple(NearbyWorkshop("", each.name, each.urls[0]) for each in heard)

    def found(self, workshop: str, name: str) -> Membership | None:
        with _in_words():
            self._terminal.found(workshop, name)
        return membership_of(self._terminal)

    def join(self, address: str, code: str, name: str, progress: Progress) -> Membership | None:
        with _in_words():
            self._terminal.join(address, code, name, progress)
        return membership_of(self._terminal)


@contextmanager
def _in_words() -> Iterator[None]:
    """The window knows ``SyncError``; what keys and certificates complain of is one for it."""
    try:
        yield
    except TrustError as error:
        raise SyncError(str(error)) from error


def context_of(terminal: Terminal, file: SettingsFile) -> UiContext:
    """What the window is given."""
    entrance = _Entrance(terminal) if not terminal.belonging.founded else None
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
        sign_out_after=chosen.sign_out_after,
    )
    pin = PinFile(terminal.home.folder)
    context = UiContext(
        session=terminal.session,
        preferences=preferences,
        terminal_name=terminal.name,
        version=VERSION,
        home=terminal.home.folder,
        demo=terminal.wishes.demo,
        save=_Keeper(file, terminal, preferences).save,
        page_addresses=terminal.page_addresses,
        set_lan=terminal.set_lan,
        has_pin=pin.exists,
        check_pin=pin.check,
        set_pin=pin.set,
        membership=membership_of(terminal),
        found=entrance.found if entrance else None,
        join=entrance.join if entrance else None,
        nearby=entrance.nearby if entrance else nobody_nearby,
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
