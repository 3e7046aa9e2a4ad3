"""A transaction: what one person did at one moment, as it is logged, hashed and sent.

Its operations are one JSON text, ``[[table, row, {field: value}, {field: base}], …]``, which is stored and relayed byte
for byte: a terminal whose program does not know a table or a field yet passes it on unharmed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from core.records.schema import Value
from core.records.stamps import is_stamp

GENESIS = bytes(32)  # the chain before the first transaction of a site
SITE_LENGTH = 16

MOST_TEXT = 8_000_000  # bytes of the operations of one transaction; an import is cut into several


class BadTransactionError(ValueError):
    """What a peer sent is not a transaction."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row's part in a transaction. ``base``: for each field the stamp its writer saw; a list if it was disputed."""

    table: str
    row: str
    fields: Mapping[str, Value]
    base: Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Transaction:
    """``seq`` counts transactions of a (site, scope) without gaps, from 1. ``at`` is UTC milliseconds by the wall.

    ``chain`` is SHA-256 over the previous transaction's chain and this one's content; ``terminal`` the id of the
    terminal's row; ``schema`` the version of the writer's program.
    """

    site: str
    scope: str
    seq: int
    stamp: str
    at: int
    schema: int
    actor: str
    terminal: str
    why: str
    operations: str
    chain: bytes = b""

    def content(self) -> bytes:
        """SHA-256 over what was done, without site and number: the same wherever it is filed."""
        parts = (self.stamp, str(self.at), str(self.schema), self.actor, self.terminal, self.why, self.operations)
        return sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).digest()

    def chained(self, before: bytes) -> "Transaction":
        return replace(self, chain=link(before, self.content()))

    def decoded(self) -> list[Operation]:
        """Its operations. Raises ``BadTransactionError``."""
        return decode(self.operations)

    def as_wire(self) -> list[str | int | bytes]:
        return [
            self.site,
            self.scope,
            self.seq,
            self.stamp,
            self.at,
            self.schema,
            self.actor,
            self.terminal,
            self.why,
            self.operations,
            self.chain,
        ]


def link(before: bytes, content: bytes) -> bytes:
    """The chain after a transaction with this content."""
    return sha256(before + content).digest()


def encode(operations: list[Operation]) -> str:
    return json.dumps(
        [[each.table, each.row, dict(each.fields), dict(each.base)] for each in operations],
        separators=(",", ":"),
        ensure_ascii=False,
    )


def decode(text: str) -> list[Operation]:
    """The operations of a transaction's text. Raises ``BadTransactionError``."""
    try:
        read = json.loads(text)
        found = [Operation(table, row, fields, base) for table, row, fields, base in read]
        if not isinstance(read, list):
            raise TypeError(type(read).__name__)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadTransactionError("operations that are not a list of table, row, fields and base") from error
    for each in found:
        if not (isinstance(each.table, str) and isinstance(each.row, str) and each.row):
            raise BadTransactionError("an operation without table and row")
        if not (isinstance(each.fields, dict) and isinstance(each.base, dict)):
            raise BadTransactionError("an operation without fields and base")
        if not all(type(base) is str or _is_texts(base) for base in each.base.values()):
            raise BadTransactionError("an operation with a base that is no stamp")
    return found


def _is_texts(base: object) -> bool:
    return type(base) is list and all(type(each) is str for each in base)


_SHAPE = (str, str, int, str, int, int, str, str, str, str, bytes)


def from_wire(item: object) -> Transaction:
    """The transaction in a message. Raises ``BadTransactionError``."""
    if not isinstance(item, (list, tuple)) or len(item) != len(_SHAPE):
        raise BadTransactionError("a transaction with the wrong number of parts")
    if tuple(map(type, item)) != _SHAPE:
        told = ", ".join(type(part).__name__ for part in item)
        raise BadTransactionError(f"a transaction with parts of the wrong kinds: {told}")
    found = Transaction(*item)
    if len(found.site) != SITE_LENGTH or not is_stamp(found.stamp) or found.seq < 1 or len(found.chain) != 32:
        raise BadTransactionError("a transaction with a bad site, number, stamp or chain")
    if not 0 <= found.at < 1 << 53 or not 0 <= found.schema < 1 << 31 or found.seq >= 1 << 62:
        raise BadTransactionError("a transaction with a number out of range")
    if not (0 < len(found.scope) <= 16 and len(found.terminal) <= 36 and len(found.actor) <= 200):
        raise BadTransactionError("a transaction with a text too long")
    if len(found.operations) > MOST_TEXT or len(found.why) > 1000:
        raise BadTransactionError("a transaction too large")
    if "\x00" in f"{found.site}{found.scope}{found.actor}{found.terminal}{found.why}":
        raise BadTransactionError("a transaction with a character that is not text")
    return found
