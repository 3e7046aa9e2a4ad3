"""How long the adapter should wait for the car (AT ST), learned while it runs.

Too long, and every missing answer costs a fifth of a second; too short, and slow ECUs seem silent. AndrOBD walks up and
down in fixed steps; here the wait follows what is measured: twice the slowest recent first byte, which includes the
serial link and so errs on the safe side. A missing answer raises it at once and is remembered as a floor.
"""

from collections import deque

STEP_MS = 4.096  # ELM327 data sheet, "AT ST hh": units of 4.096 ms
DEFAULT_MS = 0x32 * STEP_MS
LOWEST_MS = 8 * STEP_MS
HIGHEST_MS = 0xC8 * STEP_MS  # 819 ms: the whole answer must fit into our own second
PENDING_HEX = "C8"


class AdaptiveTimeout:
    """Feed it what happened; ``change`` says what to send when it is worth a command."""

    def __init__(self) -> None:
        self.current_ms = DEFAULT_MS
        self._floor_ms = LOWEST_MS
        self._recent: deque[float] = deque(maxlen=64)

    def answered(self, first_byte_ms: float) -> None:
        """An answer began ``first_byte_ms`` after the request was sent."""
        self._recent.append(first_byte_ms)

    def missing(self) -> None:
        """An ECU that usually answers did not."""
        self._floor_ms = min(HIGHEST_MS, max(self._floor_ms, self.current_ms * 1.25))

    def change(self) -> str | None:
        """The two hex digits to send with ATST, or None when the present value is near enough."""
        if len(self._recent) < 32:
            wanted = max(self.current_ms, self._floor_ms)
        else:
            wanted = min(HIGHEST_MS, max(self._floor_ms, 2 * max(self._recent) + 3 * STEP_MS))
        if wanted <= self.current_ms and wanted > 0.75 * self.current_ms:
            return None
        steps = min(0xFF, max(1, round(wanted / STEP_MS)))
        if abs(steps * STEP_MS - self.current_ms) < STEP_MS / 2:
            return None
        self.current_ms = steps * STEP_MS
        return f"{steps:02X}"
