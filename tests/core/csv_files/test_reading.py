"""Files as they come: any usual encoding and delimiter, quotation marks, and what is no table at all."""

import pytest

from core.csv_files.reading import UnreadableError, read_table

TEXT = "plate;owner\nB-MW 1;Jürgen Müller\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert table.rows[0].cells == ("B-MW 1", "Jürgen Müller")
    assert table.header == ("plate", "owner")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    rows = [["plate", "notes", "km"], ["A 1", "one, two; three", "5"], ["A 2", "", "6"]]
    text = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows)
    table = read_table(text.encode())
    assert table.delimiter == sign
    assert table.rows[0].cells == ("A 1", "one, two; three", "5")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    table = read_table(b'plate,notes\n\nA 1,"two\nlines"\nA 2,x\n')
    assert [(row.line, row.cells[0]) for row in table.rows] == [(3, "A 1"), (5, "A 2")]


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b'plate\n"open', b"PK\x03\x04\x00\x00", b"plate,Plate\n1,2\n", b"\xff\xfea"]
)
def test_what_is_no_table_is_said_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_table(data)
    assert str(refused.value)[-1] in "."
