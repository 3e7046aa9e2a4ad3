"""The session a person's change runs in: notes every synced field that is written, and refuses what goes around it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, PassiveFlag, Session
from sqlalchemy.orm.attributes import get_history

from core.records.fields import Merge, Synced
from core.records.ids import Entropy, is_id, new_id
from core.records.merging import Outcome, base_of, put_heads
from core.records.operations import Operation
from core.records.rowstate import RowState, decode_stamps, row_hash
from core.records.schema import FieldInfo, Schema, TableInfo, UnfitValueError, Value

_KEY = "bayline.capture"
_SHOWN = "deleted_at"


class AroundTheWriterError(RuntimeError):
    """A fault of ours: synced rows were to be written past the log."""


class FactChangedError(ValueError):
    """A fact was to be changed. Facts are written once; hide it and write another one."""


@dataclass(slots=True)
class _Row:
    info: TableInfo
    fields: dict[str, Value] = field(default_factory=dict)
    base: dict[str, str | list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Capture:
    """What one transaction writes. ``settled``: registers a person chose a value for, also if it is the shown one.

    ``wall_ms`` is the time it is made at; ``said_ms`` what this machine's clock said, which may be 2009.
    """

    schema: Schema
    stamp: str
    wall_ms: int
    entropy: Entropy
    said_ms: int
    rows: dict[tuple[str, str], _Row] = field(default_factory=dict)
    settled: set[tuple[str, str]] = field(default_factory=set)
    searched: dict[tuple[str, str], Synced] = field(default_factory=dict)

    def operations(self) -> list[Operation]:
        return [Operation(table, row, each.fields, each.base) for (table, row), each in self.rows.items()]

    def note(self, obj: Synced, names: Iterable[str], *, new: bool) -> None:
        """Note the fields written to ``obj``, stamp them, and hash the row."""
        info = self.schema.tables.get(obj.__tablename__)
        if info is None:
            raise AroundTheWriterError(f"{obj.__tablename__} is not a table of the schema in use")
        if not obj.id:
            obj.id = new_id(self.wall_ms, self.entropy)
        elif not is_id(obj.id):
            raise UnfitValueError(f"“{obj.id}” is not the id of a row")
        key = (info.name, obj.id)
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = _Row(info)
        stamps, heads = ({}, {}) if new or not obj.stamps else decode_stamps(obj.stamps)
        state = RowState({}, stamps, heads)
        written = list(names)
        for name, base in base_of(info, state, (each for each in written if each not in row.fields)).items():
            row.base[name] = base
        for name in written:
            self._write(info.fields[name], state, getattr(obj, name), row)
        for name in state.stamps:
            state.values[name] = getattr(obj, name) if name in info.fields else None
        obj.stamps = state.encoded()
        obj.row_hash = row_hash(info.name, obj.id, state)
        if info.searched and (new or any(name in info.searched or name == "deleted_at" for name in written)):
            self.searched[key] = obj

    def _write(self, info: FieldInfo, state: RowState, value: Any, row: _Row) -> None:
        if not info.fits(value):
            raise UnfitValueError(f"{row.info.name}.{info.name} cannot hold {value!r:.80}")
        kept = bool(value) if info.kind == "bool" and value is not None else cast(Value, value)
        row.fields[info.name] = kept
        if info.rule.merge is Merge.REGISTER:
            put_heads(info, state, [(self.stamp, kept)], Outcome())
        else:
            state.stamps[info.name] = self.stamp


class WriterSession(Session):
    """A session on the writer's connection. Its flushes are noted in its ``Capture``; it is never committed by hand."""

    @property
    def capture(self) -> Capture:
        return cast(Capture, self.info[_KEY])

    @capture.setter
    def capture(self, capture: Capture) -> None:
        self.info[_KEY] = capture

    def commit(self) -> None:
        raise AroundTheWriterError("a change is committed by the writer, when the work has returned")

    def begin_nested(self) -> NoReturn:
        raise AroundTheWriterError("a change is kept whole or not at all: what it took back would still be in the log")

    def settle(self, obj: Synced, name: str, value: Value) -> None:
        """Choose the value of a register: of all concurrent ones, and also if it is the one shown already."""
        setattr(obj, name, value)
        self.capture.settled.add((obj.id, name))
        self.flush()


def settle(session: Session, obj: Synced, name: str, value: Value) -> None:
    """``WriterSession.settle`` for code that is given a plain session."""
    cast(WriterSession, session).settle(obj, name, value)


@event.listens_for(WriterSession, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    capture = cast(WriterSession, session).capture
    for obj in session.deleted:
        if isinstance(obj, Synced):
            raise AroundTheWriterError("rows are never deleted: set deleted_at")
    for obj in list(session.new):
        if isinstance(obj, Synced):
            fields = capture.schema.tables[obj.__tablename__].fields
            # A row without a value is told by its being visible: nobody else would have it otherwise.
            names = [name for name in fields if getattr(obj, name) is not None] or [_SHOWN]
            capture.note(obj, names, new=True)
    for obj in list(session.dirty):
        if isinstance(obj, Synced):
            _note_changed(capture, obj)
    settled, capture.settled = capture.settled, set()
    for row, name in settled:
        for obj in session.identity_map.values():
            if isinstance(obj, Synced) and obj.id == row:
                capture.note(obj, [name], new=False)


def _note_changed(capture: Capture, obj: Synced) -> None:
    info = capture.schema.tables[obj.__tablename__]
    names = [name for name in info.fields if get_history(obj, name, PassiveFlag.PASSIVE_NO_INITIALIZE).has_changes()]
    if not names:
        return
    fixed = [name for name in names if info.fields[name].rule.merge is Merge.FACT]
    if fixed:
        raise FactChangedError(f"{info.name}.{fixed[0]} is a fact: hide the row and write another one")
    left = [name for name in names if (obj.id, name) not in capture.settled]  # those are noted with their settling
    if left:
        capture.note(obj, left, new=False)


@event.listens_for(WriterSession, "do_orm_execute")
def _before_execute(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        mapper = state.bind_mapper
        if mapper is not None and issubclass(mapper.class_, Synced):
            raise AroundTheWriterError("write synced rows as objects: a statement on the whole table is not logged")
