"""What is exported is what was recorded: read back with csv and with python-can's own readers."""

import csv
from datetime import datetime
from pathlib import Path

import can
import pytest

from core.diagnostics.chunks import Event, Frame, State, Values
from core.diagnostics.export import ExportError, export_can, export_csv_long, export_csv_wide
from core.diagnostics.library import RecordingLibrary, RecordingMissing
from tests.core.diagnostics.a_drive import BEGAN_WALL, drive, record, record_in_parts


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> RecordingLibrary:
    return RecordingLibrary(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def id(library: RecordingLibrary) -> str:
    return record_in_parts(library._home, list(drive(can=True)), 3)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def recorded_samples() -> list[tuple[float, str, str, float]]:
    return [
        (event.t, event.ecu, name, value)
        for event in drive()
        if isinstance(event, Values)
        for name, value in event.values.items()
    ]


def test_long_csv_has_a_row_for_every_sample(library: RecordingLibrary, id: str, tmp_path: Path) -> None:
    exported = export_csv_long(library, id, tmp_path / "drive.csv")
    header, *rows = rows_of(tmp_path / "drive.csv")
    assert header == ["time [s]", "utc", "ecu", "signal", "title", "value", "unit"]
    assert exported.rows == len(rows)
    assert exported.damaged == ()
    back = [(float(row[0]), row[2], row[3], float(row[5])) for row in rows]
    assert sorted(back) == sorted(recorded_samples())
    assert [row[0] for row in back] == sorted(row[0] for row in back)
    coolant = next(row for row in rows if row[3] == "coolant_temperature")
    assert coolant[4:] == ["Coolant temperature", "70", "°C"]
    moment = datetime.fromisoformat(rows[0][1]).timestamp()
    assert moment == pytest.approx(BEGAN_WALL + float(rows[0][0]), abs=0.001)


def test_wide_csv_has_a_column_a_signal_with_its_unit_and_empty_cells(
    library: RecordingLibrary, id: str, tmp_path: Path
) -> None:
    exported = export_csv_wide(library, id, tmp_path / "drive.csv")
    header, *rows = rows_of(tmp_path / "drive.csv")
    assert header[0] == "time [s]"
    assert set(header[1:]) == {
        "engine_speed [rpm]", "vehicle_speed [km/h]", "engine_load [%]", "distance_driven [km]",
        "coolant_temperature [°C]", "coolant_temperature@7E8 [°C]",
    }  # fmt: skip
    assert exported.rows == len(rows) == len({sample[0] for sample in recorded_samples()})
    at = header.index("engine_speed [rpm]")
    back = [(float(row[0]), float(row[at])) for row in rows if row[at]]
    assert back == [(t, value) for t, _, name, value in recorded_samples() if name == "engine_speed"]
    assert any(not row[at] for row in rows), "where only the coolant came, the engine speed is empty"
    assert "," not in "".join(cell for row in rows for cell in row), "a decimal point, never a comma"


def test_wide_csv_on_a_grid_has_the_last_value_of_each_moment(tmp_path: Path) -> None:
    events: list[Event] = [
        Values(0.4, "7E8", {"distance_driven": 1.0}),
        Values(1.0, "7E8", {"distance_driven": 2.0}),
        Values(12.0, "7E8", {"distance_driven": 3.0}),
    ]
    library = RecordingLibrary(tmp_path / "home")
    exported = export_csv_wide(library, record(tmp_path / "home", events), tmp_path / "grid.csv", step=1.0)
    rows = rows_of(tmp_path / "grid.csv")[1:]
    assert exported.rows == 13
    found = {float(row[0]): row[1] and float(row[1]) for row in rows}
    assert found[0.0] == ""
    assert found[1.0] == found[6.0] == 2.0
    assert found[7.0] == "", "too old to be called the value of that moment"
    assert found[12.0] == 3.0


def test_only_the_signals_asked_for_are_exported(library: RecordingLibrary, id: str, tmp_path: Path) -> None:
    export_csv_wide(library, id, tmp_path / "drive.csv", signals=["vehicle_speed"])
    assert rows_of(tmp_path / "drive.csv")[0] == ["time [s]", "vehicle_speed [km/h]"]
    with pytest.raises(ExportError, match="no values of fuel_level"):
        export_csv_long(library, id, tmp_path / "other.csv", signals=["fuel_level"])
    assert not (tmp_path / "other.csv").exists()


def test_values_are_written_with_their_own_decimals_and_never_rounded(tmp_path: Path) -> None:
    events: list[Event] = [Values(0.0, "7E8", {"distance_driven": 0.1 + 0.2}), Values(1.0, "7E8", {"unheard_of": 1e-9})]
    library = RecordingLibrary(tmp_path / "home")
    export_csv_long(library, record(tmp_path / "home", events), tmp_path / "x.csv")
    assert [(row[3], row[5]) for row in rows_of(tmp_path / "x.csv")[1:]] == [
        ("distance_driven", "0.30000000000000004"),
        ("unheard_of", "1e-09"),
    ]


@pytest.mark.parametrize(("suffix", "reader"), [(".asc", can.ASCReader), (".BLF", can.BLFReader)])
def test_frames_come_back_through_python_cans_own_reader(
    library: RecordingLibrary, id: str, tmp_path: Path, suffix: str, reader: type[can.ASCReader | can.BLFReader]
) -> None:
    given = [event for event in drive(can=True) if isinstance(event, Frame)]
    path = tmp_path / f"drive{suffix}"
    assert export_can(library, id, path).rows == len(given)
    back = list(reader(path))
    assert [(m.arbitration_id, m.is_extended_id, bytes(m.data), not m.is_rx) for m in back] == [
        (frame.arbitration_id, frame.extended, frame.data, frame.outgoing) for frame in given
    ]
    assert [m.timestamp - back[0].timestamp for m in back] == pytest.approx(
        [frame.t - given[0].t for frame in given], abs=2e-6
    )
    assert not any(m.is_fd for m in back)


def test_a_blf_says_when_it_was(library: RecordingLibrary, id: str, tmp_path: Path) -> None:
    export_can(library, id, tmp_path / "drive.blf")
    first = next(iter(can.BLFReader(tmp_path / "drive.blf")))
    assert first.timestamp == pytest.approx(BEGAN_WALL + 0.0123, abs=0.001)


def test_without_can_frames_the_person_is_told_why(tmp_path: Path) -> None:
    library = RecordingLibrary(tmp_path / "home")
    id = record(tmp_path / "home")
    for suffix in (".asc", ".blf"):
        with pytest.raises(ExportError, match="only a direct CAN connection"):
            export_can(library, id, tmp_path / f"drive{suffix}")
    with pytest.raises(ExportError, match=r"asc or \.blf"):
        export_can(library, id, tmp_path / "drive.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["home"], "and nothing half-made is left"


def test_a_recording_without_values_and_a_step_of_nothing_are_refused_in_words(tmp_path: Path) -> None:
    library = RecordingLibrary(tmp_path / "home")
    id = record(tmp_path / "home", [State(0.0, "connected")])
    with pytest.raises(ExportError, match="holds no values"):
        export_csv_wide(library, id, tmp_path / "x.csv")
    with pytest.raises(ExportError, match="more than 0"):
        export_csv_wide(library, id, tmp_path / "x.csv", step=0.0)
    with pytest.raises(RecordingMissing):
        export_csv_long(library, "nothing", tmp_path / "x.csv")


def test_an_export_that_fails_or_is_cancelled_leaves_the_old_file(
    library: RecordingLibrary, id: str, tmp_path: Path
) -> None:
    (tmp_path / "drive.csv").write_text("mine", "utf-8")

    def cancel(part: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_csv_long(library, id, tmp_path / "drive.csv", progress=cancel)
    with pytest.raises(ExportError, match="could not be written"):
        export_csv_long(library, id, tmp_path / "nowhere" / "drive.csv")
    assert (tmp_path / "drive.csv").read_text("utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["drive.csv"]


def test_progress_goes_from_nothing_to_all(library: RecordingLibrary, id: str, tmp_path: Path) -> None:
    told: list[float] = []
    export_csv_wide(library, id, tmp_path / "drive.csv", progress=told.append)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_of_a_damaged_recording_the_rest_is_exported_and_the_loss_is_said(tmp_path: Path) -> None:
    library = RecordingLibrary(tmp_path / "home")
    id = record_in_parts(tmp_path / "home", list(drive(can=True)), 3)
    lost = library.session(id).chunks[1].sha256
    (tmp_path / "home" / "files" / lost[:2] / lost).unlink()
    values = export_csv_long(library, id, tmp_path / "drive.csv")
    frames = export_can(library, id, tmp_path / "drive.asc")
    assert 0 < values.rows < len(recorded_samples())
    assert 0 < frames.rows < 200
    assert len(values.damaged) == len(frames.damaged) == 1
    assert "not there" in values.damaged[0]
