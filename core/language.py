"""Words in the person's language: one gettext catalogue for core, server and ui.

Source strings are English and stand in the code as ``tr("...")``. Catalogues are the ``.po`` files in
``resources/translations``, read as they are (Babel turns them into a catalogue in memory), so that there is no
compiled copy that could be out of date.
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

import resources

AVAILABLE = {"en": "English", "de": "Deutsch"}

_current = "en"
_here: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    source = resources.path("translations", f"{language}.po")
    if not source.exists():
        return gettext.NullTranslations()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def use(language: str) -> None:
    """Speak ``language`` (a key of ``AVAILABLE``) from now on, in the whole process.

    Raises ``ValueError`` for a language that is not shipped.
    """
    global _current  # noqa: PLW0603 - one process speaks one language, like a locale
    if language not in AVAILABLE:
        raise ValueError(f"{language!r} is not one of {', '.join(AVAILABLE)}")
    _current = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``language`` inside this block, in this thread or task only: the server answers each phone in its own.

    Raises ``ValueError`` for a language that is not shipped.
    """
    if language not in AVAILABLE:
        raise ValueError(f"{language!r} is not one of {', '.join(AVAILABLE)}")
    before = _here.set(language)
    try:
        yield
    finally:
        _here.reset(before)


def current() -> str:
    """The language in use, for example ``"de"``; also a Babel locale name."""
    return _here.get() or _current


def tr(message: str, /, **values: object) -> str:
    """``message`` in the language in use, with ``{name}`` fields filled from ``values``."""
    text = _catalogue(current()).gettext(message)
    return text.format(**values) if values else text


def trn(singular: str, plural: str, count: int, /, **values: object) -> str:
    """``singular`` or ``plural`` in the language in use, whichever its grammar wants for ``count``.

    The field ``{count}`` is filled with ``count`` unless ``values`` has it in another form.
    """
    return _catalogue(current()).ngettext(singular, plural, count).format(**{"count": count, **values})


def number(value: float, decimals: int | None = None) -> str:
    """``value`` with the decimal sign of the language in use: "13.9" or "13,9"; thousands stay together.

    Without ``decimals`` as many as it needs, six at most: "110", "11.5". For people; programs get plain floats.
    """
    plain = f"{value:.{6 if decimals is None else decimals}f}"
    if decimals is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", _decimal_sign(current()))


@cache
def _decimal_sign(language: str) -> str:
    return get_decimal_symbol(language)


def mark(message: str) -> str:
    """Mark a string of a table or an enum for the catalogue; translate it with ``tr`` where it is shown."""
    return message
