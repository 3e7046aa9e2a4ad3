"""People at terminals: they type vehicles, readings and orders, and note what the terminal said it had kept."""

import http.client
import random
import threading
import time
from http import HTTPStatus
from itertools import count
from typing import Any

from tests.end_to_end.workshop.ledger import ORDERS, READINGS, VEHICLES, Ledger
from tests.end_to_end.workshop.processes import Terminal

KEPT = (HTTPStatus.OK, HTTPStatus.CREATED)
NOT_NOW = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.UNAUTHORIZED)  # it stops; it has not heard of the token yet
STATUSES = ("diagnosing", "in_progress", "ready")
IDLE = 5.0  # s; the server hangs up after 15
_PATHS = {VEHICLES: "/api/v1/vehicles", ORDERS: "/api/v1/repair-orders"}


class Hand:
    """Somebody at one terminal. Everything typed is unlike anything else ever typed, but for the status of orders."""

    def __init__(self, terminal: Terminal, ledger: Ledger, seed: str) -> None:
        self.terminal = terminal
        self.name = seed
        self.refusals: list[str] = []
        self.shared: list[tuple[str, str]] = []  # rows that everybody writes to: table and id
        self._ledger = ledger
        self._random = random.Random(seed)
        self._numbers = count(1)
        self._own: list[str] = []
        self._line = terminal.line()
        self._process = terminal.process
        self._asked_at = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def write(self, changes: int) -> None:
        """So many changes, as fast as they are kept."""
        for _ in range(changes):
            self._something()

    def begin(self, pause: float = 0.02, most: int | None = None) -> None:
        """Go on writing until ``end``, or ``most`` changes, whatever happens to the terminal."""

        def run() -> None:
            for done in count():
                if self._stopping.is_set() or done == most:
                    return
                self._something()
                self._stopping.wait(pause * self._random.random())

        self._stopping.clear()
        self._thread = threading.Thread(target=run, name=f"hand-{self.name}", daemon=True)
        self._thread.start()

    def end(self, *, stop: bool = True) -> None:
        """``stop``: now; else when ``most`` are written."""
        if stop:
            self._stopping.set()
        if self._thread is not None:
            self._thread.join(600)
            assert not self._thread.is_alive(), f"{self.name} still waits for an answer"
            self._thread = None

    def new_vehicle(self) -> str | None:
        """Its id; None when it was not kept."""
        number = next(self._numbers)
        fields = {"plate": f"{self.name}-{number}", "color": self._word()}
        kilometres = self._kilometres()
        made = self._send("POST", _PATHS[VEHICLES], {**fields, "odometer_km": kilometres})
        if made is None:
            return None
        row = str(made["id"])
        self._own.append(row)
        self._ledger.note(self.name, VEHICLES, row, fields, kept=True)
        self._ledger.note(self.name, READINGS, row, {"value": kilometres}, kept=True)
        return row

    def new_order(self, vehicle: str) -> str | None:
        """A repair order everybody may write to."""
        fields = {"vehicle_id": vehicle, "complaint": self._word()}
        made = self._send("POST", _PATHS[ORDERS], fields)
        if made is None:
            return None
        self._ledger.note(self.name, ORDERS, made["id"], fields, kept=True)
        return str(made["id"])

    def change(self, table: str, row: str, fields: dict[str, Any]) -> bool:
        """Whether it was kept."""
        kept = self._send("PATCH", f"{_PATHS[table]}/{row}", fields) is not None
        kilometres = fields.pop("odometer_km", None)
        self._ledger.note(self.name, table, row, fields, kept=kept)
        if kilometres is not None:
            self._ledger.note(self.name, READINGS, row, {"value": kilometres}, kept=kept)
        return kept

    def _something(self) -> None:
        chance = self._random.random()
        if chance < 0.5 or not self._own:
            self.new_vehicle()
        elif chance < 0.7 and self.shared:
            table, row = self._random.choice(self.shared)
            field = self._random.choice(("complaint", "key_tag") if table == ORDERS else ("notes", "color", "make"))
            self.change(table, row, {field: self._word()})
        elif chance < 0.75 and any(table == ORDERS for table, _ in self.shared):
            table, row = self._random.choice([each for each in self.shared if each[0] == ORDERS])
            self.change(table, row, {"status": self._random.choice(STATUSES)})
        elif chance < 0.85:
            self.change(VEHICLES, self._random.choice(self._own), {"odometer_km": self._kilometres()})
        else:
            self.change(VEHICLES, self._random.choice(self._own), {"notes": self._word(), "make": self._word()})

    def _send(self, method: str, path: str, fields: dict[str, Any]) -> dict[str, Any] | None:
        """What the terminal says it has kept; None when it was killed meanwhile, or would not."""
        now = time.monotonic()
        # Another program than the line leads to, or one that has hung up for want of news.
        if self._process is not self.terminal.process or now - self._asked_at > IDLE:
            self._process = self.terminal.process
            self._line.close()
        self._asked_at = now
        try:
            status, said = self.terminal.ask(method, path, fields, over=self._line)
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.1)
            return None
        if status in KEPT:
            assert isinstance(said, dict)
            return said
        if status not in NOT_NOW:
            self.refusals.append(f"{self.name}: {method} {path} {fields}: {status} {said}")
        time.sleep(0.1)
        return None

    def _word(self) -> str:
        return f"{self.name}.{next(self._numbers)}"

    def _kilometres(self) -> int:
        return 1000 + next(self._numbers)
