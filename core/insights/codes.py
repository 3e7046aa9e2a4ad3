"""Which trouble codes were worked on: as they stand in what people wrote of an order."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.insights.finished import Finished

_CODE = re.compile(r"\b[PCBU][0-3][0-9A-F]{3}\b")  # SAE J2012
MOST = 5


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A code and in how many orders it was; ``share`` of the orders that were looked at, 0 to 1."""

    code: str
    orders: int
    share: float


def top_codes(done: Iterable[Finished], most: int = MOST) -> tuple[CodeCount, ...]:
    """The most frequent codes; of equally frequent ones by name. An order counts once for a code."""
    orders = list(done)
    counts: Counter[str] = Counter()
    for each in orders:
        counts.update(set(_CODE.findall(f"{each.complaint or ''}\n{each.cause or ''}".upper())))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(CodeCount(code, count, count / len(orders)) for code, count in ranked[:most])
