"""What terminals said they had kept, held against what every terminal has in the end."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VEHICLES, ORDERS, READINGS = "vehicles", "repair_orders", "odometer_readings"

Cell = tuple[str, str, str]  # table, row (of a reading: its vehicle's), field


@dataclass(frozen=True, slots=True)
class Write:
    """One value somebody typed. ``kept``: the terminal said so; else it was killed, and either may be true."""

    writer: str
    cell: Cell
    value: Any
    kept: bool


class Ledger:
    """Written by many threads; read when they are done. A writer writes one thing after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writes: list[Write] = []

    def note(self, writer: str, table: str, row: str, fields: Mapping[str, Any], *, kept: bool) -> None:
        new = [Write(writer, (table, row, name), value, kept) for name, value in fields.items()]
        with self._lock:
            self._writes += new

    @property
    def kept(self) -> int:
        return sum(each.kept for each in self._writes)

    def lost(self, feed: Iterable[Mapping[str, Any]]) -> list[Write]:
        """What was kept and is not in a terminal's log."""
        there = set(_cells(feed))
        return [each for each in self._writes if each.kept and (each.cell, _text(each.value)) not in there]

    def unexplained(self, shown: Mapping[Cell, Any]) -> list[str]:
        """Shown values that nobody wrote last: where several wrote, one of their last values is shown."""
        last = self._last()
        return [
            f"{cell} shows {value!r}, and was last written {last[cell]!r}"
            for cell, value in shown.items()
            if _text(value) not in map(_text, last[cell])
        ]

    def cells(self, table: str) -> dict[str, set[str]]:
        """The fields that were written, by row."""
        found: dict[str, set[str]] = defaultdict(set)
        for each in self._writes:
            if each.cell[0] == table:
                found[each.cell[1]].add(each.cell[2])
        return found

    def contested(self) -> int:
        """Cells that several wrote."""
        writers: dict[Cell, set[str]] = defaultdict(set)
        for each in self._writes:
            writers[each.cell].add(each.writer)
        return sum(len(each) > 1 for each in writers.values())

    def _last(self) -> dict[Cell, list[Any]]:
        """What may be shown: of each writer the last value that was kept, and those after it."""
        found: dict[Cell, dict[str, list[Any]]] = defaultdict(dict)
        for each in self._writes:
            by_writer = found[each.cell]
            if each.kept:
                by_writer[each.writer] = []
            by_writer.setdefault(each.writer, []).append(each.value)
        kept = {each.cell for each in self._writes if each.kept}
        empty = {cell: [None] for cell in found.keys() - kept}  # perhaps nobody ever wrote it
        return {
            cell: [*empty.get(cell, ()), *(value for values in by_writer.values() for value in values)]
            for cell, by_writer in found.items()
        }


def _cells(feed: Iterable[Mapping[str, Any]]) -> Iterable[tuple[Cell, str]]:
    for change in feed:
        for row in change["rows"]:
            about = row["fields"].get("vehicle_id") if row["table"] == READINGS else row["id"]
            for name, value in row["fields"].items():
                yield (row["table"], str(about), name), _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def differences(reports: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """How the ``bayline check --json`` of terminals differ in tables and vectors, and what each finds wrong."""
    found: list[str] = []
    first, *others = reports.items()
    for name, report in reports.items():
        found += [f"{name}: {part} is {report[part]}" for part in ("integrity", "chain") if report[part] != "ok"]
        found += [f"{name}: files {report['files']}"] if report["files"]["corrupt"] else []
    for name, report in others:
        for part in ("tables", "vector"):
            if report[part] != first[1][part]:
                found.append(f"{first[0]} and {name} differ in {part}: {_apart(first[1][part], report[part])}")
    return found


def _apart(one: Mapping[str, Any], two: Mapping[str, Any]) -> Sequence[str]:
    keys = sorted({*one, *two})
    return [f"{key}: {one.get(key)} / {two.get(key)}" for key in keys if one.get(key) != two.get(key)]
