"""What counts as a word to the search: folded the same way for what is written and for what is typed.

Done here and not by a database's tokenizer, so that SQLite and PostgreSQL give the same answers. Accents and case do
not count. A German umlaut is found as ``ü``, ``u`` and ``ue``. A plate or another short number is found however it is
cut: "B-MW 123", "bmw123", "b mw123". Of a vehicle identification number the last six to eight characters are found too,
which is what people read off a windscreen.
"""

import re
import unicodedata

LONGEST = 64  # characters, then another word begins; PostgreSQL ends at 2 KiB
_MOST_PARTS = 5  # of a plate, a part or phone number
_LONGEST_LINE = 32  # of a field that is a number of this kind

_WORD = re.compile(rf"[^\W_]{{1,{LONGEST}}}")
_PLAIN_WORD = re.compile(rf"[a-z0-9]{{1,{LONGEST}}}")
_VIN = re.compile(r"[a-hj-npr-z0-9]{17}")  # ISO 3779: no I, O, Q
_DIGIT = re.compile(r"[0-9]")

# What Unicode does not take apart. NFKD has the others.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_UMLAUT = re.compile("[äöüå]")


def words_of(text: str) -> str:
    """The words of a document, each once, with blanks between. One field stands on one line of ``text``."""
    found: dict[str, None] = {}
    for form in _forms(text):
        found.update(dict.fromkeys(_split(form)))
        if _DIGIT.search(form) is not None:
            for line in form.split("\n"):
                if _DIGIT.search(line) is not None:
                    _add_numbers(found, line)
    return " ".join(found)


def typed(text: str) -> tuple[tuple[str, ...], ...]:
    """What a person typed: for each word the forms of which one must begin a word of the document."""
    asked: list[tuple[str, ...]] = []
    for piece in text.split():
        forms = [_split(form) for form in _forms(piece)]
        if len({len(form) for form in forms}) == 1:
            asked.extend(tuple(dict.fromkeys(each)) for each in zip(*forms, strict=True))
        else:
            asked.extend((each,) for each in forms[0])
    return tuple(dict.fromkeys(asked))


def _forms(line: str) -> tuple[str, ...]:
    """``line`` folded; twice when it has umlauts: bare, and spelt out."""
    if line.isascii():
        return (line.lower(),)
    lowered = unicodedata.normalize("NFC", line).casefold()
    bare = _bare(lowered)
    if _UMLAUT.search(lowered) is None:
        return (bare,)
    return bare, _bare(lowered.translate(_SPELT_OUT))


def _bare(lowered: str) -> str:
    apart = unicodedata.normalize("NFKD", lowered)
    # Casefolded again: taking apart can bring capitals back (mathematical letters, "㎒").
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold().translate(_LETTERS)


def _split(form: str) -> list[str]:
    return (_PLAIN_WORD if form.isascii() else _WORD).findall(form)


def _add_numbers(found: dict[str, None], line: str) -> None:
    if len(line) > _LONGEST_LINE:
        return
    parts = _split(line)
    for each in parts:
        if len(each) == 17 and _VIN.fullmatch(each):
            found.update(dict.fromkeys((each[-6:], each[-7:], each[-8:])))
    if 1 < len(parts) <= _MOST_PARTS:
        for start in range(len(parts) - 1):
            found["".join(parts[start:])] = None
