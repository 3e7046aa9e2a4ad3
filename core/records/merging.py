"""What one change does to one row, whoever made it, in whatever order changes come: the rules, without a database.

Why ``base``: an operation names, for each field, the stamp its writer saw there. Changes arrive so that whoever has
one also has everything its writer had (``core.sync.exchange`` serves them in order of arrival); hence a current stamp
that is not the base was written by somebody who did not know of this change either. Two such writes are *concurrent*,
and the one that is not shown is reported, never dropped in silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.records.fields import Merge
from core.records.rowstate import Head, RowState
from core.records.schema import FieldInfo, TableInfo, Value

Base = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Loser:
    """A concurrent write that is not shown, and the one that is."""

    field: str
    lost_value: Value
    lost_stamp: str
    won_value: Value
    won_stamp: str


@dataclass(slots=True)
class Outcome:
    """``changed``: fields that read differently now. ``written``: whether the row, or only its stamps, changed."""

    changed: set[str] = field(default_factory=set)
    losers: list[Loser] = field(default_factory=list)
    written: bool = False


def merge(table: TableInfo, state: RowState, stamp: str, fields: Mapping[str, Value], base: Base) -> Outcome:
    """Merge the ``fields`` written at ``stamp`` into ``state``, in place. Fields must be of ``table`` and fit."""
    outcome = Outcome()
    for name, value in fields.items():
        info = table.fields[name]
        kept = int(value) if isinstance(value, bool) else value
        if info.rule.merge is Merge.REGISTER:
            _merge_register(info, state, (stamp, kept), base=_stamps(base.get(name)), outcome=outcome)
        else:
            _merge_latest(info, state, (stamp, kept), base=base.get(name), outcome=outcome)
    return outcome


def _merge_latest(
    info: FieldInfo, state: RowState, written: Head, *, base: str | list[str] | None, outcome: Outcome
) -> None:
    name = info.name
    stamp, value = written
    current = state.stamps.get(name)
    if current is None:
        _show(state, name, stamp, value, outcome)
        return
    if current == stamp:
        return
    shown = state.values.get(name)
    later = stamp > current
    if current != base and shown != value:
        if later:
            outcome.losers.append(Loser(name, shown, current, value, stamp))
        else:
            outcome.losers.append(Loser(name, value, stamp, shown, current))
    if later:
        _show(state, name, stamp, value, outcome)


def _merge_register(info: FieldInfo, state: RowState, written: Head, *, base: frozenset[str], outcome: Outcome) -> None:
    heads = state.heads_of(info.name)
    if any(stamp == written[0] for stamp, _ in heads):
        return
    kept = sorted([*(head for head in heads if head[0] not in base), written], key=lambda head: head[0])
    put_heads(info, state, kept, outcome)


def put_heads(info: FieldInfo, state: RowState, heads: list[Head], outcome: Outcome) -> None:
    """Make these the concurrent values of a register, and show the one of highest rank, of these the latest."""
    name = info.name
    stamp, value = max(heads, key=lambda head: (info.rule.ranks.get(str(head[1]), 0), head[0]))
    disputed = state.heads.get(name, [])
    if len(heads) > 1:  # also when both chose the same value: no dispute to people, but later writes name both
        state.heads[name] = heads
    else:
        state.heads.pop(name, None)
    before = state.stamps.get(name)
    # A dispute that begins, grows or ends is news to whoever shows the field, also where the value shown stays.
    if state.values.get(name) != value or before is None or disputed != state.heads.get(name, []):
        outcome.changed.add(name)
    state.values[name] = value
    state.stamps[name] = stamp
    outcome.written = True


def _show(state: RowState, name: str, stamp: str, value: Value, outcome: Outcome) -> None:
    if name not in state.stamps or state.values.get(name) != value:
        outcome.changed.add(name)
    state.values[name] = value
    state.stamps[name] = stamp
    outcome.written = True


def _stamps(base: str | list[str] | None) -> frozenset[str]:
    if base is None:
        return frozenset()
    return frozenset((base,) if isinstance(base, str) else base)


def base_of(table: TableInfo, state: RowState, names: Iterable[str]) -> dict[str, str | list[str]]:
    """What a writer who sees ``state`` names as the base of a change to these fields."""
    base: dict[str, str | list[str]] = {}
    for name in names:
        if table.fields[name].rule.merge is Merge.REGISTER and name in state.heads:
            base[name] = [stamp for stamp, _ in state.heads[name]]
        elif name in state.stamps:
            base[name] = state.stamps[name]
    return base
