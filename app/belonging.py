"""The workshop a running terminal belongs to: opened before the page, closed after it.

Records that cannot be opened - the disk is full, the file damaged or a newer program's - do not stop the gauges: the
terminal runs without them and says why.
"""

import logging
import threading
from pathlib import Path

from app.database import place_of_records
from app.failure import Failure
from app.numbering import Numbering
from core.language import tr
from core.records.errors import RecordsError
from core.sync.bay import Bay, NotFoundedError
from core.sync.founding import is_founded
from core.trust.errors import TrustError

log = logging.getLogger(__name__)

UPKEEP_FIRST_S = 600.0  # a terminal that starts has better things to do
UPKEEP_EVERY_S = 24 * 3600.0
UPKEEP_STOP_S = 1.0


class Belonging:
    """What ``home`` says of a workshop. ``bay`` is None outside of one, and while its records cannot be opened.

    ``database``: the URL of its records, when they are not in ``home``.
    """

    def __init__(self, home: Path, database: str | None = None) -> None:
        self._home = home
        self.database = database
        self.founded = is_founded(home)
        self.bay: Bay | None = None
        self._closing = threading.Event()
        self._upkeep: threading.Thread | None = None
        self._numbering: Numbering | None = None

    def open(self) -> str:
        """Open the records when the terminal is in a workshop; why not, in words, or ""."""
        self.founded = is_founded(self._home)
        if not self.founded or self.bay is not None:
            return ""
        try:
            place_of_records(self._home, self.database)
            self.bay = Bay.open(self._home, self.database)
        except (Failure, RecordsError, TrustError, NotFoundedError, OSError) as error:
            log.debug("where it came from:", exc_info=error)
            why = str(getattr(error, "strerror", None) or error)
            return tr(
                "The gauges work, but the workshop's records do not. {why} Then start this terminal again.", why=why
            )
        self._closing.clear()
        self._upkeep = threading.Thread(target=self._keep_up, args=(self.bay,), name="records-upkeep", daemon=True)
        self._upkeep.start()
        self._numbering = Numbering(self.bay.records)
        self._numbering.start()
        return ""

    def close(self) -> None:
        """May be called twice."""
        bay, self.bay = self.bay, None
        self._closing.set()
        if self._numbering is not None:
            self._numbering.stop()
        if bay is not None:
            bay.close()
        if self._upkeep is not None:
            self._upkeep.join(UPKEEP_STOP_S)

    def _keep_up(self, bay: Bay) -> None:
        """Let go of old changes that every terminal has, now and then; in a thread of its own."""
        wait = UPKEEP_FIRST_S
        while not self._closing.wait(wait):
            wait = UPKEEP_EVERY_S
            try:
                let_go = bay.let_go()
            except RecordsError as error:
                log.warning("old changes were not let go: %s", error)
                continue
            if let_go:
                log.info("%s old changes were let go: every terminal has them", let_go)
