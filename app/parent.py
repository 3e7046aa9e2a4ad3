"""A process that must not outlive the one that started it, however that one ends."""

import ctypes
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1  # prctl(2), include/uapi/linux/prctl.h
_GRACE_S = 2.0


def end_with_parent() -> None:
    """Ask for SIGTERM when the parent dies, and watch standard input too, whose other end the parent holds.

    The pipe is the rule that works everywhere; Linux's own signal also works while this process is busy.
    """
    if sys.platform.startswith("linux"):
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGTERM)
    threading.Thread(target=_watch, name="parent-watch", daemon=True).start()


def _watch() -> None:
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_GRACE_S)
    os._exit(0)
