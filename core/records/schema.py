"""Which tables and fields are synced, and by which rule: read from the models; one without a rule is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Boolean, String, Table

from core.records.fields import RULE, Fact, Merge, Rule, Synced

Value = str | int | bool | None  # what a field can hold

SCHEMA = 3  # of this program; raised with each migration that adds a synced table or field

_OWN = ("id", "stamps", "row_hash")
_LARGEST = (1 << 63) - 1


class UndeclaredFieldError(TypeError):
    """A model of ours is wrong: a synced field without a rule, or of a kind that does not travel."""


class UnfitValueError(ValueError):
    """A value that cannot be kept in its field; says which."""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A synced field. ``kind`` is "text", "int" or "bool"; ``length``: most characters, None without limit."""

    name: str
    kind: str
    length: int | None
    rule: Rule

    def fits(self, value: object) -> bool:
        """Whether the field can hold ``value``, in every database we use and on its way."""
        if value is None:
            return True
        if self.kind == "text":
            return isinstance(value, str) and (self.length is None or len(value) <= self.length) and _is_text(value)
        if self.kind == "bool":
            return isinstance(value, int) and value in (0, 1)  # not 1.0, which hashes otherwise before it is stored
        return isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST


def _is_text(value: str) -> bool:
    """PostgreSQL keeps no NUL in text, and half a surrogate pair is not text anywhere."""
    if "\x00" in value:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A synced table. ``columns``: id, stamps, row_hash, then the fields, in the order in which rows are written."""

    name: str
    model: type[Synced]
    table: Table
    scope: str
    is_fact: bool
    fields: Mapping[str, FieldInfo]
    columns: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()  # fields whose words are found by the search
    yes_no: tuple[int, ...] = ()  # which fields (by place) are yes or no: PostgreSQL takes no 1 for them


@dataclass(frozen=True, slots=True)
class Schema:
    """All synced tables of one program version."""

    version: int
    tables: Mapping[str, TableInfo] = field(default_factory=dict)

    def without(self, version: int, hidden: Mapping[str, Iterable[str] | None]) -> "Schema":
        """An older schema, for tests of mixed versions: without these fields; None hides the whole table."""
        tables = {}
        for name, info in self.tables.items():
            if name not in hidden:
                tables[name] = info
            elif (names := hidden[name]) is not None:
                gone = set(names)
                kept = {each: rule for each, rule in info.fields.items() if each not in gone}
                tables[name] = _table_info(info.model, kept)
        return Schema(version, tables)


def read_schema(version: int = SCHEMA, models: Iterable[type[Synced]] | None = None) -> Schema:
    """The schema of all models that are imported. Raises ``UndeclaredFieldError``."""
    found = _concrete(Synced) if models is None else list(models)
    infos = [_table_info(model, _fields(model)) for model in found]
    return Schema(version, {info.name: info for info in sorted(infos, key=lambda each: each.name)})


def _concrete(base: type[Synced]) -> list[type[Synced]]:
    found: list[type[Synced]] = []
    for each in base.__subclasses__():
        if not each.__dict__.get("__abstract__", False):
            found.append(each)
        found.extend(_concrete(each))
    return found


def _fields(model: type[Synced]) -> dict[str, FieldInfo]:
    fields = {}
    for column in model.__table__.columns:
        if column.name in _OWN:
            continue
        rule = column.info.get(RULE)
        where = f"{model.__tablename__}.{column.name}"
        if not isinstance(rule, Rule):
            raise UndeclaredFieldError(f"{where} has no merge rule: declare it with latest(), register() or fact()")
        if issubclass(model, Fact) and rule.merge is not Merge.FACT and column.name != "deleted_at":
            raise UndeclaredFieldError(f"{where} can change, but its table holds facts: declare it with fact()")
        fields[column.name] = FieldInfo(column.name, *_kind(where, column.type), rule)
    return fields


def _kind(where: str, kind: Any) -> tuple[str, int | None]:
    if isinstance(kind, Boolean):
        return "bool", None
    if isinstance(kind, BigInteger):  # a plain Integer has 32 bits on PostgreSQL, and 64 on SQLite
        return "int", None
    if isinstance(kind, String):  # Text is one
        return "text", kind.length
    raise UndeclaredFieldError(f"{where} is {kind!r}; only text, whole numbers and yes/no travel unchanged")


def _table_info(model: type[Synced], fields: dict[str, FieldInfo]) -> TableInfo:
    table = model.__table__
    assert isinstance(table, Table)
    searched = tuple(each.name for each in fields.values() if each.rule.search)
    return TableInfo(
        model.__tablename__,
        model,
        table,
        model.scope,
        issubclass(model, Fact),
        fields,
        (*_OWN, *fields),
        searched,
        tuple(at for at, each in enumerate(fields.values()) if each.kind == "bool"),
    )
