"""The PIN that leads out of kiosk mode, kept as an argon2 hash that only this user may read."""

import os
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.diagnostics.files import read_whole, sync_folder
from core.language import tr

LENGTHS = range(4, 9)  # digits


class PinFile:
    """``kiosk-pin`` in the data folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / "kiosk-pin"
        self._hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106, section 4, second choice

    def exists(self) -> bool:
        """Whether a PIN is set."""
        return self._path.is_file()

    def check(self, pin: str) -> bool:
        """Whether ``pin`` is the one that was set; a damaged or unreadable file lets nobody pass."""
        try:
            return self._hasher.verify(read_whole(self._path).decode("ascii").strip(), pin)
        except (VerificationError, InvalidHashError, OSError, UnicodeError):
            return False

    def set(self, pin: str) -> None:
        """Keep a new PIN of 4 to 8 digits; an empty one removes it. Raises ``OSError``, ``ValueError`` in words."""
        if not pin:
            self._path.unlink(missing_ok=True)
            return
        if not (pin.isascii() and pin.isdigit() and len(pin) in LENGTHS):
            raise ValueError(tr("A PIN has 4 to 8 digits."))
        self._write(self._hasher.hash(pin).encode("ascii"))

    def _write(self, data: bytes) -> None:
        """Replace the file in one step. It is born private: four digits are guessed from their hash in minutes."""
        beside = self._path.with_name(f".{self._path.name}.new")
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        sync_folder(self._path.parent)
