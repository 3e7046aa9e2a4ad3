"""A gauge says what the car said, and says so when the car said nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFocusEvent, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.diagnostics.alarm_rules import default_rules
from core.obd.status import LinkStatus
from core.obd.store import Signals
from tests.ui.fake_session import FakeSession
from ui import theme
from ui.widgets.frame_clock import FrameClock
from ui.widgets.gauge import Gauge
from ui.widgets.gauge_model import NO_VALUE, Cells, Condition, Dress, GaugeSpec
from ui.widgets.gauge_scale import Level, bounds_of

FRAME = 1 / 60


class Watched(Gauge):
    """Remembers what it painted."""

    regions: list[QRegion]

    def paintEvent(self, event: QPaintEvent) -> None:
        self.__dict__.setdefault("regions", []).append(QRegion(event.region()))
        super().paintEvent(event)


Make = Callable[..., Watched]


@pytest.fixture
def car() -> FakeSession:
    return FakeSession(5.0)


@pytest.fixture
def make(qtbot: QtBot, qapp: QApplication, car: FakeSession) -> Make:
    theme.use(qapp, "night")

    def build(signal: str = "engine_speed", dress: Dress = Dress.DIAL, **settings: Any) -> Watched:
        gauge = Watched(replace(GaugeSpec("a", signal, dress, Cells(0, 0, 3, 3)), **settings))
        qtbot.addWidget(gauge)
        gauge.resize(360, 330)
        gauge.set_bounds(bounds_of(signal, default_rules()))
        gauge.set_source(car)
        gauge.show()
        QApplication.processEvents()
        return gauge

    return build


def run(gauge: Watched, car: FakeSession, seconds: float) -> None:
    """Let the car drive and the frames come."""
    for _ in range(round(seconds / FRAME)):
        car.advance(FRAME)
        gauge.tick(car.now())
        QApplication.processEvents()


def picture(gauge: Watched) -> QImage:
    return gauge.grab().toImage()


@pytest.mark.parametrize("dress", list(Dress))
def test_every_dress_shows_the_newest_value_in_its_unit(make: Make, car: FakeSession, dress: Dress) -> None:
    gauge = make("coolant_temperature", dress)
    run(gauge, car, 1.5)
    latest = car.signals.latest("coolant_temperature")
    assert latest is not None
    assert gauge.moment.text == f"{latest.value:.0f}"
    assert gauge.measure.unit == "°C"
    assert gauge.moment.condition is Condition.LIVE
    blank = Watched(gauge.spec)
    blank.resize(gauge.size())
    assert picture(gauge) != picture(blank)


@pytest.mark.parametrize("dress", list(Dress))
def test_silence_turns_it_grey_with_its_age_after_two_seconds(make: Make, car: FakeSession, dress: Dress) -> None:
    gauge = make("engine_speed", dress)
    run(gauge, car, 0.5)
    car.silent.add("engine_speed")
    last = gauge.moment.text
    run(gauge, car, 1.8)
    assert gauge.foot.startswith("min "), "not old yet"
    run(gauge, car, 1.5)
    assert gauge.moment.condition is Condition.STALE
    assert gauge.foot == "3 s old"
    assert gauge.moment.text == last, "the last value stays, it does not fall to zero"
    car.silent.clear()
    run(gauge, car, 0.3)
    assert gauge.foot.startswith("min "), "it speaks again"


def test_no_answer_is_a_dash_and_words_not_zero(make: Make, car: FakeSession) -> None:
    gauge = make("oil_temperature")
    run(gauge, car, 0.2)
    assert gauge.moment.text == NO_VALUE
    assert gauge.foot == "no answer"
    assert gauge.moment.needle is None


def test_a_signal_the_car_lacks_says_so(make: Make, car: FakeSession) -> None:
    gauge = make("oil_temperature")
    gauge.set_offered(False)
    run(gauge, car, 0.2)
    assert gauge.foot == "not offered by this car"
    gauge.set_offered(True)
    run(gauge, car, 0.2)
    assert gauge.foot == "no answer"


def test_a_signal_nobody_knows_is_shown_as_that(make: Make, car: FakeSession) -> None:
    gauge = make("flux_capacitance")
    run(gauge, car, 0.2)
    assert gauge.foot == "unknown signal"
    assert gauge.moment.text == NO_VALUE


def test_the_needle_glides_while_the_number_shows_the_newest_sample(make: Make, car: FakeSession) -> None:
    gauge = make("fuel_level", Dress.BAR)
    run(gauge, car, 0.2)
    car.silent.add("fuel_level")
    assert gauge.scale is not None
    start = gauge.moment.needle
    car.signals.write("fuel_level", car.now(), 20.0, "7E8")
    car.advance(0.11)  # past the least time between two texts
    car.signals.write("fuel_level", car.now(), 20.0, "7E8")
    gauge.tick(car.now())
    gauge.tick(car.now() + FRAME)
    assert gauge.moment.text == "20.0"
    assert gauge.moment.needle is not None
    assert start is not None
    assert 0.2 < gauge.moment.needle < start
    run(gauge, car, 0.6)
    assert gauge.moment.needle == pytest.approx(0.2)


def test_texts_change_at_most_ten_times_a_second(make: Make, car: FakeSession) -> None:
    gauge = make("vehicle_speed", Dress.NUMBER)
    changes = 0
    for n in range(120):
        car.signals.write("vehicle_speed", car.now() + n * FRAME, float(n % 200), "7E8")
        before = gauge.moment.text
        gauge.tick(car.now() + n * FRAME)
        changes += gauge.moment.text != before
    assert 10 <= changes <= 21


def test_nothing_is_painted_while_nothing_changes(make: Make, car: FakeSession) -> None:
    gauge = make("fuel_level")
    car.silent.add("fuel_level")
    car.signals.write("fuel_level", car.now(), 50.0, "7E8")
    run(gauge, car, 1.0)
    gauge.regions = []
    run(gauge, car, 0.5)
    assert gauge.regions == []


def test_a_moving_needle_paints_only_where_it_moves(make: Make, car: FakeSession) -> None:
    gauge = make("engine_speed")
    run(gauge, car, 1.0)
    gauge.regions = []
    run(gauge, car, 1.0)
    whole = gauge.width() * gauge.height()
    sizes = sorted(sum_of(region) for region in gauge.regions)
    assert len(sizes) > 20
    assert sizes[len(sizes) // 2] < whole * 0.12


def sum_of(region: QRegion) -> int:
    """The pixels in a region: its bounding box serves, being an upper bound."""
    box: QRect = region.boundingRect()
    return box.width() * box.height()


@pytest.mark.parametrize("dress", list(Dress))
@pytest.mark.parametrize("size", [(360, 330), (300, 120), (130, 300)])
def test_partial_painting_leaves_the_same_picture_as_painting_everything(
    make: Make, car: FakeSession, dress: Dress, size: tuple[int, int]
) -> None:
    gauge = make("engine_speed", dress)
    gauge.resize(*size)
    run(gauge, car, 0.5)
    window = gauge.windowHandle()
    assert window is not None
    for _ in range(25):
        run(gauge, car, 3 * FRAME)
    piecewise = gauge.screen().grabWindow(gauge.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    gauge.update()
    QApplication.processEvents()
    whole = gauge.screen().grabWindow(gauge.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert piecewise.size() == whole.size()
    assert differing(piecewise, whole) == 0


def differing(a: QImage, b: QImage) -> int:
    """Pixels that differ by more than a rounding of the blending."""
    count = 0
    left, right = bytes(a.constBits()), bytes(b.constBits())
    if left == right:
        return 0
    for n in range(0, len(left), 4):
        count += any(abs(left[n + k] - right[n + k]) > 12 for k in range(3))
    return count


def test_the_gauge_turns_critical_with_colour_sign_and_word(make: Make, car: FakeSession) -> None:
    gauge = make("coolant_temperature")
    run(gauge, car, 0.2)
    calm = picture(gauge)
    car.silent.add("coolant_temperature")
    car.signals.write("coolant_temperature", car.now(), 113.0, "7E8")
    run(gauge, car, 0.5)
    assert gauge.moment.level is Level.CRITICAL
    assert gauge.foot == "over 110 °C"
    assert picture(gauge) != calm


def test_marks_of_the_session_stand_at_its_lowest_and_highest(make: Make, car: FakeSession) -> None:
    gauge = make("fuel_level", Dress.BAR)
    car.silent.add("fuel_level")
    for value in (30.0, 80.0, 50.0):
        car.signals.write("fuel_level", car.now(), value, "7E8")
    run(gauge, car, 1.5)
    assert gauge.moment.lowest == pytest.approx(0.3, abs=0.01)
    assert gauge.moment.highest == pytest.approx(0.8, abs=0.01)
    assert gauge.foot.startswith("min 30.0   mean ")
    assert gauge.foot.endswith("max 80.0")


def test_a_scale_grows_when_the_car_leaves_it(make: Make, car: FakeSession) -> None:
    gauge = make("vehicle_speed")
    car.silent.add("vehicle_speed")
    run(gauge, car, 0.1)
    assert gauge.scale is not None
    assert gauge.scale.high in (240, 250)
    car.signals.write("vehicle_speed", car.now(), 254.0, "7E8")
    run(gauge, car, 0.5)
    assert gauge.scale.high >= 254


def test_an_own_scale_does_not_grow_and_shows_the_value_at_its_end(make: Make, car: FakeSession) -> None:
    gauge = make("engine_speed", low=0.0, high=1000.0)
    car.silent.add("engine_speed")
    car.signals.write("engine_speed", car.now(), 3000.0, "7E8")
    run(gauge, car, 0.5)
    assert gauge.scale is not None
    assert gauge.scale.high == 1000
    assert gauge.moment.needle == 1.0
    assert gauge.moment.text == "3000"


def test_units_of_the_gauge_the_vehicle_and_the_person(make: Make, car: FakeSession) -> None:
    gauge = make("vehicle_speed")
    gauge.set_preferred(("", "imperial"))
    run(gauge, car, 0.3)
    assert gauge.measure.unit == "mph"
    assert gauge.scale is not None
    assert gauge.scale.high == pytest.approx(150, abs=11)
    gauge.set_spec(replace(gauge.spec, unit="km/h"))
    assert gauge.measure.unit == "km/h"


def test_codes_show_their_words_in_any_dress(make: Make, car: FakeSession) -> None:
    gauge = make("fuel_system_1_status", Dress.DIAL)
    car.signals.write("fuel_system_1_status", car.now(), 2.0, "7E8")
    run(gauge, car, 0.3)
    assert gauge.moment.text == "Closed loop"
    assert gauge.scale is None
    car.signals.write("fuel_system_1_status", car.now(), 8.0, "7E8")
    run(gauge, car, 0.3)
    assert gauge.moment.text == "Open loop due to a detected fault"
    picture(gauge)


@pytest.mark.parametrize("dress", [Dress.DIAL, Dress.TREND])
def test_a_moment_of_the_past_is_shown_as_it_was(make: Make, car: FakeSession, dress: Dress) -> None:
    gauge = make("engine_speed", dress)
    run(gauge, car, 3.0)
    at = car.now() - 2.0
    _, values = car.signals.window("engine_speed", at - 2.0, at)
    gauge.tick(car.now(), car.now(), at)
    assert gauge.moment.text == f"{values[-1]:.0f}"
    assert gauge.moment.condition is Condition.LIVE
    gauge.tick(car.now() + 5, car.now() + 5, at)
    assert gauge.moment.condition is Condition.LIVE, "the past does not grow old"
    gauge.tick(car.now(), car.now(), at - 600)
    assert gauge.moment.text == NO_VALUE
    run(gauge, car, 0.5)
    latest = car.signals.latest("engine_speed")
    assert latest is not None
    assert gauge.moment.text != f"{values[-1]:.0f}"


def test_another_source_replaces_the_values_at_once(make: Make, car: FakeSession) -> None:
    gauge = make("engine_speed")
    run(gauge, car, 0.5)
    recording = FakeSession()
    recording.signals = Signals()
    recording.signals.write("engine_speed", recording.now(), 4321.0, "7E8")
    gauge.set_source(recording)
    gauge.tick(recording.now())
    assert gauge.moment.text == "4321"
    assert gauge.track is not None
    assert gauge.track.count == 1


def test_the_paint_log_pairs_samples_with_their_pixels(make: Make, car: FakeSession) -> None:
    gauge = make("vehicle_speed")
    run(gauge, car, 0.5)
    gauge.log_paints(True)
    run(gauge, car, 1.0)
    stamps = [stamp for stamp, _ in gauge.painted]
    times, _ = car.signals.window("vehicle_speed", car.now() - 0.9, car.now())
    assert set(times.tolist()) <= set(stamps)
    gauge.log_paints(False)
    before = len(gauge.painted)
    run(gauge, car, 0.3)
    assert len(gauge.painted) == before


def test_it_says_in_words_what_it_shows(make: Make, car: FakeSession) -> None:
    gauge = make("coolant_temperature")
    car.silent.add("coolant_temperature")
    car.signals.write("coolant_temperature", car.now(), 113.0, "7E8")
    run(gauge, car, 0.3)
    assert gauge.accessibleName() == "Coolant temperature"
    assert gauge.spoken() == "113 °C, over 110 °C"


def test_both_themes_and_every_size_paint(make: Make, car: FakeSession, qapp: QApplication) -> None:
    for dress in Dress:
        gauge = make("engine_speed", dress)
        run(gauge, car, 0.1)
        night = picture(gauge)
        theme.use(qapp, "day")
        assert picture(gauge) != night
        theme.use(qapp, "night")
        for size in ((40, 40), (90, 60), (1400, 80), (60, 900), (1900, 1000)):
            gauge.resize(*size)
            run(gauge, car, 2 * FRAME)
            picture(gauge)


def test_the_focus_ring_shows_for_the_keyboard_only(make: Make, car: FakeSession) -> None:
    gauge = make("engine_speed")
    plain = picture(gauge)
    for reason, ringed in ((Qt.FocusReason.MouseFocusReason, False), (Qt.FocusReason.TabFocusReason, True)):
        QApplication.sendEvent(gauge, QFocusEvent(QEvent.Type.FocusIn, reason))
        assert (picture(gauge) != plain) == ringed
        QApplication.sendEvent(gauge, QFocusEvent(QEvent.Type.FocusOut, reason))
        assert picture(gauge) == plain


def test_the_link_status_of_a_car_is_not_needed_to_show_a_gauge(make: Make) -> None:
    car = FakeSession()
    car.become(**{field: getattr(LinkStatus(), field) for field in ("state", "trouble")})
    gauge = make("engine_speed")
    gauge.set_source(None)
    gauge.tick(1.0)
    assert gauge.moment.text == NO_VALUE


def test_the_clock_beats_only_while_somebody_listens_and_keeps_its_intervals(qtbot: QtBot) -> None:
    now = [100.0]
    clock = FrameClock(clock=lambda: now[0])
    heard: list[float] = []
    assert not clock.running
    clock.add(heard.append)
    clock.add(heard.append)
    assert clock.running
    for _ in range(3):
        clock.beat()
        now[0] += 0.017
    assert heard == pytest.approx([100.0, 100.017, 100.034])
    assert clock.intervals.array() == pytest.approx([0.017, 0.017])
    clock.remove(heard.append)
    assert not clock.running
    with qtbot.waitSignal(clock._timer.timeout, timeout=200, raising=False) as waiting:
        pass
    assert not waiting.signal_triggered
