"""What somebody can do, what a bay has, and what a job takes: words by comma, compared without case."""

from collections.abc import Iterable


def words_of(text: str | None) -> tuple[str, ...]:
    """The words as they were written, each once: "Brakes, four-post  lift" gives "Brakes" and "four-post lift"."""
    found: dict[str, str] = {}
    for part in (text or "").replace(";", ",").split(","):
        word = " ".join(part.split())
        if word:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())


def joined(words: Iterable[str]) -> str | None:
    """Words as a field keeps them; None when there are none."""
    return ", ".join(words_of(",".join(words))) or None


def missing(wanted: str | Iterable[str] | None, has: str | None) -> tuple[str, ...]:
    """What of ``wanted`` is not among what somebody or something ``has``."""
    there = {word.casefold() for word in words_of(has)}
    asked = words_of(wanted if isinstance(wanted, str) or wanted is None else ",".join(wanted))
    return tuple(word for word in asked if word.casefold() not in there)
