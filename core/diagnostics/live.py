"""The car at this terminal, now: one link, its signals, alarms, recording and the vehicle's own profile.

``LiveSession`` is what the window and the server hold. Values come from ``core.obd.engine`` on its link thread; a
small thread of its own follows ten times a second: it holds every new sample against the alarm rules, notices what
changed and tells listeners.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.diagnostics import alarm_rules
from core.diagnostics.alarm_rules import AlarmRule
from core.diagnostics.alarms import AlarmBook
from core.diagnostics.files import NoticeKind, StorageNotice, read_whole, write_whole
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.profiles import ProfileError, ProfileStore, VehicleProfile, id_of
from core.diagnostics.recording import Recorder
from core.diagnostics.session import SessionMeta
from core.obd.engine import Engine
from core.obd.signals import SIGNALS
from core.obd.status import LinkState, LinkStatus, Trouble
from core.obd.store import Signals

log = logging.getLogger(__name__)

FOLLOW_S = 0.1
MOST_UNHEARD = 20  # notices from before anybody listened
RECORD_ON_S = 120.0  # a car that comes back within this time goes on in the same recording
BACKGROUND_HZ = 2.0  # signals with an alarm are read this often when nobody looks at them


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The link came, went or changed its mind."""

    status: LinkStatus


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Another vehicle is connected, or its profile was edited."""

    profile: VehicleProfile


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """A recording began (``session`` is its id) or ended (empty)."""

    session: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something about the disk a person should know."""

    notice: StorageNotice


Listener = Callable[[object], None]


class LiveSession:
    """A ``Source`` fed by the engine. Every method may be called from any thread and returns at once."""

    def __init__(self, home: Path, *, record: bool = True, version: str = "") -> None:
        self.home = home
        self.signals = Signals()
        self._last_file = home / "last-vehicle"
        self._listeners: list[Listener] = []
        self._unheard: deque[Noticed] = deque(maxlen=MOST_UNHEARD)
        self._lock = threading.Lock()
        self.profiles = ProfileStore(home, on_notice=self._noticed)
        self.recordings = RecordingLibrary(home, profiles=self.profiles, on_notice=self._noticed)
        self.recorder = Recorder(home, on_notice=self._noticed)
        self._switch = threading.RLock()  # one vehicle at a time: an edit never lands on the one before
        self._record = record
        self._version = version
        self._profile = self._last_profile()
        self.alarms = AlarmBook(alarm_rules.rules_with(self._profile.limits))
        self.alarms.subscribe(self._tell)
        self.engine = Engine(self.signals, taps=(self.recorder,), memory=self, on_car=self._car_found)
        self._stop = threading.Event()
        self._last_seen = 0.0
        self._told: tuple[LinkState, Trouble, str] | None = None
        self._thread = threading.Thread(target=self._follow, name="live-session", daemon=True)

    def _last_profile(self) -> VehicleProfile:
        """At boot the screen looks as it did: the vehicle that was here last, until another one says who it is."""
        try:
            return self.profiles.load(read_whole(self._last_file).decode().strip())
        except (OSError, UnicodeDecodeError, ProfileError):
            return self.profiles.default()

    # -- life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; nothing is connected until ``connect``."""
        threading.Thread(target=self._recover, name="recording-recovery", daemon=True).start()
        self._watch_background()
        self.engine.start()
        self._thread.start()

    def stop(self) -> None:
        """End the link (under 200 ms), then finish the recording on the disk."""
        self._stop.set()
        self.engine.stop()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self.recorder.stop()

    def connect(self, address: str) -> None:
        """Use this adapter from now on, for ever trying again. Raises ``AddressError`` in the user's words."""
        self.engine.connect(address)

    def disconnect(self) -> None:
        self.engine.disconnect()

    # -- Source ------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        return time.monotonic()

    def status(self) -> LinkStatus:
        return self.engine.status()

    def available(self) -> tuple[str, ...]:
        return self.engine.available()

    def watch(self, owner: str, wants: Mapping[str, float]) -> None:
        self.engine.watch(owner, wants)

    @property
    def profile(self) -> VehicleProfile:
        return self._profile

    # -- the vehicle's own rules ---------------------------------------------------------------------------------------

    def set_rule(self, rule: AlarmRule) -> None:
        """Keep a limit for this vehicle. Raises ``RuleError`` in the user's words, ``ProfileError`` for a bad disk."""
        alarm_rules.check(rule)
        self._edit(lambda profile: profile.limits.update({rule.id: rule}))

    def reset_rules(self, signal: str) -> None:
        """Back to the default limits of a signal."""

        def forget(profile: VehicleProfile) -> None:
            for key in [key for key, rule in profile.limits.items() if rule.signal == signal]:
                del profile.limits[key]

        self._edit(forget)

    def edit_profile(self, edit: Callable[[VehicleProfile], None]) -> None:
        """Change the vehicle's profile in one step (name, layout, units) and keep it. Raises ``ProfileError``."""
        self._edit(edit)

    def _edit(self, edit: Callable[[VehicleProfile], None]) -> None:
        with self._switch:
            try:
                self._keep(self.profiles.change(self._profile.id, edit))
            except ProfileError:
                edit(self._profile)  # the disk refuses: it holds for as long as the program runs
                self._keep(self._profile)
                raise
        self._used()

    def _keep(self, profile: VehicleProfile) -> None:
        """Make ``profile`` the present one; the caller holds ``_switch``."""
        self._profile = profile
        self.alarms.set_rules(alarm_rules.rules_with(profile.limits))

    def _used(self) -> None:
        self._watch_background()
        self._tell(ProfileChanged(self._profile))

    def _watch_background(self) -> None:
        """Alarms must fire for signals that no gauge shows."""
        wanted = {
            rule.signal: min(BACKGROUND_HZ, SIGNALS[rule.signal].rate_hz)
            for rule in self.alarms.rules()
            if rule.enabled and rule.signal in SIGNALS
        }
        self.engine.watch("background", wanted)

    # -- events --------------------------------------------------------------------------------------------------------

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of rare events, on a worker thread; the answer ends it.

        What was said of the disk before anybody listened is told at once, on the caller's thread.
        """
        with self._lock:
            self._listeners.append(listener)
            missed = tuple(self._unheard)
        for event in missed:
            listener(event)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def _tell(self, event: object) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                log.exception("a listener of the live session raised")

    def _noticed(self, notice: StorageNotice) -> None:
        log.log(logging.INFO if notice.kind is NoticeKind.RESTORED else logging.WARNING, "%s", notice.text)
        event = Noticed(notice)
        with self._lock:
            if not self._listeners:  # profiles are read before there is a window
                self._unheard.append(event)
        self._tell(event)

    # -- what the engine asks and tells, on the link thread ------------------------------------------------------------

    def recall(self, vin: str) -> Mapping[str, frozenset[int]] | None:
        """Supported PIDs by ECU of a vehicle that was here before (``VehicleMemory``)."""
        supported = self.profiles.for_vin(vin).supported
        return {ecu: frozenset(pids) for ecu, pids in supported.items()} or None

    def remember(self, vin: str, supported: Mapping[str, frozenset[int]]) -> None:
        try:
            self.profiles.remember_supported(id_of(vin), supported)
        except ProfileError as error:
            log.warning("%s", error)  # asked again at the next visit

    def _car_found(self, status: LinkStatus) -> None:
        profile = self.profiles.for_vin(status.vin)
        other = profile.id != self._profile.id
        if other:
            self.alarms.begin()
            self.signals.clear()
        self._last_seen = time.monotonic()
        with suppress(OSError):  # a full disk: at the next boot the screen begins with another vehicle's layout
            write_whole(self._last_file, profile.id.encode())
        if self._record:
            self._record_from(status, profile, other)
        with self._switch:
            # Read anew: somebody may have edited it since.
            self._keep(self.profiles.for_vin(status.vin))
        self._used()

    def _record_from(self, status: LinkStatus, profile: VehicleProfile, other: bool) -> None:
        if self.recorder.recording:
            if not other:
                return
            self.recorder.stop(timeout=0.0)  # another car: the disk finishes the old session on its own thread
        meta = SessionMeta(
            vin=status.vin,
            vehicle=profile.title,
            profile=profile.id,
            address=status.address,
            protocol=status.protocol,
            adapter=status.adapter.model if status.adapter else "",
            mode=status.mode,
            version=self._version,
            ecus={ecu.id: tuple(sorted(ecu.supported)) for ecu in status.ecus},
        )
        session = self.recorder.start(meta)
        self._tell(RecordingChanged(session))

    def _recover(self) -> None:
        """What a power cut left in a journal becomes a recording like any other."""
        try:
            found = self.recordings.recover()
        except OSError as error:
            log.warning("recordings could not be recovered: %s", error)
            return
        for session in found:
            self._tell(RecordingChanged(session))

    # -- the following thread ------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        while not self._stop.wait(FOLLOW_S):
            now = time.monotonic()
            self.alarms.evaluate(self.signals, now)
            status = self.engine.status()
            if status.state is LinkState.CONNECTED:
                self._last_seen = now
            elif self.recorder.recording and now - self._last_seen > RECORD_ON_S:
                self.recorder.stop()
                self._tell(RecordingChanged(""))
            seen = (status.state, status.trouble, status.detail)
            if seen != self._told:
                self._told = seen
                self._tell(StateChanged(status))
