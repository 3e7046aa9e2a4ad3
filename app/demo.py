"""The demo garage: a throw-away data folder, and a simulated car in a process of its own that ends when we do."""

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.failure import Failure
from app.home import Home, named_home
from app.saying import complain
from core.diagnostics.files import FolderLock
from core.language import tr

ADAPTER = "usb115200"
CAR = "demo"  # resources/cars/demo.toml
START_S = 20.0  # a Raspberry Pi takes five to import everything
STOP_S = 2.0
PREFIX = "bayline-demo-"
_YOUNG_S = 60.0  # another demo may be about to lock the folder it has just made


MARK = "demo-garage.txt"  # says that a named folder was made by a demo and holds nothing real


@contextmanager
def garage(given: Path | None) -> Iterator[Home]:
    """The demo's data folder: the one a person named, which is kept, or a throw-away one.

    A named folder that holds a real garage is left alone: demo recordings do not belong between real ones.
    """
    named = named_home(given)
    if named is not None and _real(named):
        complain(tr("{path} holds a real garage; the demo leaves it alone and uses a throw-away one.", path=named))
        named = None
    if named is None:
        with throw_away_home() as home:
            yield home
        return
    home = Home(named)
    home.take()
    try:
        with contextlib.suppress(OSError):
            (named / MARK).write_text(tr("A demo garage of Bayline: nothing in this folder is real.") + "\n", "utf-8")
        yield home
    finally:
        home.release()


def _real(folder: Path) -> bool:
    """Whether somebody's own terminal has been at work there."""
    if not folder.is_dir() or (folder / MARK).exists():
        return False
    return any(one.name not in ("lock", "logs") for one in folder.iterdir())


@contextmanager
def throw_away_home() -> Iterator[Home]:
    """A data folder of this run's own, taken, and removed at the end."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    home = Home(folder)
    try:
        home.take()
        try:
            yield home
        finally:
            home.release()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what demos that were killed left behind: our own folders that nobody has locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            about = folder.stat(follow_symlinks=False)
            mine = not hasattr(os, "getuid") or about.st_uid == os.getuid()
            if not mine or folder.is_symlink() or time.time() - about.st_mtime < _YOUNG_S:
                continue
            lock = FolderLock(folder)
            if lock.take():
                lock.release()
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def simulated_car(seed: int, adapter: str = ADAPTER, car: str = CAR) -> Iterator[str]:
    """A car behind an adapter, in another process, so that it takes no time from ours; yields its address.

    The process watches its standard input, which closes when this process ends, however it ends (``kill -9`` too).
    """
    arguments = ["simulate", "--listen", "tcp:127.0.0.1:0", "--adapter", adapter, "--car", car]
    # A group of its own: Ctrl+C in a terminal goes to the whole group, and the car is to stop after us, not before.
    process = subprocess.Popen(
        [*_ourselves(), *arguments, "--seed", str(seed), "--end-with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
        process_group=None if sys.platform == "win32" else 0,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # Windows has no groups to join
    )
    try:
        yield _address(process)
    finally:
        _end(process)


def _ourselves() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable]  # a bundle of PyInstaller is its own interpreter
    return [sys.executable, "-P", "-m", "app.main"]  # -P: whatever lies in the current folder is not ours


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent)
    path = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{path}" if path else root}


def _address(process: "subprocess.Popen[str]") -> str:
    """The address in the one line the simulator prints."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert process.stdout is not None
    reader = threading.Thread(target=lambda out: said.put(out.readline()), args=(process.stdout,), daemon=True)
    reader.start()
    try:
        line = said.get(timeout=START_S)
    except queue.Empty:
        line = ""
    words = line.split()
    if words[:2] != ["listening", "on"] or len(words) != 3:
        raise Failure(tr("The simulated car could not be started."))
    return words[2]


def _end(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_S)
