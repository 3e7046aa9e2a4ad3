"""A car file that cannot be used is refused with file, table, key, what is wrong and what to write instead."""

from pathlib import Path

import pytest

import resources
from core.obd.simulator.car import CarFileError, load_car
from core.obd.simulator.car_file import read_car
from core.obd.simulator.faults import FaultError, FaultScript

HEAD = 'name = "Test"\nprotocol = "can-11-500"\nvin = "WVWZZZAUZJW104278"\n'
ECU = '[[ecu]]\nid = "7E8"\nname = "ECM-Engine"\n'


def refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CarFileError) as caught:
        load_car(path)
    message = str(caught.value)
    assert message.startswith("mine.toml: ")
    return message


@pytest.mark.parametrize("path", sorted(resources.path("cars").glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_car_loads_and_says_what_it_is(path: Path) -> None:
    spec = read_car(path)
    assert spec.name
    assert len(spec.vin) == 17
    assert spec.ecus[0].pids


def test_the_example_explains_every_key_there_is() -> None:
    """The commented car names every key that the reader takes, so that it can serve as the documentation."""
    reader = Path(load_car.__code__.co_filename).with_name("car_file.py").read_text("utf-8")
    example = resources.path("cars", "compact_petrol.toml").read_text("utf-8")
    taken = set()
    for part in reader.split("table.")[1:] + reader.split("top.")[1:] + reader.split("entry.")[1:]:
        method, _, rest = part.partition("(")
        if method.isidentifier() and rest.startswith('"'):
            taken.add(rest[1:].partition('"')[0])
    assert len(taken) > 40
    assert {key for key in taken if key not in example} == set()


def test_the_shipped_demo_car_is_the_compact() -> None:
    demo, compact = (
        read_car(resources.path("cars", "demo.toml")),
        read_car(resources.path("cars", "compact_petrol.toml")),
    )
    assert demo.vin == compact.vin
    assert demo.vehicle.body == compact.vehicle.body
    assert demo.vehicle.engine == compact.vehicle.engine
    assert [ecu.pids for ecu in demo.ecus] == [ecu.pids for ecu in compact.ecus]
    assert demo.vehicle.scenario.cooling_fails_at_s is not None


def test_a_shipped_car_is_found_by_its_bare_name() -> None:
    assert load_car(Path("hybrid")).spec.name.startswith("Hybrid")


def test_a_missing_file_is_said_so() -> None:
    with pytest.raises(CarFileError, match=r"nowhere\.toml: the car file cannot be read"):
        load_car(Path("nowhere.toml"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = ", "this is not TOML"),
        ('protocol = "can-11-500"\n', "mine.toml: name: it is missing. Write it in quotes"),
        (HEAD.replace("can-11-500", "can-11-501") + ECU, "“can-11-501” is not known. Choose one of j1850-pwm"),
        (HEAD.replace("WVW", "WOW") + ECU, "is not a VIN. A VIN has 17 capital letters and digits"),
        (HEAD, "the car has no control unit. Add at least one [[ecu]] table"),
        (HEAD + ECU + ECU, "7E8 is the id of two control units"),
        (HEAD + ECU.replace("7E8", "7E0"), "[ecu 1] id: 7E0 is no answer to a tester. Write 7E8 to 7EF"),
        (HEAD + ECU.replace("7E8", "xyz"), "[ecu 1] id: “xyz” is not a hexadecimal number"),
        (HEAD + ECU + 'pid = "05"\n', "[ecu 1] pid: nothing here has this name. Did you mean pids?"),
        (HEAD + ECU + 'pids = "05 1FF"\n', "[ecu 1] pids: “1FF” is not a hexadecimal number"),
        (HEAD + ECU + 'pids = "05 20"\n', "[ecu 1] pids: 20 is not a value this program knows"),
        (HEAD + ECU + 'pids = "05 1E"\n', "the driving model has no value for 1E. Leave it out, or give it"),
        (HEAD + ECU + 'latency_ms = "8"\n', "[ecu 1] latency_ms: this must be a number, not '8'"),
        (HEAD + ECU + "latency_ms = -1\n", "[ecu 1] latency_ms: -1 is out of range. Give a number from 0 to 60000"),
        (HEAD + ECU + "mil = 1\n", "[ecu 1] mil: this must be true or false, not 1"),
        (HEAD + ECU + 'order = "random"\n', "“random” is not known. Choose one of asked, ascending, reversed"),
        (HEAD + ECU + '[ecu.codes]\nstored = ["0301"]\n', "[ecu 1.codes] stored: “0301” is not a trouble code"),
        (HEAD + ECU + '[ecu.codes]\nstored = "P0301"\n', "[ecu 1.codes] stored: this must be a list of texts"),
        (HEAD + ECU + '[ecu.monitors]\ncomplete = ["nox"]\n', "“nox” is not known. Known: misfire, fuel"),
        (HEAD + ECU + '[ecu.raw]\n"0C" = "1A"\n', "[ecu 1] raw: PID 0C has 2 bytes. Write exactly that many"),
        (HEAD + ECU + '[ecu.raw]\n"0C" = 26\n', "[ecu 1.raw] 0C: 26 are not bytes"),
        (HEAD + ECU + "[ecu.values]\nengine_sped = 3\n", "Do you mean engine_speed"),
        (HEAD + ECU + '[[ecu.freeze_frame]]\nvalues = {}\n', "[ecu 1.freeze_frame 1] code: it is missing"),
        (HEAD + ECU + '[[ecu.test]]\nmid = "01"\ntid = "05"\nuas = "10"\n', "[ecu 1.test 1] value: it is missing"),
        (HEAD + ECU + 'verifications = ["17"]\n', "[ecu 1] verifications: “17” has 1 bytes. It takes 4"),
        (HEAD + ECU + 'calibrations = ["a text of more than sixteen"]\n', "does not fit. Write 1 to 16"),
        (HEAD + ECU + '[ecu.slow]\n"09" = { pendng = 1 }\n', "[ecu 1.slow.09] pendng: nothing here has this name"),
        (HEAD + ECU + "[vehicle.gearbox]\ngears = [1.0, 2.0]\n", "the ratios do not fall"),
        (HEAD + ECU + '[vehicle.engine]\nfuel = "diesel"\n', "[vehicle.engine] boost_kpa: it is missing"),
        (HEAD + ECU + "[vehicle.start]\ncoolant = 3\n", "[vehicle.start] coolant: nothing here has this name"),
        (HEAD + "vehicle = 3\n" + ECU, "[vehicle] must be a table"),
        (HEAD + '[ecu]\nid = "7E8"\n', "[ecu] must stand in double brackets"),
    ],
)  # fmt: skip
def test_a_mistake_is_explained_where_it_stands(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in refusal(tmp_path, text)


def test_ids_of_a_29_bit_car(tmp_path: Path) -> None:
    wide = HEAD.replace("can-11-500", "can-29-250")
    message = refusal(tmp_path, wide + ECU)
    assert "7E8 is no answer to a tester. Write 18DAF1 and the address" in message
    path = tmp_path / "wide.toml"
    path.write_text(wide + ECU.replace("7E8", "18DAF110"))
    car = load_car(path)
    assert car.protocol == "9"
    assert car.spec.ecus[0].request == 0x18DA10F1


def test_padding_may_be_any_usual_byte_or_none(tmp_path: Path) -> None:
    for text, expected in (("55", 0x55), ("AA", 0xAA), ("none", None)):
        path = tmp_path / "padded.toml"
        path.write_text(HEAD + f'padding = "{text}"\n' + ECU)
        assert load_car(path).padding == expected


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a = " + "9" * 5000], ids=["too deep", "too many digits"])
def test_a_file_that_no_reader_can_take_is_said_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "absurd.toml"
    path.write_text(text)
    with pytest.raises(CarFileError, match=r"^absurd\.toml: this is not TOML"):
        read_car(path)
    with pytest.raises(FaultError, match=r"^absurd\.toml: This is not TOML"):
        FaultScript.load(path)
