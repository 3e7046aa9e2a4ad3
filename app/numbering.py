"""The terminal that holds the series numbers what was issued elsewhere, as soon as it hears of it.

It listens to every change set and works on a thread of its own: who brought the change does not wait. What it finds at
its start, and after somebody chose another holder, it numbers too.
"""

import logging
import queue
import threading
from collections.abc import Callable

from core.people.roles import SYSTEM
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.records import Records
from core.workshop.invoice_numbers import holds_series, number_waiting_invoices, waiting

log = logging.getLogger(__name__)

STOP_S = 1.0
_EVERYTHING: frozenset[str] = frozenset()


class Numbering:
    """Runs from ``start`` to ``stop``."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._heard: queue.SimpleQueue[frozenset[str] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="invoice-numbering", daemon=True)
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        self._unsubscribe = self._records.subscribe(self._hear)
        self._heard.put(_EVERYTHING)
        self._thread.start()

    def stop(self) -> None:
        """Hear no more, and finish what is being written. May be called twice."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
            self._heard.put(None)
            self._thread.join(STOP_S)

    def _hear(self, changes: ChangeSet) -> None:
        if changes.touches("shop_details", "invoice_holder_id") or changes.touches("terminals"):
            self._heard.put(_EVERYTHING)
        elif invoices := changes.rows.get("invoices"):
            self._heard.put(frozenset(invoices))

    def _work(self) -> None:
        while (ids := self._heard.get()) is not None:
            try:
                self._number(ids)
            except RecordsError as error:  # a full disk: what waits is found again with the next change, or start
                log.warning("invoices could not be numbered: %s", error)

    def _number(self, ids: frozenset[str]) -> None:
        """Look first: nearly always there is nothing to do, and the writer need not be asked."""
        among = ids or None
        with self._records.read() as session:
            if not holds_series(session) or not waiting(session, among):
                return
        given = self._records.change(
            SYSTEM.reference, lambda session: number_waiting_invoices(session, SYSTEM, among=among)
        ).value
        if given:
            log.info("%s invoices were numbered", len(given))
