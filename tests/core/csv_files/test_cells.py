"""Numbers and days as files write them, exactly, and what cannot be known is not claimed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_files.cells import CellError, DayOrder, Style, day_of, guessed, kilometres_of, number_of

POINT, COMMA = Style(), Style(decimal=",")


@pytest.mark.parametrize(
    ("text", "style", "cents"),
    [
        ("12.50", POINT, 1250),
        ("1,234.5", POINT, 123450),
        ("1.234,56 €", COMMA, 123456),
        ("€ 1 234,56", COMMA, 123456),
        ("-3,005", COMMA, -301),
        ("0.125", POINT, 13),
        ("7", COMMA, 700),
        ("", POINT, None),
    ],
)
def test_money_by_whole_numbers(text: str, style: Style, cents: int | None) -> None:
    assert number_of(100, unit="€")(text, style) == cents


@given(st.integers(-(10**12), 10**12))
def test_what_was_written_with_two_places_comes_back(cents: int) -> None:
    text = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
    assert number_of(100)(text, POINT) == cents


@pytest.mark.parametrize("text", ["twelve", "1.2.3", "--5", "5-", "1e9", "9" * 40])
def test_what_is_no_number_says_so_and_what_to_do(text: str) -> None:
    with pytest.raises(CellError) as refused:
        number_of(100)(text, POINT)
    assert refused.value.cure


@pytest.mark.parametrize(
    ("days", "order", "sure"),
    [
        (["22.11.2026", "01.02.2026"], DayOrder.DMY, True),
        (["11/22/2026", "02/01/2026"], DayOrder.MDY, True),
        (["2026-11-22"], DayOrder.YMD, True),
        (["01/02/2026", "03/04/2026"], DayOrder.DMY, False),
        ([], DayOrder.YMD, True),
    ],
)
def test_the_order_of_days_is_found_or_is_not_claimed(days: list[str], order: DayOrder, sure: bool) -> None:
    style = guessed(days, [])
    assert (style.day_order, style.sure) == (order, sure)


def test_one_broken_cell_does_not_change_the_order_of_all_others() -> None:
    assert guessed(["22.11.2026", "13.01.2026", "soon"], []).day_order is DayOrder.DMY


@pytest.mark.parametrize(
    ("numbers", "sign"), [(["12,50", "3"], ","), (["1,234", "12.5"], "."), (["1.234,5"], ","), (["7"], ".")]
)
def test_the_decimal_sign_is_found(numbers: list[str], sign: str) -> None:
    assert guessed([], numbers).decimal == sign


def test_days() -> None:
    assert day_of("22.11.2026", Style(day_order=DayOrder.DMY)) == "2026-11-22"
    assert day_of("2026-11-22T00:00:00", Style()) == "2026-11-22"
    assert day_of("1/2/99", Style(day_order=DayOrder.MDY)) == "1999-01-02"
    with pytest.raises(CellError):
        day_of("30.02.2026", Style(day_order=DayOrder.DMY))


def test_miles_become_kilometres() -> None:
    assert kilometres_of("84,210 km", POINT) == 84_210
    assert kilometres_of("100", Style(distance="mi")) == 161
