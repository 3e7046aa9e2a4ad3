"""What the window is given by the program around it: the session, the person's choices, and what it may ask for."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from core.diagnostics.alarms import AlarmBook
from core.diagnostics.files import StorageNotice
from core.diagnostics.profiles import VehicleProfile
from core.language import tr
from core.obd.status import LinkStatus
from core.obd.store import Signals
from core.people.roles import Actor
from core.records.changes import ChangeSet
from core.records.records import Records
from core.sync.views import WorkshopLink
from ui.kiosk import PinGate
from ui.membership import Found, Join, Membership, NearbyWorkshop, nobody_nearby
from ui.people_present import People


class RecorderState(Protocol):
    """What the window shows of the recorder (``core.diagnostics.recording.Recorder``)."""

    @property
    def recording(self) -> bool: ...

    @property
    def began(self) -> float: ...

    @property
    def trouble(self) -> StorageNotice | None: ...


class Session(Protocol):
    """The part of ``core.diagnostics.live.LiveSession`` the window uses; every call returns at once."""

    signals: Signals
    alarms: AlarmBook
    recordings: Any
    profiles: Any

    @property
    def recorder(self) -> RecorderState: ...

    @property
    def profile(self) -> Any: ...

    def now(self) -> float: ...

    def status(self) -> LinkStatus: ...

    def available(self) -> tuple[str, ...]: ...

    def watch(self, owner: str, wants: Mapping[str, float]) -> None: ...

    def connect(self, address: str) -> None: ...

    def disconnect(self) -> None: ...

    def edit_profile(self, edit: Callable[[VehicleProfile], None]) -> None: ...

    def subscribe(self, listener: Callable[[object], None]) -> Callable[[], None]: ...


@dataclass(slots=True)
class Preferences:
    """A person's choices for this terminal. Defaults are those of a terminal that was never set up."""

    theme: str = "night"  # a key of ui.theme.NAMES
    language: str = "en"  # a key of core.language.AVAILABLE
    units: str = "metric"  # "metric" or "imperial"
    text_scale: float = 1.0  # a key of ui.theme.SCALES
    kiosk: bool = False
    touch: bool = False  # show the on-screen keyboard for text outside kiosk mode too
    lan: bool = False  # the page can be opened from other devices
    address: str = ""  # of the adapter; empty: none chosen
    alarm_sound: bool = False
    sign_out_after: int = -1  # minutes without a touch; 0 never, -1 five in kiosk mode and never outside of it


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong: ``at`` is epoch seconds; the words say what happened, what was kept, what to do."""

    at: float
    what: str
    detail: str = ""


class Frame(Protocol):
    """What a page may ask of the window around it. The window puts itself into ``UiContext.frame``."""

    gate: PinGate  # one for the window, so that closing a sheet does not buy new tries

    def go(self, name: str) -> bool:
        """Bring the page ``name`` to the front; False when there is none, or who stands here may not see it."""

    def open_connection(self) -> None:
        """Open the connection panel."""

    def dress(self) -> None:
        """Show theme and text size as the preferences now say."""

    def retranslate(self) -> None:
        """Speak the language, and use the units, of the preferences: every page is built anew."""

    def enter_kiosk(self) -> None:
        """Lock the window to the screen."""

    def leave_kiosk(self) -> None:
        """Ask for the PIN and give the window back."""

    def ask_own_pin(self) -> None:
        """Ask who is signed in for a new PIN of their own."""

    def offer_undo(self, said: str, changes: ChangeSet) -> None:
        """Say what was done, with a button that takes this change back (``Changed.changes``)."""

    def turn(self, change: str, then: Callable[[], object] | None = None) -> None:
        """Take back one of the person's changes, or do it again; ``then`` is called when it is done, or cannot be."""

    def open_row(self, table: str, row: str) -> None:
        """Bring the page that shows this row to the front, with it; nothing when none does."""

    def count_unread(self) -> None:
        """Something waiting for a person was dealt with: count anew."""

    def belong(self, membership: Membership) -> None:
        """The terminal has founded or joined a workshop: every page is built anew on its records."""


def _nothing(_: Any) -> None:
    return None


@dataclass(slots=True)
class UiContext:
    """Everything pages and dialogs may use. The callbacks are given by ``app``; they may raise ``OSError``."""

    session: Session
    preferences: Preferences = field(default_factory=Preferences)
    terminal_name: str = "Bayline"
    version: str = ""
    home: Path = Path()
    demo: bool = False  # a throw-away garage with a simulated car

    save: Callable[[Preferences], None] = _nothing  # keep the preferences for the next start
    page_addresses: Callable[[], tuple[str, ...]] = tuple  # of the web page, best first; empty while it is off
    set_lan: Callable[[bool], None] = _nothing  # restart the web page open or closed to the LAN; may take seconds
    has_pin: Callable[[], bool] = lambda: False
    check_pin: Callable[[str], bool] = lambda pin: False
    set_pin: Callable[[str], None] = _nothing  # 4 to 8 digits; "" removes it

    membership: Membership | None = None  # None: this terminal does not belong to a workshop yet
    found: Found | None = None  # None: this terminal cannot found a workshop, for example a demo
    join: Join | None = None
    nearby: Callable[[], tuple[NearbyWorkshop, ...]] = nobody_nearby  # heard on the network; returns at once

    frame: Frame | None = None
    problems: deque[Problem] = field(default_factory=lambda: deque(maxlen=200))
    people: People = field(init=False)  # who is signed in; pages write as ``people.actor``

    def __post_init__(self) -> None:
        # A context without a home is one of a test or a picture: it keeps nothing.
        self.people = People(lambda: self.membership, self.home if self.home != Path() else None)

    @property
    def records(self) -> Records | None:
        return self.membership.records if self.membership else None

    @property
    def link(self) -> WorkshopLink | None:
        return self.membership.link if self.membership else None

    @property
    def records_closed(self) -> bool:
        """Whether there is a workshop here whose records could not be opened; the problems say why."""
        return self.membership is None and self.found is None and not self.demo

    @property
    def actor(self) -> Actor | None:
        """Who acts at this window now, as ``people.actor``; None in no workshop."""
        return self.people.actor

    def note(self, what: str, detail: str = "") -> Problem:
        """Put a problem into the log."""
        problem = Problem(time.time(), what, detail)
        self.problems.append(problem)
        return problem

    def keep_preferences(self) -> Problem | None:
        """Save the preferences; what goes wrong is noted and returned, the choice holds until the terminal restarts."""
        try:
            self.save(self.preferences)
        except OSError as error:
            return self.note(tr("The setting holds until a restart, but it could not be saved."), str(error))
        return None
