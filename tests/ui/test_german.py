"""On a German screen numbers have a decimal comma and days read as German, and no widget writes a point itself."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime

import pytest

from core import language
from core.obd.signals import SIGNALS
from tests.collect_translations import called, literal, sources
from ui import words
from ui.pages.live_limits import parse_number, plain_text
from ui.widgets.gauge_model import age_words, number_text, value_text
from ui.widgets.gauge_scale import make_scale
from ui.widgets.gauge_units import measure
from ui.widgets.recordings_row import size_words
from ui.widgets.trend_traces import describe


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    language.use("de")
    words.use_units("metric")
    yield
    language.use("en")


def test_numbers_have_a_comma() -> None:
    assert words.number(13.94, 1) == "13,9"
    assert number_text(-7.81, 1) == "−7,8"
    assert plain_text(0.25, 3) == "0,25"
    assert size_words(41.3e6) == "41,3 MB"


def test_thousands_of_a_value_are_not_taken_for_a_decimal() -> None:
    assert number_text(6250, 0) == "6250"
    assert words.amount(SIGNALS["engine_speed"], 6000.0).startswith("6000")
    assert words.count(38400) == "38.400"


def test_what_is_shown_can_be_typed_again() -> None:
    for value in (0.25, -40.0, 13.9, 110.0):
        assert parse_number(plain_text(value, 2)) == value


def test_an_amount_has_its_unit() -> None:
    assert words.amount(SIGNALS["control_module_voltage"], 13.942) == "13,94 V"
    assert words.amount(SIGNALS["coolant_temperature"], 91.0) == "91 °C"
    assert words.amount(SIGNALS["engine_speed"], 6000.0).endswith(" 1/min"), "as on a German instrument"
    assert words.limit(SIGNALS["engine_speed"], 6000.0) == "6000 1/min"


def test_a_gauge_and_a_trend_have_the_unit_of_the_language_and_compute_with_its_name() -> None:
    speed, consumption = measure(SIGNALS["engine_speed"], "metric"), measure(SIGNALS["consumption"], "metric")
    assert (speed.unit, speed.unit_text) == ("rpm", "1/min")
    assert (consumption.unit, consumption.unit_text) == ("L/100 km", "l/100 km")
    trace = describe("engine_speed")
    assert trace.unit == "rpm"
    assert trace.with_unit(2175.0).endswith(" 1/min")


def test_the_marks_of_a_dial_have_a_comma() -> None:
    scale = make_scale(0, 1.2, 6, fit=True)
    assert [scale.label(value) for value in scale.majors] == ["0", "0,2", "0,4", "0,6", "0,8", "1,0", "1,2"]


def test_states_are_words_and_codes_say_so() -> None:
    fuel = SIGNALS["fuel_system_1_status"]
    assert value_text(fuel, 2.0, 0) == "Regelkreis geschlossen"
    assert value_text(fuel, 77.0, 0) == "Code 77"


def test_ages_and_stretches() -> None:
    assert age_words(4.2) == "4 s alt"
    assert words.ago(300) == "seit 5 min"


def test_a_day_reads_as_german() -> None:
    noon = datetime(2026, 9, 21, 12).timestamp()
    assert words.day(noon) == "Mo. 21.9."


WRITES_A_POINT = re.compile(r"[eEfFgG%]$|,")
ALLOWED = {
    ("ui/widgets/gauge_scale.py", "value / divisor"): "puts the language's own decimal sign in",
}


def test_no_widget_formats_a_number_with_a_point() -> None:
    found = []
    for file, tree in sources("ui"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                tail = literal(node.format_spec.values[-1]) if node.format_spec.values else None
                if tail and WRITES_A_POINT.search(tail) and (file, ast.unparse(node.value)) not in ALLOWED:
                    found.append(f"{file}, line {node.lineno}: {ast.unparse(node)}")
            elif called(node) in ("tr", "mark") and isinstance(node, ast.Call) and node.args:
                text = literal(node.args[0]) or ""
                if any(WRITES_A_POINT.search(spec) for spec in re.findall(r"\{\w*:([^}]*)\}", text)):
                    found.append(f"{file}, line {node.lineno}: {text!r}")
    listed = "\n  ".join(["", *found])
    assert not found, f"these show 13.9 to a German; use ui.words.number or gauge_model.number_text:{listed}"
