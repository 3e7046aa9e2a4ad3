"""What counts as a word to the search: folded the same way for what is written and for what is typed.

Done here and not by a database's tokenizer, so that SQLite and PostgreSQL give the same answers. Accents and case do
not count. A German umlaut is found as ``ü``, ``u`` and ``ue``. A plate or another short number is found however it is
cut: "B-MW 123", "bmw123", "b mw123". Of a vehicle identification number the last six to eight characters are found too,
which is what people read off a windscreen. A telephone number is found with its country and without.
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
_TELEPHONE = re.compile(r"(?:\+ ?|\b0)[0-9](?:[ /().-]{0,3}[0-9]){5,16}")

# What Unicode does not take apart. NFKD has the others.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_UMLAUT = re.compile("[äöüå]")
_MAYBE_MARKS = re.compile("[\u0300-\U0010ffff]+")  # no combining character comes before U+0300


def words_of(text: str) -> str:
    """The words of a document, each once, with blanks between. One field stands on one line of ``text``."""
    found: dict[str, None] = {}
    for form in _forms(text):
        found.update(dict.fromkeys(_split(form)))
        if _DIGIT.search(form) is not None:
            for number in _TELEPHONE.findall(form):
                found.update(dict.fromkeys(_dialled(number)))
            for line in form.split("\n"):
                if _DIGIT.search(line) is not None:
                    _add_numbers(found, line)
    return " ".join(found)


def typed(text: str) -> tuple[tuple[str, ...], ...]:
    """What a person typed: for each word the forms of which one must begin a word of the document."""
    if _TELEPHONE.fullmatch(text.strip()) is not None:
        return (_dialled(text),)
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
    if lowered.isascii():
        return lowered
    apart = _MAYBE_MARKS.sub(_without_marks, unicodedata.normalize("NFKD", lowered))
    # Casefolded again: taking apart can bring capitals back (mathematical letters, "㎒").
    return apart.casefold().translate(_LETTERS)


def _without_marks(found: re.Match[str]) -> str:
    return "".join(each for each in found[0] if not unicodedata.combining(each))


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


def _dialled(number: str) -> tuple[str, ...]:
    """The digits of a telephone number, and if its country comes first, those that are dialled within the country.

    Codes of countries have one to three digits (ITU-T E.164).
    """
    digits = "".join(_DIGIT.findall(number.replace("(0)", "")))
    if digits.startswith("00"):
        digits = digits[2:]
    elif not number.strip().startswith("+"):
        return (digits,)
    return digits, *(f"0{digits[cut:]}" for cut in (1, 2, 3))
