"""The certificate this terminal shows: made anew when its addresses change or its time comes, without a restart."""

import logging
import ssl
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from core.trust.contexts import LEAF_FILE, server_context
from core.trust.identity import Identity
from core.trust.key_files import read_private
from core.trust.root import WorkshopRoot

log = logging.getLogger(__name__)

Texts = Callable[[], Iterable[str]]


class Leaf:
    """TLS for the server of one terminal. ``names`` and ``addresses`` are what browsers may call it by, now.

    ``now_ms`` is UTC milliseconds. May be used by any thread.
    """

    def __init__(
        self, identity: Identity, root: WorkshopRoot, *, names: Texts, addresses: Texts, now_ms: Callable[[], int]
    ) -> None:
        self._identity = identity
        self._root = root
        self._names = names
        self._addresses = addresses
        self._now_ms = now_ms
        self._renewing = threading.Lock()
        self._chain = _kept(identity.folder / LEAF_FILE)
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """The context for the next handshake. Raises ``OSError`` and ``TrustError`` when none can be made."""
        context = self._context
        return context if context is not None else self.renew()

    def renew(self) -> ssl.SSLContext:
        """Make a new certificate if the one there no longer serves. Raises ``OSError`` and ``TrustError``."""
        with self._renewing:
            names, addresses, now = sorted(self._names()), sorted(self._addresses()), self._now_ms()
            good = self._root.is_good(self._chain, self._identity, names, addresses, at_ms=now)
            if not good:
                self._chain = self._root.issue(self._identity, names, addresses, at_ms=now)
                log.info("a new certificate for %s", ", ".join([*names, *addresses]))
            if self._context is None or not good:
                self._context = server_context(self._identity, self._chain)
            return self._context


def _kept(place: Path) -> str:
    """The chain of the last run; empty when there is none: a damaged one is no loss."""
    try:
        return read_private(place).decode("ascii")
    except (OSError, ValueError):
        return ""
