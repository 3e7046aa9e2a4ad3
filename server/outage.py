"""A network that goes away is told once in words: the library behind discovery would write a traceback a socket."""

import errno
import logging
import os

log = logging.getLogger(__name__)
LIBRARY = "zeroconf"  # the name of its logger
GONE = frozenset(
    {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENODEV, errno.ENETRESET}
)


class Outage(logging.Filter):
    """While it watches, the library's complaints that the network is gone become one line an outage."""

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def watch(self) -> None:
        logging.getLogger(LIBRARY).addFilter(self)

    def end(self) -> None:
        logging.getLogger(LIBRARY).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the library may write this itself."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, OSError) or error.errno not in GONE:
            return True
        self.begins(os.strerror(error.errno))
        return False

    def begins(self, why: str) -> None:
        """The network is gone; it is told when it was not before."""
        if not self._told:
            self._told = True
            log.warning("the network is gone (%s): terminals find each other again once it is back", why)

    def over(self) -> None:
        """The network is there."""
        if self._told:
            self._told = False
            log.info("the network is back: terminals find each other again")
