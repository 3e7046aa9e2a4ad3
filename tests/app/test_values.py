"""What may stand behind an option: what people type is understood, what cannot be is refused in words."""

import argparse

import pytest

from app import values


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://192.168.1.20:8420", "https://192.168.1.20:8420"),
        ("http://192.168.1.20:9000/", "https://192.168.1.20:9000"),
        ("192.168.1.20", "https://192.168.1.20:8420"),
        (" 192.168.1.20:9000 ", "https://192.168.1.20:9000"),
        ("bay-3.local", "https://bay-3.local:8420"),
        ("BAY-3:9000", "https://bay-3:9000"),
        ("https://[fd00::1]:9000", "https://[fd00::1]:9000"),
        ("fd00::1", "https://[fd00::1]:8420"),
    ],
)
def test_the_address_of_a_terminal_as_people_type_it(typed: str, meant: str) -> None:
    assert values.terminal(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", " ", "https://", "ftp://192.168.1.20", "https://host/page", "https://host:70000",
     "https://host:x", "user@host", "two words", "host?query", "[fd00::1", "[nonsense]:1",
     "-host", "x" * 300],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not the address of a terminal"):
        values.terminal(typed)


def test_a_name_is_one_line_with_something_in_it() -> None:
    assert values.name("  Bühne   3 ") == "Bühne 3"
    assert values.name("x" * values.LONGEST_NAME)
    for bad in ("", "  \n", "x" * (values.LONGEST_NAME + 1), "bell \a"):
        with pytest.raises(argparse.ArgumentTypeError):
            values.name(bad)
