"""Vehicle identification numbers: their form, and the check digit that is only remarked on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.input import Wrong
from core.vehicles.vin import has_check_digit, length_problem, remark, vin


def test_small_letters_blanks_and_hyphens_are_typed_and_not_kept() -> None:
    assert vin(" 1m8gd-m9ax kp042788 ") == "1M8GDM9AXKP042788"
    assert vin("") is None
    assert vin(None) is None


@pytest.mark.parametrize("number", ["1M8GDM9AXKPO42788", "1M8GDM9AXKPI42788", "1M8GDM9AXKPQ42788", "1M8GDM9AXKP04278Ä"])
def test_letters_that_read_like_digits_are_refused(number: str) -> None:
    with pytest.raises(Wrong):
        vin(number)


# The worked example of the rule itself, 49 CFR 565.15 (c)(4), and numbers of 17 ones, whose check digit is 1.
@pytest.mark.parametrize("number", ["1M8GDM9AXKP042788", "1G4AH59H45G118341", "1" * 17])
def test_check_digits_that_fit(number: str) -> None:
    assert has_check_digit(number)
    assert remark(number) == ""


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPRSTUVWXYZ"))
def test_a_number_with_one_wrong_character_is_remarked_on_unless_the_character_counts_the_same(
    at: int, wrong: str
) -> None:
    right = "1M8GDM9AXKP042788"
    typed = right[:at] + wrong + right[at + 1 :]
    assert vin(typed) == typed, "never refused for it"
    same = {"1": "AJ", "2": "BKS", "3": "CLT", "4": "DMU", "5": "ENV", "6": "FW", "7": "GPX", "8": "HY", "9": "RZ"}
    group = next((digit + letters for digit, letters in same.items() if right[at] in digit + letters), right[at])
    fits = wrong == right[at] or (at != 8 and wrong in group)
    assert has_check_digit(typed) == fits
    assert bool(remark(typed)) == (not fits and typed[0] in "12345")


def test_where_the_digit_is_filler_nothing_is_said() -> None:
    assert remark("WVWZZZ1JZXW000001") == ""
    assert remark(None) == ""
    assert remark("113208744") == ""


def test_the_length_is_17_but_for_what_was_built_before_1981() -> None:
    assert length_problem("1" * 17, None) == ""
    assert length_problem("1" * 11, 1979) == ""
    assert "11" in length_problem("1" * 11, None)
    assert length_problem("1" * 11, 1981)
    assert length_problem("1" * 4, 1950)
