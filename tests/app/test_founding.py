"""What a new workshop begins with: there once, also after a power cut, and not against the will of the shop."""

from pathlib import Path

import pytest

from app.founding import found_workshop
from core.people.roles import SYSTEM
from core.records.journal import history
from core.records.records import Records
from core.sync import founding
from core.sync.founding import RECORDS, is_founded
from core.workshop.default_inspections import default_templates, install_default_templates
from core.workshop.inspection_templates import delete_template, list_templates


def names(records: Records) -> list[str | None]:
    with records.read() as session:
        return [each.name for each in list_templates(session).items]


def test_the_templates_are_a_change_of_their_own(tmp_path: Path) -> None:
    found_workshop(tmp_path, "Garage", "Bay 1")
    records = Records.open(tmp_path / RECORDS)
    try:
        assert names(records) == [each.name["en"] for each in default_templates()]
        with records.read() as session:
            row = list_templates(session).items[0].id
            (entry,) = history(records, session, row)
        assert "templates of inspections" in entry.why, "who reads the log sees where they came from"
    finally:
        records.close()


def test_what_the_shop_throws_away_does_not_come_back(tmp_path: Path) -> None:
    found_workshop(tmp_path, "Garage", "Bay 1")
    records = Records.open(tmp_path / RECORDS)
    try:
        with records.read() as session:
            first, *rest = list_templates(session).items
        records.change("system", lambda session: delete_template(session, SYSTEM, first.id))
        again = records.change("system", lambda session: install_default_templates(session, SYSTEM)).value
        assert (again, names(records)) == (0, [each.name for each in rest])
    finally:
        records.close()


def test_a_founding_that_broke_off_after_them_is_made_again_with_each_of_them_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_home: Path) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(founding, "publish", cut)
        with pytest.raises(OSError, match="the power went"):
            found_workshop(tmp_path, "Garage", "Bay 1")
    assert not is_founded(tmp_path)
    found_workshop(tmp_path, "Garage", "Bay 1")
    records = Records.open(tmp_path / RECORDS)
    try:
        assert names(records) == [each.name["en"] for each in default_templates()]
    finally:
        records.close()
