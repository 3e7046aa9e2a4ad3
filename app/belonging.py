"""The workshop a running terminal belongs to: opened before the page, closed after it.

Records that cannot be opened - the disk is full, the file damaged or a newer program's - do not stop the gauges: the
terminal runs without them and says why.
"""

import logging
from pathlib import Path

from core.language import tr
from core.records.errors import RecordsError
from core.sync.bay import Bay, NotFoundedError
from core.sync.founding import is_founded
from core.trust.errors import TrustError

log = logging.getLogger(__name__)


class Belonging:
    """What ``home`` says of a workshop. ``bay`` is None outside of one, and while its records cannot be opened.

    ``database``: the URL of its records, when they are not in ``home``.
    """

    def __init__(self, home: Path, database: str | None = None) -> None:
        self._home = home
        self.database = database
        self.founded = is_founded(home)
        self.bay: Bay | None = None

    def open(self) -> str:
        """Open the records when the terminal is in a workshop; why not, in words, or ""."""
        self.founded = is_founded(self._home)
        if not self.founded or self.bay is not None:
            return ""
        try:
            self.bay = Bay.open(self._home, self.database)
        except (RecordsError, TrustError, NotFoundedError, OSError) as error:
            log.exception("the records were not opened")
            why = str(getattr(error, "strerror", None) or error)
            return tr("The gauges work, but the workshop's records do not. {why}", why=why)
        return ""

    def close(self) -> None:
        """May be called twice."""
        bay, self.bay = self.bay, None
        if bay is not None:
            bay.close()
