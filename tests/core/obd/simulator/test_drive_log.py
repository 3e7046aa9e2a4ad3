"""A recorded drive is played as it was: every value a row has, at the time the row has, and nothing invented."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.obd import signals
from core.obd.simulator.car import load_car
from core.obd.simulator.drive_log import DriveError, DrivePlayer, match_columns, read_drive, time_axis

# Rows, rows skipped and seconds of the four recordings, counted with a spreadsheet.
RECORDED = {"drive1": (2709, 0, 1330), "idle1": (1212, 1, 590), "live1": (3853, 0, 1893), "long2": (7516, 0, 3696)}

# The columns of the recordings and the PIDs behind them.
COLUMNS = {
    "ENGINE_RUN_TINE ()": 0x1F, "ENGINE_RPM ()": 0x0C, "VEHICLE_SPEED ()": 0x0D, "THROTTLE ()": 0x11,
    "ENGINE_LOAD ()": 0x04, "COOLANT_TEMPERATURE ()": 0x05, "LONG_TERM_FUEL_TRIM_BANK_1 ()": 0x07,
    "SHORT_TERM_FUEL_TRIM_BANK_1 ()": 0x06, "INTAKE_MANIFOLD_PRESSURE ()": 0x0B, "FUEL_TANK ()": 0x2F,
    "ABSOLUTE_THROTTLE_B ()": 0x47, "PEDAL_D ()": 0x49, "PEDAL_E ()": 0x4A, "COMMANDED_THROTTLE_ACTUATOR ()": 0x4C,
    "FUEL_AIR_COMMANDED_EQUIV_RATIO ()": 0x44, "ABSOLUTE_BAROMETRIC_PRESSURE ()": 0x33,
    "RELATIVE_THROTTLE_POSITION ()": 0x45, "INTAKE_AIR_TEMP ()": 0x0F, "TIMING_ADVANCE ()": 0x0E,
    "CATALYST_TEMPERATURE_BANK1_SENSOR1 ()": 0x3C, "CATALYST_TEMPERATURE_BANK1_SENSOR2 ()": 0x3E,
    "CONTROL_MODULE_VOLTAGE ()": 0x42, "COMMANDED_EVAPORATIVE_PURGE ()": 0x2E, "TIME_RUN_WITH_MIL_ON ()": 0x4D,
    "TIME_SINCE_TROUBLE_CODES_CLEARED ()": 0x4E, "DISTANCE_TRAVELED_WITH_MIL_ON ()": 0x21,
    "WARM_UPS_SINCE_CODES_CLEARED ()": 0x30,
}  # fmt: skip


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "drive.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def matched(*titles: str) -> list[str | None]:
    columns, _ = match_columns(titles)
    return [columns.get(at) for at in range(len(titles))]


def test_every_column_of_the_recordings_is_known() -> None:
    columns, warnings = match_columns([*COLUMNS, ""])
    assert warnings == []
    assert {title: signals.SIGNALS[columns[at]].pid for at, title in enumerate(COLUMNS)} == COLUMNS


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("engine rpm", "engine_speed"),
        ("Engine RPM (rpm)", "engine_speed"),
        (" ENGINE_SPEED [1/min] ", "engine_speed"),
        ("RPM", "engine_speed"),
        ("Coolant temprature (°C)", "coolant_temperature"),
        ("VEHICLE_SPED", "vehicle_speed"),
        ("Vehicle speed (km/h)", "vehicle_speed"),
        ("LONG_TERM_FUEL_TRIM_BANK_2", "long_term_fuel_trim_bank_2"),
        ("SHORT_TERM_FUEL_TRIM_BANK_2", "short_term_fuel_trim_bank_2"),
        ("Catalyst temperature bank2 sensor1 (C)", "catalyst_temperature_bank_2_sensor_1"),
        ("MAF (g/s)", "mass_air_flow"),
        ("oil temp", "oil_temperature"),
        ("odometer (km)", "odometer"),
    ],
)
def test_names_are_understood_in_any_spelling(title: str, name: str) -> None:
    assert matched(title) == [name]


@pytest.mark.parametrize("title", ["PEDAL_G", "CATALYST_TEMPERATURE_BANK3_SENSOR1", "steering angle", "trim"])
def test_a_column_nobody_knows_is_named_and_left_out(title: str) -> None:
    columns, warnings = match_columns(["RPM", title])
    assert list(columns) == [0]
    assert len(warnings) == 1
    assert title in warnings[0]


def test_a_signal_that_comes_twice_is_taken_once() -> None:
    columns, warnings = match_columns(["RPM", "ENGINE_SPEED"])
    assert columns == {0: "engine_speed"}
    assert "a second time" in warnings[0]


# --- rows -------------------------------------------------------------------------------------------------------------


def test_the_recordings_are_read_whole(drives: Sequence[Path]) -> None:
    for path in drives:
        rows, skipped, run_time = RECORDED[path.stem]
        log = read_drive(path)
        assert (len(log.rows), log.skipped, log.warnings) == (rows, skipped, ())
        assert len(log.names) == 27
        assert log.rows[-1][1]["run_time"] in (run_time, 588)  # the last row of idle1 is cut off


def test_rows_that_cannot_be_read_are_skipped_and_counted(tmp_path: Path) -> None:
    log = read_drive(
        write(
            tmp_path,
            "RPM (),SPEED (),",
            "800, 0,",
            "900",
            "abc, 3,",
            "nan, 4,",
            "",
            "inf, 5,",
            "950, 6,",
            "1000, 7, 8, 9",
        )
    )
    assert [row["engine_speed"] for _, row in log.rows] == [800, 950, 1000]
    assert log.skipped == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the drive is empty. It needs a line of column names"),
        ("\n\n", "the drive is empty"),
        ("RPM,SPEED\n", "there is no row of numbers"),
        ("RPM,SPEED\nx,y\n", "there is no row of numbers"),
        ("hello world\n1\n", "no column is a signal this program knows"),
        ("\x00\x01\x02garbage\x00", "no column is a signal"),
    ],
)
def test_a_file_that_is_no_drive_is_refused_in_words(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DriveError, match=r"^bad\.csv: ") as caught:
        read_drive(path)
    assert expected in str(caught.value)


def test_a_missing_file_is_refused_in_words() -> None:
    with pytest.raises(DriveError, match=r"none\.csv: the drive cannot be read"):
        read_drive(Path("none.csv"))


# --- time -------------------------------------------------------------------------------------------------------------


def test_rows_of_one_run_time_are_spread_until_the_next() -> None:
    assert time_axis([0, 0, 0, 2, 2, 2, 2, 3, 3, 5]) == pytest.approx(
        [0.0, 0.5, 1.0, 1.5, 1.75, 2.0, 2.25, 2.5, 3.5, 4.5]
    )


def test_rows_before_the_engine_runs_and_after_the_last_step_are_half_a_second_apart() -> None:
    assert time_axis([0, 0, 0]) == [0.0, 0.5, 1.0]
    assert time_axis([7, 8, 8, 8]) == [0.0, 1.0, 1.5, 2.0]


def test_a_new_start_of_the_engine_goes_on_half_a_second_later() -> None:
    assert time_axis([10, 11, 0, 0, 3]) == [0.0, 1.0, 1.5, 2.0, 2.5]


def test_a_pause_in_the_recording_stays_a_pause() -> None:
    assert time_axis([1, 1, 61, 62]) == [0.0, 0.5, 60.0, 61.0]


def test_the_time_of_the_recordings_rises_and_keeps_the_cars_clock(drives: Sequence[Path]) -> None:
    for path in drives:
        log = read_drive(path)
        times = [t for t, _ in log.rows]
        steps = [b - a for a, b in itertools.pairwise(times)]
        assert min(steps) > 0.24
        assert max(steps) < 1.01
        # From the first second the engine runs, each row lies where its run time says, to less than the next one.
        start = next(n for n, (_, row) in enumerate(log.rows) if row["run_time"] > 0)
        offset = times[start] - log.rows[start][1]["run_time"]
        assert all(0 <= t - offset - row["run_time"] < 2.01 for t, row in log.rows[start:])


# --- between rows -----------------------------------------------------------------------------------------------------


def test_numbers_are_interpolated_and_counters_hold(tmp_path: Path) -> None:
    log = read_drive(
        write(
            tmp_path,
            "ENGINE_RUN_TIME,RPM,FUEL_SYSTEM_1_STATUS,WARM_UPS_SINCE_CODES_CLEARED",
            "10,800,1,3", "11,1200,2,4", "12,1000,2,4",
        )
    )  # fmt: skip
    assert log.at(0.25) == {
        "run_time": 10,
        "engine_speed": 900,
        "fuel_system_1_status": 1,
        "warm_ups_since_codes_cleared": 3,
    }
    assert log.at(1.0)["engine_speed"] == 1200
    assert log.at(1.75)["engine_speed"] == 1050
    assert log.at(-1) == log.at(0)
    assert log.at(99)["engine_speed"] == 1000


def test_nothing_is_invented_in_a_pause(tmp_path: Path) -> None:
    log = read_drive(write(tmp_path, "ENGINE_RUN_TIME,RPM", "10,800", "70,1600"))
    assert log.at(59.9)["engine_speed"] == 800
    assert log.at(60.0)["engine_speed"] == 1600


def test_at_a_row_the_values_are_the_rows(drives: Sequence[Path]) -> None:
    log = read_drive(drives[0])
    for t, row in log.rows:
        assert log.at(t) == row


# --- through the car --------------------------------------------------------------------------------------------------


def decoded(payload: bytes) -> dict[str, float]:
    values: dict[str, float] = {}
    at = 1
    while at < len(payload):
        length = signals.pid_length(payload[at]) or 0
        values.update(signals.decode(payload[at], payload[at + 1 : at + 1 + length]))
        at += 1 + length
    return values


def test_every_row_of_every_recording_comes_back_within_the_resolution(drives: Sequence[Path]) -> None:
    pids = sorted(COLUMNS.values())
    requests = [bytes((0x01, *pids[at : at + 6])) for at in range(0, len(pids), 6)]
    for path in drives:
        car = load_car(None, drive=path, seed=1)
        assert car.drive is not None
        car.begin(1000.0)
        for t, row in car.drive.rows[::5]:
            shown: dict[str, float] = {}
            for request in requests:
                (reply,) = car.answer(request, 0x7E0, 1000.0 + t)
                shown.update(decoded(reply.payload))
            assert shown.keys() == row.keys()
            for name, value in row.items():
                # The recordings are rounded to six digits, so "within half a step" needs a hair more.
                assert abs(shown[name] - value) <= signals.SIGNALS[name].resolution * 0.501, (path.name, t, name)


def test_between_rows_the_car_says_what_the_log_has_there(drives: Sequence[Path]) -> None:
    car = load_car(None, drive=drives[0], clock=lambda: 0.0)
    log = car.drive
    assert log is not None
    car.begin(0.0)
    for n in range(300):
        now = n * 0.377
        (reply,) = car.answer(b"\x01\x0c\x0d\x05\x11\x42", 0x7E0, now)
        expected = log.at(car.drive_time(now))
        for name, value in decoded(reply.payload).items():
            assert abs(value - expected[name]) <= signals.SIGNALS[name].resolution * 0.501


def test_the_car_supports_exactly_what_the_log_has(drives: Sequence[Path]) -> None:
    car = load_car(None, drive=drives[0])
    assert set(car.ecus[0].spec.pids) - {0x01, 0x13, 0x1C, 0x41} == set(COLUMNS.values())
    assert set(car.ecus[1].spec.pids) == {0x01, 0x05, 0x0C, 0x0D, 0x1C, 0x42}
    assert car.answer(b"\x01\x10", None, 0.0) == []  # mass air flow was not recorded
    assert car.answer(b"\x09\x02", 0x7E0, 0.0)[0].payload[3:] == b"WVWZZZAUZJW104278"


def test_a_drive_goes_with_any_car(drives: Sequence[Path]) -> None:
    car = load_car(Path("old_hatchback"), drive=drives[0])
    (reply,) = car.answer(b"\x01\x05", None, 0.0)
    assert reply.payload == b"\x41\x05" + bytes((81 + 40,))


def test_speed_loop_and_end(tmp_path: Path) -> None:
    path = write(tmp_path, "ENGINE_RUN_TIME,RPM", "10,800", "12,1600", "14,2400")
    log = read_drive(path)
    assert log.duration == 4.0
    once, fast, loop = DrivePlayer(log), DrivePlayer(log, speed=10), DrivePlayer(log, loop=True)
    assert once.at(1.0)["engine_speed"] == 1200
    assert once.at(1e6)["engine_speed"] == 2400
    assert fast.at(0.1)["engine_speed"] == 1200
    assert loop.at(4.2)["engine_speed"] == 2400
    assert loop.at(4.5)["engine_speed"] == 800
    assert loop.at(4.5 * 1000 + 1.0)["engine_speed"] == pytest.approx(1200)
    with pytest.raises(DriveError, match="above zero"):
        DrivePlayer(log, speed=0)
    car = load_car(None, drive=path, drive_speed=2.0)
    car.begin(50.0)
    assert car.drive_time(51.0) == 2.0


def test_the_voltage_at_the_connector_is_the_logs(drives: Sequence[Path]) -> None:
    car = load_car(None, drive=drives[0])
    assert car.voltage(0.0) == 12.382


EXCEL = "ENGINE_RPM;COOLANT_TEMPERATURE\n800,5;90\n900,25;91\n"


@pytest.mark.parametrize(
    "data",
    [EXCEL.encode(), EXCEL.encode("utf-8-sig"), EXCEL.encode("utf-16"), EXCEL.replace(";", "\t").encode("utf-16")],
    ids=["semicolons", "with a mark", "UTF-16", "tabs"],
)
def test_what_a_german_excel_writes_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes(data)
    assert [row for _, row in read_drive(path).rows] == [
        {"engine_speed": 800.5, "coolant_temperature": 90.0},
        {"engine_speed": 900.25, "coolant_temperature": 91.0},
    ]


def test_something_else_than_a_drive_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "much.csv"
    path.write_text(",".join(f"COLUMN {number}" for number in range(20_000)) + "\n1\n")
    with pytest.raises(DriveError, match=r"much\.csv: the drive has 20000 columns"):
        read_drive(path)
    path.write_text("[" * 100_000 + "\n1\n")  # comparing it with every known name would take minutes
    with pytest.raises(DriveError, match="no column is a signal"):
        read_drive(path)
