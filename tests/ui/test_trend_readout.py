"""What is read at the cursors: measured values, no answer where there was none, and differences."""

import pytest
from PySide6.QtCore import QRectF, QSizeF

from core.language import use
from tests.ui.fake_session import START, FakeSession
from ui.widgets.trend_model import TrendModel
from ui.widgets.trend_readout import Table, place, read
from ui.widgets.trend_strip import View
from ui.widgets.trend_window import Cursors

VIEW = View(first=round(START / 0.05), count=1000, step=0.05)


@pytest.fixture
def session() -> FakeSession:
    found = FakeSession(10)
    found.silent.add("vehicle_speed")
    found.advance(10)
    found.silent.clear()
    found.advance(10)
    return found


@pytest.fixture
def model(qapp: object, session: FakeSession) -> TrendModel:
    found = TrendModel()
    found.set_source(session)
    found.add(["engine_speed", "vehicle_speed"])
    found.pull()
    return found


def table(model: TrendModel, cursors: Cursors) -> Table:
    found = read(model, VIEW, cursors, START + 30, 0.0)
    assert found is not None
    return found


def test_without_a_cursor_nothing_is_read(model: TrendModel) -> None:
    assert read(model, VIEW, Cursors(), START + 30, 0.0) is None


def test_the_value_is_the_measured_one_nearest_to_the_cursor(model: TrendModel, session: FakeSession) -> None:
    times, values = session.signals.window("engine_speed", START + 4.8, START + 5.2)
    nearest = values[abs(times - (START + 5.04)).argmin()]
    assert table(model, Cursors(at=START + 5.04)).rows[0].values == (f"{nearest:.0f}",)


def test_where_the_car_did_not_answer_it_says_so(model: TrendModel) -> None:
    rows = table(model, Cursors(at=START + 15)).rows
    assert rows[0].values != ("no answer",)
    assert rows[1].values == ("no answer",)


def test_it_says_when_and_how_long_ago(model: TrendModel) -> None:
    found = table(model, Cursors(at=START + 10))
    assert found.beneath == "−00:20.0"
    assert found.headline.endswith(".0")


def test_differences_have_a_sign_and_a_time(model: TrendModel, session: FakeSession) -> None:
    found = table(model, Cursors(a=START + 2, b=START + 5))
    assert found.headline == "A to B: 3.00 s"
    assert found.heads == ("A", "B", "B − A")
    a, b, change = found.rows[0].values
    assert abs(int(b) - int(a) - int(change.replace("−", "-"))) <= 1
    assert change[0] in "+−"


def test_no_difference_to_no_answer(model: TrendModel) -> None:
    assert table(model, Cursors(a=START + 2, b=START + 15)).rows[1].values[1:] == ("–", "–")


@pytest.mark.parametrize("cursor", [120.0, 300.0, 500.0, 640.0, 700.0, 1080.0])
def test_the_table_stands_beside_the_cursor_not_over_it(cursor: float) -> None:
    area = QRectF(110, 0, 980, 400)  # the plots; axes before, names after
    box = place(QSizeF(420, 250), area, (cursor, cursor), 1200)
    assert not box.left() <= cursor <= box.right()
    assert 0 <= box.left() <= box.right() <= 1200


def test_between_a_and_b_there_may_be_more_room_than_beside_them() -> None:
    box = place(QSizeF(420, 250), QRectF(110, 0, 980, 400), (300, 900), 1200)
    assert 300 < box.left() <= box.right() < 900


def test_in_little_room_the_table_stands_over_the_axes_rather_than_over_the_cursor() -> None:
    box = place(QSizeF(420, 250), QRectF(110, 0, 600, 400), (450, 450), 730)
    assert box.right() < 450
    assert box.left() < 110


def test_in_german_with_a_comma(model: TrendModel) -> None:
    use("de")
    try:
        assert "," in table(model, Cursors(at=START + 5)).headline
    finally:
        use("en")
