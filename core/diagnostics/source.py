"""What a screen or a phone reads from: a live link to a car and a recording being played back look the same."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.diagnostics.profiles import VehicleProfile
    from core.obd.status import LinkStatus
    from core.obd.store import Signals


class Source(Protocol):
    """Values with their times, and how the link that brings them is doing. Every member may be used from any thread."""

    signals: "Signals"

    def now(self) -> float:
        """The source's own clock in seconds: ``time.monotonic()``, or the playback position. Ages are against it."""
        ...

    def status(self) -> "LinkStatus":
        """How the link is doing: an immutable snapshot, cheap enough to ask for at the frame rate."""
        ...

    def available(self) -> tuple[str, ...]:
        """Names of the signals this car offers, derived ones included; empty before it is connected."""
        ...

    def watch(self, owner: str, wants: Mapping[str, float]) -> None:
        """Ask for signals by name at the given rates in Hz, in place of what ``owner`` wanted before.

        Owners are ``"screen"``, ``"tablet:…"`` and ``"background"``. An empty mapping ends the interest.
        """
        ...

    @property
    def profile(self) -> "VehicleProfile":
        """The vehicle's own limits, layout and units; the unknown vehicle's before one is recognised."""
        ...
