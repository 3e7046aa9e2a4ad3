"""Stretches of time as pairs of numbers, the second not included; a list of them is sorted and apart when returned."""

from collections.abc import Iterable

Span = tuple[int, int]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time without overlaps; what touches becomes one, what is empty is left out."""
    joined: list[Span] = []
    for start, end in sorted(each for each in spans if each[0] < each[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def both(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The time that lies in both."""
    first, second = merged(some), merged(others)
    found: list[Span] = []
    here = there = 0
    while here < len(first) and there < len(second):
        start, end = max(first[here][0], second[there][0]), min(first[here][1], second[there][1])
        if start < end:
            found.append((start, end))
        if first[here][1] <= second[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)


def without(some: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """The time of ``some`` that is not in ``taken``."""
    found: list[Span] = []
    holes = merged(taken)
    for start, end in merged(some):
        free = start
        for hole_start, hole_end in holes:
            if hole_end <= free:
                continue
            if hole_start >= end:
                break
            if hole_start > free:
                found.append((free, hole_start))
            free = max(free, hole_end)
        if free < end:
            found.append((free, end))
    return tuple(found)


def length(spans: Iterable[Span]) -> int:
    """How much time it is; what overlaps counts once."""
    return sum(end - start for start, end in merged(spans))


def meet(one: Span, other: Span) -> bool:
    """Whether two stretches share time; those that only touch do not."""
    return one[0] < other[1] and other[0] < one[1]
