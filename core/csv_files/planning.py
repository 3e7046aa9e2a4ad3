"""What an import would do, over the whole file, before a row of it is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.csv_files.cells import CellError, Style, guessed
from core.csv_files.kinds import CUSTOMERS, HISTORY, KINDS, PARTS, VEHICLES, Kind, What
from core.csv_files.mappings import Mapping as Mapped
from core.csv_files.mappings import MappingError, matched
from core.csv_files.reading import Row, Table
from core.language import tr
from core.people import customers
from core.people.models import ContactWay, Customer
from core.people.roles import Actor, require
from core.records.input import Check, Fields, Value, Wrong, whole
from core.vehicles import vehicles
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS, Vehicle
from core.vehicles.odometer import kilometres
from core.vehicles.vin import length_problem
from core.workshop import parts
from core.workshop.invoice_reading import local_day
from core.workshop.models import RepairOrder
from core.workshop.parts_models import Part, Supplier

_CHECKED: Mapping[str, Fields] = {"vehicles": vehicles.FIELDS, "customers": customers.FIELDS, "parts": parts.FIELDS}
# What becomes a row of another table.
_LIMITS: Mapping[str, Check] = {
    "odometer_km": kilometres,
    "stock": whole(-parts.MOST, parts.MOST),
    "cost": whole(-parts.DEAREST, parts.DEAREST),
}
# Words of a few fields that have a key of their own, in the languages of the program and as files often have them.
_KNOWN: Mapping[str, Mapping[str, str]] = {
    "fuel_type": {"gasoline": "petrol", "benzin": "petrol", "gas": "petrol", "elektro": "electric", "ev": "electric"},
    "transmission": {"schaltgetriebe": "manual", "automatik": "automatic"},
    "status": {},
}
_CODES = ("number", "barcode")  # of a part
_TABLES: Mapping[str, Mapping[str, str]] = {
    "fuel_type": FUEL_TYPES, "transmission": TRANSMISSIONS, "status": STATUSES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be kept. ``column``: theirs, or ours when the file has none; ``cure``: what to do about it."""

    line: int
    column: str
    text: str
    words: str
    cure: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that will be written."""

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What was read, and what would become of it. ``columns``: ours to theirs; ``unused``: theirs that nothing takes.

    ``already``: lines that are in the records, and stay as they are there. ``new_names``: customers or suppliers that
    will be made along.
    """

    kind: str
    encoding: str
    delimiter: str
    style: Style
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    total: int
    rows: tuple[PlannedRow, ...]
    already: tuple[int, ...]
    problems: tuple[RowProblem, ...]
    new_names: tuple[str, ...] = ()

    @property
    def bad_lines(self) -> int:
        """How many lines have a problem."""
        return len({each.line for each in self.problems})


@dataclass(slots=True)
class _Known:
    """What is in the records already: keys of rows, and ids by name."""

    keys: set[tuple[str, ...]] = field(default_factory=set)
    vehicles: dict[tuple[str, str], str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)  # numbers and barcodes, and what has them


def plan_import(session: Session, actor: Actor, table: Table, mapping: Mapped) -> ImportPlan:
    """Read and check every row of ``table``. Writes nothing. Raises ``Denied``, ``MappingError``."""
    require(actor, "records.import")
    kind = KINDS[mapping.kind]
    places = matched(kind, table.header, mapping)
    _check_columns(kind, places, mapping)
    style = _style(kind, places, table, mapping)
    known = _known(session, kind)
    rows: list[PlannedRow] = []
    already: list[int] = []
    problems: list[RowProblem] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        values, wrong = _values(kind, places, table, mapping, (row, style))
        wrong += list(_of_kind(kind, values, known, row))
        if wrong:
            problems += wrong
            continue
        keys = tuple(_visit_keys(values, known) if kind is HISTORY else _keys(kind, values))
        twice = next((seen[key] for key in keys if key in seen), None)
        if any(key in known.keys for key in keys):
            already.append(row.line)
        elif twice is not None and kind is not HISTORY:
            words = tr("This stands in line {line} already.", line=twice)
            problems.append(RowProblem(row.line, next(iter(kind.columns)), "", words, tr("Delete one of the two.")))
        else:
            rows.append(PlannedRow(row.line, values))
        for key in keys:
            seen.setdefault(key, row.line)
    by = {"vehicles": "customer", "parts": "supplier"}.get(kind.name, "")
    named = {str(each.values[by]) for each in rows if each.values.get(by)} if by else set()
    used = set(places.values())
    return ImportPlan(
        kind=kind.name,
        encoding=table.encoding,
        delimiter=table.delimiter,
        style=style,
        columns={ours: table.header[place] for ours, place in places.items()},
        unused=tuple(name for place, name in enumerate(table.header) if name and place not in used),
        total=len(table.rows),
        rows=tuple(rows),
        already=tuple(already),
        problems=tuple(sorted(problems, key=lambda each: each.line)),
        new_names=tuple(sorted(each for each in named if each.casefold() not in known.names)),
    )


def vehicle_key(plate: object, vin: object) -> Iterator[tuple[str, str]]:
    """By what a vehicle is known again: its VIN, else its plate without blanks and hyphens."""
    if vin:
        yield "vin", str(vin).upper()
    if plate:
        yield "plate", "".join(sign for sign in str(plate).upper() if sign.isalnum())


def _check_columns(kind: Kind, places: Mapping[str, int], mapping: Mapped) -> None:
    there = {*places, *(name for name, value in mapping.constants.items() if value)}
    missing = [column.words for name, column in kind.columns.items() if column.required and name not in there]
    missing += [kind.columns[name].words for name in mapping.needs if name not in there and "vin" not in there]
    if kind is HISTORY and not {"plate", "vin"} & there:
        missing.append(kind.columns["plate"].words)
    if missing:
        words = ", ".join(dict.fromkeys(tr(each) for each in missing))
        raise MappingError(tr("The file has no column for: {names}. Name it in a mapping.", names=words))


def _style(kind: Kind, places: Mapping[str, int], table: Table, mapping: Mapped) -> Style:
    def cells(what: What) -> Iterator[str]:
        for ours, place in places.items():
            if kind.columns[ours].what is what:
                yield from (row.cells[place] for row in table.rows if place < len(row.cells))

    # Where a comma is the decimal sign, a semicolon parts the cells: that decides what the numbers leave open.
    usual = Style(decimal="," if table.delimiter == ";" else ".", distance=mapping.distance)
    style = guessed(cells(What.DAY), cells(What.NUMBER), style=usual)
    if mapping.decimal in (".", ","):
        style = replace(style, decimal=mapping.decimal)
    if mapping.day_order is not None:
        style = replace(style, day_order=mapping.day_order, sure=True)
    return style


def _values(
    kind: Kind, places: Mapping[str, int], table: Table, mapping: Mapped, read: tuple[Row, Style]
) -> tuple[dict[str, Value], list[RowProblem]]:
    row, style = read
    values: dict[str, Value] = {}
    problems: list[RowProblem] = []
    if len(row.cells) > len(table.header) and any(row.cells[len(table.header) :]):
        words = tr(
            "This line has {count} cells, the first one {header}.", count=len(row.cells), header=len(table.header)
        )
        problems.append(
            RowProblem(row.line, "", "", words, tr("Put cells with a delimiter in them into quotation marks."))
        )
    texts = {ours: (row.cells[place] if place < len(row.cells) else "") for ours, place in places.items()}
    for ours, text in {**mapping.constants, **texts}.items():
        column = kind.columns[ours]
        theirs = table.header[places[ours]] if ours in places else ours
        try:
            value = column.parse(text, style)
            if isinstance(value, str) and ours in _TABLES:
                value = _word(ours, value)
            value = _checked(kind, ours, value)
        except CellError as error:
            problems.append(RowProblem(row.line, theirs, text, str(error), error.cure))
            continue
        except Wrong as wrong:
            problems.append(RowProblem(row.line, theirs, text, str(wrong), tr("Mend the cell, or empty it.")))
            continue
        if value is None and column.required:
            words = tr("“{column}” is needed.", column=tr(column.words))
            problems.append(RowProblem(row.line, theirs, text, words, tr("Fill the cell, or delete the line.")))
        elif value is not None:
            values[ours] = value
    return values, problems


def _checked(kind: Kind, ours: str, value: Value) -> Value:
    """The value as the room keeps it. Raises ``Wrong``."""
    fields = _CHECKED.get(kind.name)
    if value is None or fields is None or ours not in set(fields):
        return _LIMITS[ours](value) if ours in _LIMITS else value
    return fields[ours].check(value)


def _word(ours: str, text: str) -> str:
    """The key of a word that is known in any language the program speaks; other words stay as they are."""
    plain = text.casefold()
    for key, words in _TABLES[ours].items():
        if plain in (key, key.replace("_", " "), words.casefold(), tr(words).casefold()):
            return key
    return _KNOWN[ours].get(plain, text)


def _of_kind(kind: Kind, values: Mapping[str, Value], known: _Known, row: Row) -> Iterator[RowProblem]:
    """What is wrong with a row as a whole."""
    if kind is VEHICLES and values.get("vin"):
        year = values.get("year")
        words = length_problem(str(values["vin"]), year if isinstance(year, int) else None)
        if words:
            yield RowProblem(row.line, "vin", str(values["vin"]), words, tr("Compare it with the papers, or empty it."))
    if kind is PARTS:
        yield from _of_parts(values, known, row)
    if kind is HISTORY and not any(
        key in known.vehicles for key in vehicle_key(values.get("plate"), values.get("vin"))
    ):
        text = str(values.get("plate") or values.get("vin") or "")
        words = tr("There is no vehicle “{plate}” here.", plate=text)
        yield RowProblem(row.line, "plate", text, words, tr("Import or enter the vehicle first."))


def _of_parts(values: Mapping[str, Value], known: _Known, row: Row) -> Iterator[RowProblem]:
    """What ``create_part`` would refuse of a part that is not here yet."""
    if next(_keys(PARTS, values)) not in known.keys:
        for name in _CODES:
            value = str(values.get(name) or "")
            if value and (name, value.casefold()) in known.codes:
                other = known.codes[name, value.casefold()]
                words = tr("“{name}” has this already.", name=other)
                yield RowProblem(row.line, name, value, words, tr("Mend the cell, or empty it."))
    least, most = values.get("minimum"), values.get("order_up_to")
    if isinstance(least, int) and isinstance(most, int) and most < least:
        words = tr("This is less than the minimum.")
        yield RowProblem(row.line, "order_up_to", "", words, tr("Mend the cell, or empty it."))


def _keys(kind: Kind, values: Mapping[str, Value]) -> Iterator[tuple[str, ...]]:
    """By what a row is known again."""
    if kind is VEHICLES:
        yield from vehicle_key(values.get("plate"), values.get("vin"))
    elif kind is CUSTOMERS:
        ways = [str(values[way]).casefold() for way in ("phone", "mobile", "email") if values.get(way)]
        yield from ((str(values.get("name")).casefold(), way) for way in ways or [""])
    elif kind is PARTS:
        yield str(values.get("number")).casefold(), str(values.get("manufacturer") or "").casefold()
        for name in _CODES:  # leads to one part only, whoever made it
            if values.get(name):
                yield name, str(values[name]).casefold(), ""


def _visit_keys(values: Mapping[str, Value], known: _Known) -> Iterator[tuple[str, ...]]:
    """A visit is known again by its vehicle, its day and what was done."""
    keys = vehicle_key(values.get("plate"), values.get("vin"))
    vehicle = next((known.vehicles[key] for key in keys if key in known.vehicles), None)
    if vehicle is not None:
        yield vehicle, str(values.get("date")), str(values.get("description")).casefold()


def _known(session: Session, kind: Kind) -> _Known:
    found = _Known()

    def rows(*columns: Any) -> Any:
        return session.execute(select(*columns).where(columns[0].class_.deleted_at.is_(None)))

    readers: Mapping[str, Callable[[], None]] = {
        "vehicles": lambda: _know_vehicles(found, rows),
        "history": lambda: _know_vehicles(found, rows),
        "customers": lambda: _know_customers(session, found, rows),
        "parts": lambda: _know_parts(found, rows),
    }
    readers[kind.name]()
    if kind is HISTORY:
        order = RepairOrder
        found.keys = {
            (str(vehicle), local_day(opened), str(complaint).casefold())
            for vehicle, opened, complaint in rows(order.vehicle_id, order.opened_at, order.complaint)
            if opened is not None
        }
    return found


def _know_vehicles(found: _Known, rows: Any) -> None:
    for id_, plate, vin in rows(Vehicle.id, Vehicle.plate, Vehicle.vin):
        for key in vehicle_key(plate, vin):
            found.keys.add(key)
            found.vehicles.setdefault(key, id_)
    found.names.update(str(name).casefold() for (name,) in rows(Customer.name) if name)


def _know_customers(session: Session, found: _Known, rows: Any) -> None:
    ways: dict[str, list[str]] = {}
    for customer, value in session.execute(
        select(ContactWay.customer_id, ContactWay.value).where(ContactWay.deleted_at.is_(None))
    ):
        ways.setdefault(str(customer), []).append(str(value).casefold())
    for id_, name in rows(Customer.id, Customer.name):
        found.keys.update((str(name).casefold(), way) for way in ways.get(id_, [""]))


def _know_parts(found: _Known, rows: Any) -> None:
    for _, number, manufacturer, barcode, name in rows(
        Part.id, Part.number, Part.manufacturer, Part.barcode, Part.name
    ):
        found.keys.add((str(number).casefold(), str(manufacturer or "").casefold()))
        for code, value in zip(_CODES, (number, barcode), strict=True):
            if value:
                found.codes.setdefault((code, str(value).casefold()), str(name or value))
    found.names.update(str(name).casefold() for (name,) in rows(Supplier.name) if name)
