"""A copy of the workshop for a terminal that joins: made once for each, fetched in pieces, then removed.

``core.sync.seeding`` makes it, without anything that is the giver's own. It lies in the home's ``tmp`` folder, which is
emptied at every start.
"""

import contextlib
import hashlib
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER = "seeds"
KEPT_FOR = 1800.0  # s after it was last asked for
MOST = 3  # at a time; each is as large as the workshop

Write = Callable[[Path, Callable[[int, int], None]], None]


@dataclass(slots=True)
class Seed:
    """One copy. ``sha256`` is empty until it is complete; ``done`` of ``total`` rows are in it."""

    path: Path
    asked_at: float
    done: int = 0
    total: int = 0
    sha256: str = ""
    failure: BaseException | None = None
    dropped: bool = False
    making: "Future[None] | None" = field(default=None, repr=False)


class TooManySeedsError(Exception):
    """As many terminals are joining as can at a time."""


class Seeds:
    """The copies that are being fetched, by the device that fetches. Used on the server's loop only.

    ``write`` makes one at a path; it runs in ``pool`` and tells how far it is.
    """

    def __init__(
        self, folder: Path, write: Write, pool: Executor, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder / FOLDER
        self._write = write
        self._pool = pool
        self._clock = clock
        self._seeds: dict[str, Seed] = {}

    def get(self, device_id: str) -> Seed:
        """The copy for this device, begun when there is none; one that failed is told once, then begun anew.

        Raises ``TooManySeedsError``.
        """
        self._drop_old()
        seed = self._seeds.get(device_id)
        if seed is not None and seed.failure is not None:
            return self._seeds.pop(device_id)
        if seed is None:
            if len(self._seeds) >= MOST:
                raise TooManySeedsError
            seed = self._seeds[device_id] = Seed(self._folder / f"{uuid.uuid4().hex}.seed", self._clock())
            seed.making = self._pool.submit(self._make, seed)
        seed.asked_at = self._clock()
        return seed

    def drop(self, device_id: str) -> None:
        """It was fetched, or nobody wants it any more."""
        seed = self._seeds.pop(device_id, None)
        if seed is None:
            return
        seed.dropped = True
        if seed.making is not None:
            seed.making.cancel()
        _remove(seed.path)

    def close(self) -> None:
        for device_id in tuple(self._seeds):
            self.drop(device_id)

    def _drop_old(self) -> None:
        for device_id, seed in tuple(self._seeds.items()):
            if self._clock() - seed.asked_at > KEPT_FOR:
                self.drop(device_id)

    def _make(self, seed: Seed) -> None:
        def progress(done: int, total: int) -> None:
            seed.done, seed.total = done, total

        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(seed.path, progress)
            digest = hashlib.sha256()
            with seed.path.open("rb") as file:
                while piece := file.read(1 << 20):
                    digest.update(piece)
            seed.sha256 = digest.hexdigest()
            if seed.dropped:
                _remove(seed.path)
        except BaseException as failure:
            log.exception("the copy for a joining terminal could not be made")
            seed.failure = failure
            _remove(seed.path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
