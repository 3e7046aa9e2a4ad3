"""Days of work at a terminal that hears nobody: so many changes, each a transaction, written before it serves.

``python -m tests.end_to_end.workshop.offline HOME CHANGES SEED`` prints how long they took.
"""

import json
import random
import sys
import time
from pathlib import Path

from sqlalchemy.orm import Session

from app.home import Home
from core.people.roles import SYSTEM
from core.sync.bay import Bay
from core.vehicles.vehicles import change_vehicle, create_vehicle


def work(home: Path, changes: int, seed: str) -> float:
    """Half new vehicles, a quarter of them with a reading, and half edits of one or two fields. Returns seconds."""
    lock = Home(home)
    lock.take()
    bay = Bay.open(home)
    try:
        began = time.monotonic()
        _write(bay, changes, random.Random(seed), seed)
        return time.monotonic() - began
    finally:
        bay.close()
        lock.release()


def _write(bay: Bay, changes: int, chance: random.Random, seed: str) -> None:
    own: list[str] = []
    for number in range(changes):
        made: dict[str, object] = {"plate": f"{seed}-{number}", "make": "Volkswagen", "model": "Golf", "year": 2019}
        edited: dict[str, object] = {"color": f"{seed}.{number}"}
        if chance.random() < 0.25:
            made["odometer_km"] = edited["odometer_km"] = 1000 + number

        def create(session: Session, fields: dict[str, object] = made) -> str:
            return create_vehicle(session, SYSTEM, fields).id

        def change(session: Session, fields: dict[str, object] = edited) -> str:
            return change_vehicle(session, SYSTEM, chance.choice(own), fields).id

        kept = bay.records.change(SYSTEM.reference, change if own and chance.random() < 0.5 else create).value
        if not own or kept != own[-1]:
            own.append(kept)


if __name__ == "__main__":
    print(json.dumps({"seconds": work(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])}))
