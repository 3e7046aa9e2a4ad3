"""The formula language of the tables: what it says, what it refuses, how it is turned round."""

import numpy as np
import pytest

from core.obd.formula import Field, Formula, FormulaError, flag, invert


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("(256*A + B)/4", "1AF8", 1726.0),
        ("A - 40", "7B", 83.0),
        ("100*(A - 128)/128", "90", 12.5),
        ("signed(256*A + B, 16)/4", "FFF3", -3.25),
        ("signed(A, 8)", "80", -128.0),
        ("signed(A, 8)", "7F", 127.0),
        ("bit(A, 7)", "80", 1.0),
        ("bit(A, 6)", "80", 0.0),
        ("B >> 4 & 7", "00D5", 5.0),
        ("A & 15 | B << 4", "F301", 19.0),
        ("u16(A, B)", "0171", 369.0),
        ("u32(A, B, C, D)/10", "0012D687", 123456.7),
        ("A // 3 + A % 3", "08", 4.0),
        ("-A", "02", -2.0),
        ("B == 255", "00FF", 1.0),
        ("B != 255", "00FF", 0.0),
        ("(A > 1) + (A >= 2) + (A < 3) + (A <= 2)", "02", 4.0),
        ("AB", "00" * 27 + "2A", 42.0),
        ("3", "", 3.0),
        ("0.079*(256*A + B)", "0FA3", 316.237),
    ],
)
def test_a_formula_reads_its_bytes(text: str, data: str, expected: float) -> None:
    formula = Formula(text)
    payload = bytes.fromhex(data)
    assert formula.value(payload) == pytest.approx(expected)
    rows = np.frombuffer(payload * 4, dtype=np.uint8).reshape(4, len(payload))
    column = formula.column(rows)
    assert column.dtype == np.float64
    assert column.tolist() == pytest.approx([expected] * 4)


def test_bytes_needed_is_the_last_byte_read() -> None:
    assert Formula("A").bytes_needed == 1
    assert Formula("256*D + E").positions == (3, 4)
    assert Formula("256*D + E").bytes_needed == 5
    assert Formula("AZ").bytes_needed == 52
    assert Formula("7").bytes_needed == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A +",
        "a",
        "BA",  # letters end at AZ
        "A.real",
        "A[0]",
        "__import__('os')",
        "(lambda: 1)()",
        "[A for A in B]",
        "A if B else C",
        "A and B",
        "not A",
        "1 < A < 3",
        "A ** 9",
        "'text'",
        "True",
        "1j",
        "open(A)",
        "bit(A)",
        "bit(A, B)",
        "bit(A, 33)",
        "bit(A, n=3)",
        "signed(A, 0)",
        "signed(A, -8)",
        "u16(A)",
        "A; B",
        "A := 3",
        "\0",
    ],
)
def test_anything_else_is_refused_with_the_text_that_was_wrong(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(text)
    assert repr(text) in str(caught.value) or text in str(caught.value)


def test_support_bits_are_written_short() -> None:
    assert flag("A0").value(b"\x01") == 1
    assert flag("A0").value(b"\xfe") == 0
    assert flag("!B3").value(b"\x00\xf7") == 1
    assert flag("!B3").value(b"\x00\x08") == 0
    for wrong in ("A8", "a0", "A", "B33", "!!A0", ""):
        with pytest.raises(FormulaError, match="is not a bit such as A0"):
            flag(wrong)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A - 40", Field(-40.0, 1.0, tuple((0, 1 << n) for n in range(8)), False)),
        ("bit(B, 3)", Field(0.0, 1.0, ((1, 8),), False)),
        ("B >> 4 & 7", Field(0.0, 1.0, ((1, 16), (1, 32), (1, 64)), False)),
        ("signed(A, 8)/2", Field(0.0, 0.5, tuple((0, 1 << n) for n in range(8)), True)),
    ],
)
def test_a_formula_turned_round_knows_its_bits(text: str, expected: Field) -> None:
    assert invert(Formula(text)) == expected


def test_range_and_step_follow_from_the_bits() -> None:
    field = invert(Formula("signed(256*A + B, 16)/4"))
    assert (field.minimum, field.maximum, field.step) == (-8192.0, 8191.75, 0.25)
    field = invert(Formula("100*A/255"))
    assert (field.minimum, field.maximum) == (0.0, 100.0)
    assert field.step == 100 / 255


def test_writing_a_value_leaves_other_bits_alone() -> None:
    field = invert(Formula("A >> 2 & 3"))
    data = bytearray(b"\xff")
    field.write(data, 1.0)
    assert data == b"\xf7"
    field.write(data, 9.0)  # more than two bits can say
    assert data == b"\xff"
    field.write(data, -1.0)
    assert data == b"\xf3"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("7", "reads no byte"),
        ("A - A", "reads no byte"),
        ("255 - A", "falls where its bytes rise"),
        ("100*A + B", "does not read one binary number"),
        ("A*B + B", "is not linear"),
        ("A*A", "does not read one binary number"),
    ],
)
def test_a_formula_that_is_not_one_number_cannot_be_turned_round(text: str, why: str) -> None:
    with pytest.raises(FormulaError, match=why):
        invert(Formula(text))
