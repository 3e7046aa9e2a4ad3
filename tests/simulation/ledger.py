"""What has happened in a run, kept outside every terminal: each transaction as it was first seen, and who had it."""

import json
from dataclasses import dataclass, field

from core.records.rowstate import decode_stamps
from core.records.schema import Schema
from tests.simulation.disk import Disk

Filed = tuple[str, str, int]  # site, scope, number of a transaction


class BrokenPromiseError(AssertionError):
    """Something the records promise does not hold. ``promise`` is a word for it, the text says what was seen."""

    def __init__(self, promise: str, text: str) -> None:
        super().__init__(f"{promise}: {text}")
        self.promise = promise


@dataclass(slots=True)
class Ledger:
    """``transactions``: stamp -> operations text. ``acknowledged``: stamps that ``change`` returned for, and where.

    ``absorbed``: given up by a terminal that was seeded anew, when nothing of them would be shown any more;
    ``digests``: what every terminal that had exactly these transactions had in its rows.
    """

    transactions: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    absorbed: set[str] = field(default_factory=set)
    digests: dict[object, tuple[str, object]] = field(default_factory=dict)

    def acknowledge(self, stamp: str, where: str) -> None:
        if stamp in self.acknowledged:
            raise BrokenPromiseError("stamps", f"{where} wrote with a stamp that {self.acknowledged[stamp]} used")
        self.acknowledged[stamp] = where

    def look(self, name: str, disk: Disk) -> None:
        """Read the log on ``disk``: nothing that was there is gone, and nothing reads otherwise than elsewhere.

        After a fork one transaction may be filed under two sites; that it counts once is for the oracle to see.
        """
        filed: dict[str, Filed] = {}
        for stamp, site, scope, seq in disk.all("SELECT stamp, site, scope, seq FROM transactions"):
            filed[stamp] = (site, scope, seq)
        self._nothing_gone(name, disk, filed)
        for stamp in sorted(filed.keys() - disk.held.keys()):
            for (operations,) in disk.all("SELECT operations FROM transactions WHERE stamp = ?", stamp):
                if self.transactions.setdefault(stamp, operations) != operations:
                    raise BrokenPromiseError("log", f"{name} has other operations at {stamp}")
        disk.held |= filed

    def seeded_anew(self, disk: Disk, giver: Disk, schema: Schema) -> None:
        """All of the log was replaced. What is missing now has had its effect, or could have none any more."""
        there = {stamp for (stamp,) in disk.all("SELECT stamp FROM transactions")}
        for stamp in giver.held.keys() - there:  # it had its effect there and was let go of: the rows came, not the log
            disk.held[stamp] = giver.held[stamp]
        for stamp in sorted(disk.held.keys() - there - giver.held.keys()):
            if _outlived(disk, schema, stamp, self.transactions[stamp]):
                del disk.held[stamp]
                self.absorbed.add(stamp)

    @staticmethod
    def _nothing_gone(name: str, disk: Disk, filed: dict[str, Filed]) -> None:
        gone = disk.held.keys() - filed.keys()
        if not gone:
            return
        folded = {(site, scope): folded for site, scope, folded in disk.all("SELECT site, scope, folded FROM sites")}
        for stamp in sorted(gone):
            site, scope, seq = disk.held[stamp]
            if folded.get((site, scope), 0) < seq:
                raise BrokenPromiseError("kept", f"{name} no longer has {stamp} ({site}/{seq})")


def _outlived(disk: Disk, schema: Schema, stamp: str, operations: str) -> bool:
    """Whether every field a transaction wrote was written then or later in the rows of ``disk``."""
    for table, row, fields, _ in json.loads(operations):
        found = disk.all(f"SELECT stamps FROM {table} WHERE id = ?", row)
        stamps, heads = decode_stamps(found[0][0]) if found else ({}, {})
        for name in fields:
            newest = max([stamps.get(name, ""), *(each for each, _ in heads.get(name, ()))])
            if table in schema.tables and name in schema.tables[table].fields and newest < stamp:
                return False
    return True
