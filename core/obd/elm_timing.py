"""How long the adapter should wait for the car (AT ST), learned while it runs.

Too long, and every missing answer costs a fifth of a second; too short, and slow ECUs seem silent. AndrOBD walks up and
down in fixed steps; here the wait follows what is measured: twice the slowest recent first byte of the slowest ECU,
which includes the serial link and so errs on the safe side. A missing answer raises it at once and is remembered as a
floor, unless the wait was so long that time cannot have been the reason.
"""

from collections import deque

STEP_MS = 4.096  # ELM327 data sheet, "AT ST hh": units of 4.096 ms
DEFAULT_MS = 0x32 * STEP_MS
LOWEST_MS = 8 * STEP_MS
HIGHEST_MS = 0xC8 * STEP_MS  # 819 ms: the whole answer must fit into our own second
DEFAULT_HEX = "32"
PENDING_HEX = "C8"
RECENT = 32  # answers an ECU is judged by
PATIENT = 4  # a wait of so many times the slowest answer was long enough, whatever the silence meant ...
IN_A_ROW = 3  # ... but not when there is nothing but silence
ENOUGH = 8  # fewer say nothing yet: one that is asked now and then must not be taken for a fast one


def steps(milliseconds: float) -> int:
    """The number that stands for a wait, from 1 to 255."""
    return min(0xFF, max(1, round(milliseconds / STEP_MS)))


class AdaptiveTimeout:
    """Feed it what happened; ``change`` says what to send when it is worth a command."""

    def __init__(self) -> None:
        self.current_ms = DEFAULT_MS
        self._floor_ms = LOWEST_MS
        self._recent: dict[str, deque[float]] = {}
        self._silences = 0  # in a row

    def answered(self, ecu: str, first_byte_ms: float) -> None:
        """An answer of ``ecu`` began ``first_byte_ms`` after the request was sent."""
        self._recent.setdefault(ecu, deque(maxlen=RECENT)).append(first_byte_ms)
        self._silences = 0

    def missing(self) -> None:
        """An ECU that usually answers did not."""
        self._silences += 1
        if self.current_ms < PATIENT * self._slowest() + 3 * STEP_MS or self._silences >= IN_A_ROW:
            self._floor_ms = min(HIGHEST_MS, max(self._floor_ms, self.current_ms * 1.25))

    def _slowest(self) -> float:
        return max((max(times) for times in self._recent.values()), default=0.0)

    @property
    def text(self) -> str:
        """The two hex digits that stand for the present value."""
        return f"{steps(self.current_ms):02X}"

    def change(self) -> str | None:
        """The two hex digits to send with ATST, or None when the present value is near enough."""
        if not self._recent or min(len(times) for times in self._recent.values()) < ENOUGH:
            wanted = max(self.current_ms, self._floor_ms)
        else:
            wanted = min(HIGHEST_MS, max(self._floor_ms, 2 * self._slowest() + 3 * STEP_MS))
        if 0.75 * self.current_ms < wanted <= self.current_ms:
            return None
        number = steps(wanted)
        if number == steps(self.current_ms):
            return None
        self.current_ms = number * STEP_MS
        return self.text
