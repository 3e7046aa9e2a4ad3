"""Two copies of one disk that both write while they talk: they are not told that their rows are damaged."""

import sqlite3
from typing import Any

from sqlalchemy.orm import Session

from core.records.records import Records
from core.sync.exchange import Exchange
from core.workshop.models import RepairOrder


class _WhileTalking:
    """A line to ``other`` at whose hello both sides write, each its own next change."""

    def __init__(self, here: Records, other: Exchange) -> None:
        self.here, self.other = here, other

    def request(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        reply = self.other.answer(kind, message, "other")
        if kind == "hello":
            _open(self.here, "here")
            _open(self.other.records, "there")
            reply = self.other.answer(kind, message, "other")
        return reply


def _open(records: Records, number: str) -> None:
    def work(session: Session) -> None:
        session.add(RepairOrder(number=number))

    records.change("system", work)


def test_equal_numbers_of_different_changes_are_not_taken_for_equal_changes() -> None:
    disks = [f"file:/copies-{name}?vfs=memdb" for name in ("one", "other")]
    kept = [sqlite3.connect(disk, uri=True) for disk in disks]
    first = Records.open(f"sqlite:///{disks[0]}&uri=true", inline=True)
    _open(first, "before")
    kept[0].backup(kept[1])
    second = Records.open(f"sqlite:///{disks[1]}&uri=true", inline=True)
    assert first.site == second.site

    one, other = Exchange(first, device="one"), Exchange(second, device="other")
    result = one.round(_WhileTalking(first, other))

    assert (result.differs, result.repaired) == ((), 0)
    for records in (first, second):
        records.close()
    for disk in kept:
        disk.close()
