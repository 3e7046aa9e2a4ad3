"""Keeping what a person arranged in the vehicle's own profile: written a moment later, off the window's thread."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from core.diagnostics.alarm_rules import AlarmRule
from core.diagnostics.profiles import ProfileError, VehicleProfile
from ui.pages.live_layout import Layout, LayoutDamaged, from_json, to_json

WAIT_MS = 500  # after the last change: a drag makes many
LEAVING_S = 1.0  # how long leaving the page waits for the disk


class Keeper(Protocol):
    """The part of ``core.diagnostics.live.LiveSession`` that keeps things for a vehicle."""

    profiles: Any

    @property
    def profile(self) -> VehicleProfile: ...

    def edit_profile(self, edit: Callable[[VehicleProfile], None]) -> None: ...

    def set_rule(self, rule: AlarmRule) -> None: ...

    def reset_rules(self, signal: str) -> None: ...


@cache
def _writer() -> ThreadPoolExecutor:
    """One thread, so that what was changed last is written last."""
    return ThreadPoolExecutor(1, "layout-writer")


class LayoutKeeping(QObject):
    """The layout of one vehicle. ``failed(words)``: the disk refused; what is on the screen stays.

    ``damaged(words)``: a kept layout could not be read; it is kept aside, and the usual one is shown.
    """

    failed = Signal(str)
    damaged = Signal(str)

    def __init__(self, session: Keeper, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.wait = WAIT_MS
        self._id = ""
        self._aside: Any = None
        self._waiting: Layout | None = None
        self._written: list[Mapping[str, Any]] = []  # what we wrote ourselves: its echo is no news
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.write)

    @property
    def vehicle(self) -> str:
        """Id of the profile the layout belongs to."""
        return self._id

    def take(self, profile: VehicleProfile) -> Layout | None:
        """The layout kept in ``profile``, which is the one to write to from now on; None when nobody arranged one.

        Call ``flush`` before the profile is read: it may be the one that is still to be written.
        """
        self._id, self._aside, self._written = profile.id, None, []
        kept = profile.layout
        if not kept:
            return None
        if isinstance(kept, Mapping):
            self._aside = kept.get("set_aside")
        try:
            return from_json(kept)
        except LayoutDamaged as error:
            self._aside = kept
            self.damaged.emit(str(error))
            return None

    def is_news(self, profile: VehicleProfile) -> bool:
        """Whether ``profile`` brings another layout than the one we show and wrote."""
        if profile.id != self._id:
            return True
        return self._waiting is None and bool(self._written) and profile.layout not in self._written

    def keep(self, layout: Layout) -> None:
        """Write ``layout`` soon."""
        self._waiting = layout
        self._timer.start(self.wait)

    def write(self) -> Future[None] | None:
        """Write what waits, now, on the writer's thread."""
        self._timer.stop()
        if self._waiting is None or not self._id:
            return None
        # As it comes back from the disk, so that our own writing is recognised.
        kept = json.loads(json.dumps(to_json(self._waiting, self._aside)))
        id, self._waiting = self._id, None
        self._written = [*self._written[-7:], kept]
        return self._run(lambda: self._store(id, kept))

    def flush(self) -> None:
        """Write what waits before somebody else reads it. Waits a second at most."""
        if self.write() is not None:
            self.drain()

    def drain(self) -> None:
        """Wait until everything asked for so far is on the disk; a second at most."""
        try:
            _writer().submit(lambda: None).result(LEAVING_S)
        except TookTooLong:
            return  # it is still being written

    def set_rule(self, rule: AlarmRule) -> None:
        """Keep an alarm limit for the vehicle in front."""
        self._run(lambda: self._session.set_rule(rule))

    def reset_rules(self, signal: str) -> None:
        """Forget the vehicle's own limits of a signal."""
        self._run(lambda: self._session.reset_rules(signal))

    def _store(self, id: str, kept: dict[str, Any]) -> None:
        def edit(profile: VehicleProfile) -> None:
            if profile.id == id:
                profile.layout = kept

        if self._session.profile.id == id:
            self._session.edit_profile(edit)
        else:  # another car has come meanwhile
            self._session.profiles.change(id, edit)

    def _run(self, work: Callable[[], None]) -> Future[None]:
        def guarded() -> None:
            try:
                work()
            except (ProfileError, ValueError, OSError) as error:
                self._say(str(error))

        return _writer().submit(guarded)

    def _say(self, words: str) -> None:
        try:
            self.failed.emit(words)
        except RuntimeError:
            return  # the page is gone
