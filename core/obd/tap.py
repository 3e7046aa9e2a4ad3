"""Who listens to the link: the recorder, ``obd watch``, the benches. Called on the link thread, so never block."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from core.obd.gaps import GapKind

log = logging.getLogger(__name__)


class Tap(Protocol):
    """Times are ``time.monotonic()`` seconds of receipt."""

    def reply(self, t: float, ecu: str, request: bytes, payload: bytes) -> None:
        """A complete message of an ECU, believed or not."""

    def values(self, t: float, ecu: str, values: Mapping[str, float]) -> None:
        """What the reply rule let through, decoded; by signal name, in the signals' own units."""

    def gap(self, t: float, kind: GapKind, detail: str) -> None: ...

    def state(self, t: float, text: str) -> None: ...

    def frame(self, t: float, arbitration_id: int, extended: bool, data: bytes, outgoing: bool) -> None:
        """A raw frame, on direct CAN only."""


class VehicleMemory(Protocol):
    """What is remembered of vehicles between visits."""

    def recall(self, vin: str) -> Mapping[str, frozenset[int]] | None:
        """Supported Mode 01 PIDs by ECU, None for a vehicle never seen."""

    def remember(self, vin: str, supported: Mapping[str, frozenset[int]]) -> None: ...


class Taps:
    """All listeners as one. One that raises is logged and called again: gauges must not freeze for it."""

    def __init__(self, taps: Sequence[Tap]) -> None:
        self._taps = tuple(taps)

    def reply(self, t: float, ecu: str, request: bytes, payload: bytes) -> None:
        self._each(lambda tap: tap.reply(t, ecu, request, payload))

    def values(self, t: float, ecu: str, values: Mapping[str, float]) -> None:
        self._each(lambda tap: tap.values(t, ecu, values))

    def gap(self, t: float, kind: GapKind, detail: str) -> None:
        self._each(lambda tap: tap.gap(t, kind, detail))

    def state(self, t: float, text: str) -> None:
        self._each(lambda tap: tap.state(t, text))

    def frame(self, t: float, arbitration_id: int, extended: bool, data: bytes, outgoing: bool) -> None:
        self._each(lambda tap: tap.frame(t, arbitration_id, extended, data, outgoing))

    def _each(self, tell: Callable[[Tap], None]) -> None:
        for tap in self._taps:
            try:
                tell(tap)
            except Exception:
                log.exception("a listener of the link raised")
