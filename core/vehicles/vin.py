"""Vehicle identification numbers: their form is demanded, their check digit only remarked on.

ISO 3779: 17 characters without I, O and Q. The check digit in the ninth place is law in North America (49 CFR 565.15)
and filler in most other places, so a wrong one proves nothing. Vehicles built before 1981 have numbers of other
lengths.
"""

from core.language import tr
from core.records.input import Value, Wrong

LENGTH = 17
SINCE = 1981  # model year of the first 17-character numbers
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)) | {
    str(digit): digit for digit in range(10)
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(value: object) -> Value:
    """The number in capitals, without blanks and hyphens. Raises ``Wrong``. For its length see
    ``length_problem``.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise Wrong(tr("This must be text."))
    plain = value.replace(" ", "").replace("-", "").strip().upper()
    if not plain:
        return None
    for letter in "IOQ":
        if letter in plain:
            raise Wrong(tr("A VIN has no letter {letter}: it may be a 1 or a 0.", letter=letter))
    if not all(each in _VALUES for each in plain):
        raise Wrong(tr("A VIN has only letters and digits."))
    if len(plain) > LENGTH:
        raise Wrong(tr("A VIN has 17 characters; this one has {count}.", count=len(plain)))
    return plain


def length_problem(number: str, year: int | None) -> str:
    """What is wrong with the length of a VIN, in words; "" when nothing is. ``year``: model year, if known."""
    if len(number) == LENGTH or (year is not None and year < SINCE and len(number) >= 5):
        return ""
    return tr("A VIN has 17 characters; this one has {count}.", count=len(number))


def has_check_digit(number: str) -> bool:
    """Whether the ninth character is the check digit of the others, by 49 CFR 565.15 (c)."""
    if len(number) != LENGTH or not all(each in _VALUES for each in number):
        return False
    remainder = sum(_VALUES[each] * weight for each, weight in zip(number, _WEIGHTS, strict=True)) % 11
    return number[8] == ("X" if remainder == 10 else str(remainder))


def remark(number: str | None) -> str:
    """What a person should look at again about a VIN, in words; "" when nothing. Never a reason to refuse it.

    Only for numbers of North America (first character 1 to 5), where the check digit is law.
    """
    if number and len(number) == LENGTH and number[0] in "12345" and not has_check_digit(number):
        return tr("The check digit of this VIN does not fit: please compare it with the vehicle.")
    return ""
