"""A control unit's half of ISO 15765-2: one long answer sent frame by frame, as the tester's flow control allows."""

from collections import deque
from collections.abc import Callable, Sequence

from core.obd.simulator.framing import FIRST, Frame

FLOW_CONTROL = 0x3
CONTINUE, WAIT, OVERFLOW = 0, 1, 2  # flow status (ISO 15765-2, 9.6.5.1)
FLOW_CONTROL_S = 1.0  # N_Bs: how long a sender waits for flow control (ISO 15765-2, table 16)


def separation_s(st_min: int) -> float:
    """STmin in seconds: 00-7F milliseconds, F1-F9 hundreds of microseconds, the rest counts as the longest."""
    if st_min <= 0x7F:
        return st_min / 1000
    return (st_min - 0xF0) / 10_000 if 0xF1 <= st_min <= 0xF9 else 0.127


class Transmission:
    """The frames of one segmented answer on their way. Times are seconds of any one clock.

    ``due`` says when ``run`` wants to be called next; ``done`` when there is nothing more to do, sent or given up.
    """

    def __init__(self, frames: Sequence[Frame], send: Callable[[Frame], None]) -> None:
        self._frames = deque(frames)
        self._send = send
        self._waiting = False
        self._block: int | None = None  # consecutive frames left until the next flow control; None: no limit
        self._separation = 0.0
        self.due = 0.0
        self.done = not frames
        self.given_up = False

    def run(self, now: float) -> None:
        """Send what may be sent at ``now``."""
        if self._waiting:
            if now >= self.due:
                self._give_up()  # the tester says nothing: N_Bs has passed
            return
        while self._frames and now >= self.due:
            frame = self._frames.popleft()
            self._send(frame)
            if frame.data[0] >> 4 == FIRST:
                self._wait(now)
                return
            if self._block is not None:
                self._block -= 1
                if self._block == 0 and self._frames:
                    self._wait(now)
                    return
            self.due = now + self._separation
            if self._separation and self._frames:
                return
        self.done = not self._frames

    def flow_control(self, data: bytes, now: float) -> None:
        """The tester's flow control frame: go on, wait, or stop."""
        if not self._waiting or len(data) < 3:
            return
        status = data[0] & 0xF
        if status == WAIT:
            self.due = now + FLOW_CONTROL_S
        elif status == CONTINUE:
            self._waiting = False
            self._block = data[1] or None
            self._separation = separation_s(data[2])
            self.due = now
            self.run(now)
        else:
            self._give_up()  # overflow, or a status that does not exist

    def _wait(self, now: float) -> None:
        self._waiting = True
        self.due = now + FLOW_CONTROL_S

    def _give_up(self) -> None:
        self._frames.clear()
        self.done = self.given_up = True
