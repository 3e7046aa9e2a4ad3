"""A COMMIT that fails is an ordinary end of a change: nothing of it is kept, and the next change goes on as before."""

from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.records.errors import DiskFull
from core.records.records import Records
from core.workshop.models import Note
from tests.simulation.faults import disk_full


@pytest.mark.parametrize("place", ["file", "memory"])
def test_change_goes_on_after_a_commit_that_found_the_disk_full(tmp_path: Path, place: str) -> None:
    """SQLAlchemy takes a failed COMMIT for the end of a transaction, SQLite does not: the next BEGIN would fail."""
    records = Records.open(tmp_path / "records.db" if place == "file" else "sqlite://", inline=True)
    full = True

    def commit(_connection: object) -> None:
        if full:
            raise disk_full("COMMIT")

    event.listen(records.engines.writer, "commit", commit)

    def write(text: str) -> None:
        def work(session: Session) -> None:
            session.add(Note(text=text))

        records.change("system", work)

    with pytest.raises(DiskFull):
        write("lost")
    full = False
    write("kept")
    with records.read() as session:
        assert [note.text for note in session.query(Note)] == ["kept"]
    records.close()
