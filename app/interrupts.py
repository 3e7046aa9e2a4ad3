"""Ctrl+C and SIGTERM are heard once, as ``KeyboardInterrupt``; while everything stops, further ones change nothing.

So is SIGHUP, when the window or the connection is closed that the program was started in; under nohup it is not heard.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE_S = 5.0  # every part of the program stops within a second or two: after this one may insist
_FORCED = 130


def _asked_by() -> tuple[signal.Signals, ...]:
    """The signals that ask a program to end, here and now."""
    if sys.platform == "win32" or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup: it is to go on
        return (signal.SIGINT, signal.SIGTERM)
    return (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Once:
    def __init__(self) -> None:
        self._asked_at: float | None = None

    def expected(self) -> None:
        """The program is stopping already."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._asked_at is None:
            self._asked_at = time.monotonic()
            raise KeyboardInterrupt
        if time.monotonic() - self._asked_at > PATIENCE_S:
            os._exit(_FORCED)


@contextmanager
def heard_as_keyboard_interrupt() -> Iterator[None]:
    """Inside this block SIGTERM and SIGHUP mean what Ctrl+C means. Off the main thread nothing changes: Python
    forbids it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    once = _Once()
    before = {number: signal.signal(number, once) for number in _asked_by()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def noticed() -> Iterator[Callable[[], bool]]:
    """Inside this block the first Ctrl+C interrupts nothing: the function given says that it came. A second one does.

    For what must not be broken off in the middle, like a line that is being printed.
    """
    came = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield came.is_set
        return

    def notice(number: int, frame: FrameType | None) -> None:
        if came.is_set():
            raise KeyboardInterrupt
        came.set()

    before = {number: signal.signal(number, notice) for number in _asked_by()}
    try:
        yield came.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stopping() -> None:
    """From now on nothing interrupts: everything is being put away."""
    for number in _asked_by():
        handler = signal.getsignal(number)
        if isinstance(handler, _Once):
            handler.expected()


def wait_for_the_end() -> None:
    """Sleep until somebody asks the program to stop. In slices, because Windows does not wake a sleeper for Ctrl+C."""
    try:
        while True:
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
