"""What two terminals say to each other: plain dictionaries, checked piece by piece where they arrive.

========  =====================================================  ==================================================
kind      asks                                                   answers
========  =====================================================  ==================================================
hello     who I am, tips of every site's log, my clock           the same of the other, and its chains at my tips
pull      tips: what I have                                      the next page of transactions
push      a page, and the tips it stands on                      how many were new, and the tips after it
chain     site, scope, numbers                                   the chains there, and the content hash at one
fork      site, scope, number, chain before it, content hash     whether the other one renumbered its branch
digest    (nothing)                                              tips, schema, rows and 128 bits of every table
rows      table, after which id                                  ids with their row hashes, a page
========  =====================================================  ==================================================

Sizes: a page has at most 2,500 transactions and about 2 MB of text. Bytes are bytes; numbers are whole.
"""

from collections.abc import Mapping
from typing import Any, Protocol

PROTOCOL = 1

Message = dict[str, Any]

KINDS = ("hello", "pull", "push", "chain", "fork", "digest", "rows")


class BadMessageError(ValueError):
    """What the other terminal sent cannot be understood."""


class TransportError(Exception):
    """The other terminal could not be asked, or its answer did not come: away, refused, cut off."""


class RefusedError(Exception):
    """The other terminal will not talk to us, and says why in a person's words."""


class Transport(Protocol):
    """A way to ask one other terminal."""

    def request(self, kind: str, message: Message) -> Message:
        """Its answer. Raises ``TransportError`` (try again later) or ``RefusedError``."""


def text(message: Mapping[str, Any], key: str, most: int = 200) -> str:
    value = message.get(key)
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise BadMessageError(f"{key} is not a text")
    return value


def number(message: Mapping[str, Any], key: str, most: int = 1 << 62) -> int:
    value = message.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadMessageError(f"{key} is not a number")
    return value


def binary(message: Mapping[str, Any], key: str) -> bytes:
    value = message.get(key)
    if not isinstance(value, bytes) or len(value) != 32:
        raise BadMessageError(f"{key} is not 32 bytes")
    return value


def vector(message: Mapping[str, Any], key: str) -> dict[str, dict[str, int]]:
    """A version vector: site -> scope -> seq."""
    found: dict[str, dict[str, int]] = {}
    for site, scopes in _mapping(message, key).items():
        if not isinstance(site, str) or not isinstance(scopes, dict):
            raise BadMessageError(f"{key} is not a vector")
        found[site] = {str(scope): number(scopes, scope) for scope in scopes}
    return found


def tips(message: Mapping[str, Any], key: str) -> dict[tuple[str, str], tuple[int, bytes]]:
    """(site, scope) -> (seq, chain)."""
    found = {}
    for site, scopes in _mapping(message, key).items():
        if not isinstance(site, str) or not isinstance(scopes, dict):
            raise BadMessageError(f"{key} are not tips")
        for scope, pair in scopes.items():
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise BadMessageError(f"{key} are not tips")
            part = {"seq": pair[0], "chain": pair[1]}
            found[(site, str(scope))] = (number(part, "seq"), binary(part, "chain"))
    return found


def _mapping(message: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = message.get(key)
    if not isinstance(value, dict) or len(value) > 100_000:
        raise BadMessageError(f"{key} is not a table")
    return value


def items(message: Mapping[str, Any], key: str, most: int) -> list[Any]:
    value = message.get(key)
    if not isinstance(value, (list, tuple)) or len(value) > most:
        raise BadMessageError(f"{key} is not a list of at most {most}")
    return list(value)
