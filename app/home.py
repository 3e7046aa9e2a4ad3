"""The folder where a terminal keeps everything: settings, vehicles, recordings, logs. One running terminal has one."""

import os
import sys
import time
from pathlib import Path

from app.failure import BadArgument, Failure
from core.diagnostics.files import FolderLock, make_folder
from core.language import tr

VARIABLE = "BAYLINE_HOME"
PATIENCE_S = 3.0  # a command like "bayline peers" holds a folder for a moment; a terminal that starts then waits
_LOOK_S = 0.05


def default_home() -> Path:
    """Where programs keep their data on this system: XDG Base Directory, Apple's and Microsoft's guidelines."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Bayline"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Bayline"
    named = os.environ.get("XDG_DATA_HOME", "")
    # "All paths must be absolute. … a relative path … should be considered invalid and ignored": XDG Base Directory.
    base = Path(named) if named and Path(named).is_absolute() else Path.home() / ".local" / "share"
    return base / "bayline"


def named_home(given: Path | None) -> Path | None:
    """The folder a person named with ``--home`` or ``BAYLINE_HOME``, in this order; None when nobody did.

    Raises ``BadArgument``.
    """
    named = given if given is not None else os.environ.get(VARIABLE, "").strip()
    if not named:
        return None
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError as error:  # "~nobody"; pathlib: "If the home directory can't be resolved"
        raise BadArgument(
            tr("There is no such user's folder: {path}. Choose another one with --home.", path=named)
        ) from error


def chosen_home(given: Path | None) -> Path:
    """The folder to use: the named one, or the system's usual place. Raises ``Failure``."""
    named = named_home(given)
    if named is not None:
        return named
    try:
        return default_home()
    except RuntimeError as error:
        raise Failure(tr("This user has no folder of its own. Choose a data folder with --home.")) from error


class Home:
    """A data folder that is ours from ``take`` to ``release``; the system lets go of it when the process dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FolderLock(folder)

    def take(self) -> None:
        """Create the folder if need be, and keep others out. Raises ``Failure``."""
        if not self.try_to_take(PATIENCE_S):
            raise Failure(
                tr(
                    "Another Bayline is running with the data folder {path}. Close it, or choose another folder with "
                    "--home.",
                    path=self.folder,
                )
            )

    def try_to_take(self, patience_s: float = 0.0) -> bool:
        """As ``take``; False when another process has it and keeps it for ``patience_s``. Raises ``Failure``."""
        deadline = time.monotonic() + patience_s
        try:
            if not self.folder.is_dir():
                make_folder(self.folder)
                self.folder.chmod(0o700)  # customers and their cars are nobody else's business on this computer
            while not self._lock.take():
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_LOOK_S)
        except OSError as error:
            raise Failure(
                tr(
                    "The data folder {path} cannot be used: {why}. Choose another one with --home.",
                    path=self.folder,
                    why=error.strerror or error,
                )
            ) from error
        return True

    def release(self) -> None:
        self._lock.release()
