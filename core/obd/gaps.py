"""Why there is no number: every reply that may not be shown is one of these, and is counted."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from threading import Lock

from core.language import mark


class GapKind(StrEnum):
    """What came instead of a value. The names are the ones ``bayline obd watch`` prints in ``gaps``."""

    NO_DATA = "no_data"  # the adapter says NO DATA, or a direct CAN request met silence
    TIMEOUT = "timeout"  # the adapter itself did not finish its answer in time
    LATE = "late"  # an answer to an earlier question
    FOREIGN = "foreign"  # from an ECU nobody asked, or with a service or PID nobody asked for
    SHORT = "short"  # fewer bytes than the PID has, or a message that lost frames
    GARBLED = "garbled"  # not hexadecimal, wrong length for its frame, frames out of order
    DUPLICATE = "duplicate"  # the same ECU answered the same question twice
    REFUSED = "refused"  # 7F: a typed negative response
    CAN_ERROR = "can_error"
    BUS_INIT = "bus_init"
    BUFFER_FULL = "buffer_full"
    STOPPED = "stopped"
    ADAPTER = "adapter"  # any other complaint of the adapter: ?, LV RESET, ERR, FB ERROR, DATA ERROR ...


WORDS: Mapping[GapKind, str] = {
    GapKind.NO_DATA: mark("the car did not answer"),
    GapKind.TIMEOUT: mark("the adapter did not answer in time"),
    GapKind.LATE: mark("an answer came too late"),
    GapKind.FOREIGN: mark("an answer nobody asked for"),
    GapKind.SHORT: mark("an answer was cut short"),
    GapKind.GARBLED: mark("an answer was garbled"),
    GapKind.DUPLICATE: mark("an answer came twice"),
    GapKind.REFUSED: mark("the control unit refused"),
    GapKind.CAN_ERROR: mark("errors on the CAN bus"),
    GapKind.BUS_INIT: mark("the bus could not be started"),
    GapKind.BUFFER_FULL: mark("the adapter's buffer overflowed"),
    GapKind.STOPPED: mark("the adapter was interrupted"),
    GapKind.ADAPTER: mark("the adapter complained"),
}


class GapCounter:
    """Counts gaps by kind; one thread counts, any thread reads."""

    def __init__(self) -> None:
        self._counts: Counter[GapKind] = Counter()
        self._lock = Lock()

    def add(self, kind: GapKind, times: int = 1) -> None:
        with self._lock:
            self._counts[kind] += times

    def snapshot(self) -> dict[GapKind, int]:
        """Counts of the kinds that occurred."""
        with self._lock:
            return dict(self._counts)
