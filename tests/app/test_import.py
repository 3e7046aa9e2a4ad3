"""``bayline import``, ``import-undo`` and ``export`` as they are typed, alone and beside a terminal that runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.main import main
from core.sync.bay import Bay
from core.sync.founding import found
from core.vehicles.vehicles import list_vehicles


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "home"
    found(place, "Ott & Sons", "Bay 1")
    return place


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "cars.csv"
    place.write_text("plate,make,mileage\nA 1,VW,1000\nA 2,Kia,2000\n", "utf-8")
    return place


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found_: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found_


def plates(home: Path) -> set[str | None]:
    bay = Bay.open(home)
    try:
        with bay.records.read() as session:
            return {each.plate for each in list_vehicles(session).items}
    finally:
        bay.close()


def test_a_dry_run_shows_and_writes_nothing(home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "vehicles", str(file), "--home", str(home), "--dry-run", "--json"]) == 0
    shown = said(capsys)
    assert (shown["new"], shown["written"], shown["columns"]["odometer_km"]) == (2, 0, "mileage")
    assert plates(home) == set()


def test_an_import_and_its_undo(home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "vehicles", str(file), "--home", str(home), "--json"]) == 0
    batch = said(capsys)["import"]
    assert plates(home) == {"A 1", "A 2"}
    assert main(["import-undo", "--home", str(home)]) == 0
    assert batch in capsys.readouterr().out
    assert main(["import-undo", batch, "--home", str(home)]) == 0
    assert plates(home) == set()


def test_bad_rows_end_with_a_status_of_their_own(home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("plate,mileage\nA 1,far\n", "utf-8")
    assert main(["import", "vehicles", str(file), "--home", str(home)]) == 1
    out = capsys.readouterr().out
    assert "2, mileage" in out
    assert plates(home) == set()


def test_what_cannot_be_imported_is_said(home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "boats", str(file), "--home", str(home)]) != 0
    assert main(["import", "vehicles", str(file.with_name("gone.csv")), "--home", str(home)]) != 0
    assert "gone.csv" in capsys.readouterr().err


def test_everything_goes_out(home: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "vehicles", str(file), "--home", str(home), "--json"]) == 0
    capsys.readouterr()
    assert main(["export", str(tmp_path / "out"), "--home", str(home), "--json"]) == 0
    assert said(capsys)["rows"]["vehicles.csv"] == 2
    assert main(["export", str(tmp_path / "out"), "--home", str(home)]) != 0
