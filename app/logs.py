"""Where the program writes what it did: a file in the data folder that never grows beyond a few megabytes."""

import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path

from core.language import tr

FILE = Path("logs") / "bayline.log"
LARGEST, KEPT = 1_000_000, 5  # bytes a file, older files kept
_FORM = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

log = logging.getLogger("bayline")


class _OnTerminal(logging.Handler):
    """Our own handler, so that it is found again. It asks for stderr at every line: who calls us may change it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except (OSError, ValueError):
            return  # nobody is there to read it


class _InFile(RotatingFileHandler):
    """What a full disk does not take is not written; nobody is told a second time by every line."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - name of logging
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def to_stderr(verbose: bool) -> None:
    """Show warnings on the terminal, and everything with ``verbose``."""
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _OnTerminal)]:
        root.removeHandler(old)
    handler = _OnTerminal()
    handler.setFormatter(logging.Formatter(_FORM if verbose else "%(levelname)s: %(message)s"))
    handler.setLevel(logging.DEBUG if verbose else logging.WARNING)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    if verbose:
        for chatty in ("asyncio", "can", "websockets"):  # a line a frame would bury everything else
            logging.getLogger(chatty).setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore"):  # terminals talk every few seconds, and each keeps its own log of it
        logging.getLogger(chatty).setLevel(logging.WARNING)


def to_file(home: Path) -> Path | None:
    """Write to ``logs/bayline.log`` in ``home`` from now on; None when the disk does not let us."""
    file = home / FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and not file.is_file():  # opening a pipe would wait for its reader
            raise OSError(tr("this is not a file"))
        handler = _InFile(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        log.warning("%s cannot be written: %s", file, error.strerror or error)
        return None
    handler.setFormatter(logging.Formatter(_FORM))
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    threading.excepthook = _thread_ended
    return file


def close_file() -> None:
    """Let go of the file, so that its folder can be removed (Windows refuses while it is open)."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()
    threading.excepthook = threading.__excepthook__


def _thread_ended(arguments: threading.ExceptHookArgs) -> None:
    """A thread that dies must leave a trace where somebody looks the next day, and on stderr as ever."""
    if arguments.exc_value is not None:
        name = arguments.thread.name if arguments.thread is not None else "?"
        log.error("the thread %s ended", name, exc_info=arguments.exc_value)
