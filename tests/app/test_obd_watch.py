"""``bayline obd watch``: lines, summary and exit status, as the interface says."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import watch_report, watching
from app.main import main
from app.watching import Sample
from core.language import speaking
from core.obd.signals import SIGNALS
from core.obd.simulator.car import load_car
from core.obd.simulator.faults import FaultScript
from core.obd.simulator.server import SimulatedAdapter
from tests.app.conftest import PATIENCE_S, Run, Start, environment

SUMMARY = {"seconds", "values", "values_per_second", "hz", "gaps", "state", "protocol", "mode"}


@pytest.fixture(scope="module")
def car(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a simulated car in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.main", "simulate", "--listen", "tcp:127.0.0.1:0", "--adapter", "ideal"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(tmp_path_factory.mktemp("simulator")),
    )
    assert process.stdout is not None
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.wait(PATIENCE_S)
    process.stdout.close()


def _parsed(output: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *samples, last = [json.loads(line) for line in output.splitlines()]
    assert set(last) == {"summary"}
    assert set(last["summary"]) == SUMMARY
    return samples, last["summary"]


def test_a_json_line_a_sample_and_the_summary_last(car: str, run: Run) -> None:
    done = run("obd", "watch", car, "--signals", "0C,vehicle_speed,0x05", "--seconds", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    samples, summary = _parsed(done.stdout)
    for sample in samples:
        assert list(sample) == ["t", "pid", "name", "value", "unit", "ecu"]
        assert 0 <= sample["t"] <= 1.0
    kinds = {(one["pid"], one["name"], one["unit"], one["ecu"]) for one in samples}
    assert kinds == {
        ("0C", "engine_speed", "rpm", "7E8"),
        ("0D", "vehicle_speed", "km/h", "7E8"),
        ("05", "coolant_temperature", "°C", "7E8"),
    }
    assert samples == sorted(samples, key=lambda one: one["t"])
    assert summary["seconds"] == pytest.approx(1.0)
    assert summary["values"] == len(samples)
    assert summary["values_per_second"] == pytest.approx(len(samples) / summary["seconds"], abs=0.01)
    assert set(summary["hz"]) == {"0C", "0D", "05"}
    assert sum(summary["hz"].values()) == pytest.approx(summary["values_per_second"], abs=0.05)
    assert summary["gaps"] == {}
    assert summary["state"] == "connected"
    assert summary["protocol"] == "ISO 15765-4 (CAN 11 bit, 500 kbit/s)"
    assert summary["mode"]


def test_a_pid_of_several_signals_and_a_derived_one(car: str, run: Run) -> None:
    done = run("obd", "watch", car, "--signals", "41,overall_ratio", "--seconds", "1", "--json", LC_ALL="de_DE.UTF-8")
    samples, summary = _parsed(done.stdout)
    assert len({one["name"] for one in samples if one["pid"] == "41"}) > 1
    assert set(summary["hz"]) == {"41", "overall_ratio"}  # a PID's rate counts answers, whatever they hold
    assert summary["hz"]["41"] < summary["values_per_second"]
    assert summary["state"] == "connected"  # English, whatever the person speaks


def test_a_table_for_people(car: str, run: Run) -> None:
    done = run("obd", "watch", car, "--seconds", "1", "--signals", "0C,5E,83", BAYLINE_LANGUAGE="en")
    assert done.returncode == 0
    header, *rows = done.stdout.splitlines()
    assert "Engine speed (rpm)" in header
    assert re.match(r" +\d\.\d +\d+ ", rows[0])
    assert len(rows[0]) == len(header)
    assert re.search(r"^1\.0 s: \d+ values, [\d.]+ a second\.$", done.stdout, re.MULTILINE)
    assert "Link: Connected" in done.stdout
    assert "This car does not offer 83 NOx" in done.stderr


def test_a_german_table_has_a_comma_and_the_german_unit(capsys: pytest.CaptureFixture[str]) -> None:
    voltage, speed = SIGNALS["control_module_voltage"], SIGNALS["engine_speed"]
    with speaking("de"):
        table = watch_report._Table([speed, voltage])
        table.sample(Sample(1.25, speed, 2175.25, "7E8"))
        table.sample(Sample(1.5, voltage, 13.942, "7E8"))
        table.flush()
    head, row = capsys.readouterr().out.splitlines()
    assert "Motordrehzahl (1/min)" in head
    assert row.split() == ["1,5", "2175", "13,94"]


def test_signals_the_car_does_not_have_end_it_with_4(car: str, run: Run) -> None:
    done = run("obd", "watch", car, "--signals", "83", "--json")
    assert done.returncode == 4
    samples, summary = _parsed(done.stdout)
    assert samples == []
    assert summary["state"] == "connected"
    assert "The car answers, but offers none of these signals." in done.stderr


def test_ctrl_c_ends_with_the_summary(car: str, start: Start) -> None:
    watching_car = start("obd", "watch", car, "--json")
    first = json.loads(watching_car.line('{"t"'))
    assert watching_car.end(signal.SIGINT) == 0
    samples, summary = _parsed(watching_car.rest())
    assert summary["values"] == len(samples) + 1
    assert first["t"] <= summary["seconds"]


def test_a_reader_that_goes_away_is_no_error_message(car: str, home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.main", "obd", "watch", car, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(PATIENCE_S) == 141
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "serial:///dev/ttyNobody"])
def test_no_adapter_ends_it_with_3(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "ADAPTER_WITHIN_S", 0.5)
    assert main(["obd", "watch", address, "--json"]) == 3
    said = capsys.readouterr()
    samples, summary = _parsed(said.out)
    assert samples == []
    assert (summary["state"], summary["values"], summary["seconds"]) == ("no adapter", 0, 0.0)
    assert "No adapter was reached" in said.err


@pytest.mark.usefixtures("in_process")
def test_a_silent_car_ends_it_with_4(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "CAR_WITHIN_S", 0.5)
    with SimulatedAdapter(load_car(None), "ideal") as adapter:
        adapter.faults.inject("no_data", seconds=600)
        assert main(["obd", "watch", adapter.address, "--json"]) == 4
    said = capsys.readouterr()
    samples, summary = _parsed(said.out)
    assert samples == []
    assert summary["state"] in ("bus asleep", "adapter only")
    assert summary["gaps"]
    assert "no car answered" in said.err


@pytest.mark.usefixtures("in_process")
def test_gaps_are_counted_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    script = FaultScript.parse('[[fault]]\nkind = "negative"\nnrc = 0x12\nevery_n = 10')
    with SimulatedAdapter(load_car(None), "ideal", faults=script) as adapter:
        assert main(["obd", "watch", adapter.address, "--seconds", "1", "--json"]) == 0
    _, summary = _parsed(capsys.readouterr().out)
    assert summary["gaps"]["refused"] > 1
    assert summary["values"] > summary["gaps"]["refused"]


def test_ports_are_listed_for_programs_and_people(run: Run) -> None:
    listed = json.loads(run("obd", "ports", "--json").stdout)
    assert all(set(port) == {"address", "title", "kind"} for port in listed)
    words = run("obd", "ports")
    assert words.returncode == 0
    assert words.stdout.strip()
