"""The page Insights as it is used: figures of the shop, of a person and a period, a chart, a file, and who may not."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from core.insights.dashboard import dashboard
from core.insights.money import DayOfMoney
from core.language import speaking
from core.people.models import Staff
from core.people.roles import Actor, Role
from core.records.ids import new_id
from core.workshop.invoice_models import Invoice
from core.workshop.models import ClockPunch, RepairOrder, StatusMove
from tests.ui.conftest import settle
from tests.ui.two_bays import Bay, until
from ui import insights_reading
from ui.pages.insights import PEOPLE, InsightsPage
from ui.pages.registry import ENTRIES
from ui.shell import Shell
from ui.widgets import toast

HOUR = 3_600_000


@pytest.fixture
def page(one: Bay, dressed: object) -> Iterator[InsightsPage]:
    """On a shop in which Ines finished an order this hour, and nobody took the money for another yet."""
    now = one.records.wall()
    off = now - HOUR // 2
    ines, order = "01890000-0000-7000-8000-0000000000a1", "01890000-0000-7000-8000-0000000000b1"
    one.records.change(
        "system",
        lambda session: session.add_all(
            [
                Staff(id=ines, name="Ines", role="technician", active=True),
                RepairOrder(id=order, number="7-B", status="ready", technician_id=ines, promised_at=now + HOUR),
                StatusMove(id=order[:-2] + "c1", order_id=order, before="booked", after="arrived", moved_at=now - HOUR),
                StatusMove(id=order[:-2] + "c2", order_id=order, before="in_progress", after="ready", moved_at=now - 1),
                ClockPunch(id=new_id(now - HOUR), order_id=order, staff_id=ines, direction="in", at=now - HOUR),
                ClockPunch(id=new_id(off), order_id=order, staff_id=ines, direction="out", at=off),
                Invoice(id=order[:-2] + "e1", kind="invoice", net=12_345, cost=2_345, issued_at=now - 1, content="{}"),
            ]
        ),
    )
    shell = Shell(one.context, tuple(entry for entry in ENTRIES if entry.name == "insights"))
    shell.resize(1280, 800)
    shell.show()
    shell.go("insights")
    found = shell.content.pages["insights"]
    assert isinstance(found, InsightsPage)
    until(lambda: found.dashboard is not None, "the figures are read")
    yield found
    shell.end()
    shell.deleteLater()
    settle()


def test_the_tiles_say_what_the_room_says(one: Bay, page: InsightsPage) -> None:
    with one.records.read() as session:
        known = dashboard(session, one.actor)
    shop = page.shop
    assert shop.open.value.text() == str(known.open)
    assert shop.completion.value.text().startswith("1.0")
    assert shop.on_time.value.text().startswith("100")
    assert "100.00" in shop.chart.said.text()
    assert "not known" not in shop.chart.said.text()
    shop.chart.show_days(known.money, "USD", 2)
    assert "the cost of 2 lines is not known" in shop.chart.said.text(), "profit is not silently sales"
    assert "1 order in 30 days" in {each.text().partition(", ")[2] for each in shop.completion.findChildren(QLabel)}


def test_a_change_shows_without_a_touch(one: Bay, page: InsightsPage) -> None:
    before = int(page.shop.open.value.text())
    one.new_order(complaint="Noise")
    until(lambda: page.shop.open.value.text() == str(before + 1), "it is counted")


def test_a_person_and_a_period_are_chosen(page: InsightsPage) -> None:
    page.open_section(PEOPLE)
    until(lambda: page.performance is not None, "the figures are read")
    assert page.people.completed.value.text() == "1"
    assert page.people.worked.value.text().startswith("30"), "minutes, below an hour"
    cell = page.people.table.item(0, 0)
    assert cell is not None
    assert cell.text() == "7-B"
    page.performance = None
    week = page.people.period._segments[7]
    QTest.mouseClick(week, Qt.MouseButton.LeftButton)
    until(lambda: page.performance is not None, "the other period is read")
    assert page.people.days == 7


def test_the_chart_becomes_a_file(page: InsightsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "profit.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(file), ""))
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    until(file.exists, "it is written")
    until(lambda: file.stat().st_size > 0, "it is whole")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 31
    assert rows[-1][1:5] == ["1", "123.45", "23.45", "100.00"]
    assert page.dashboard is not None
    with speaking("de"):
        insights_reading.write_money(page.dashboard, file)
    last = file.read_text("utf-8-sig").splitlines()[-1].split(";")
    assert last[1:5] == ["1", "123,45", "23,45", "100,00"], "as a German spreadsheet opens it"


def test_a_file_that_cannot_be_written_is_said_in_words(
    page: InsightsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "file" / "profit"), ""))
    QTest.mouseClick(page.save, Qt.MouseButton.LeftButton)
    words = "The file could not be written."
    until(lambda: words in [each.accessibleName() for each in toast.shown(page.window())], "it is said")


def test_money_has_its_currency_on_the_scale_too(page: InsightsPage) -> None:
    ticks = page.shop.chart.left.tickStrings([0, 200_000], 1, 1)
    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in ticks] in (["€0", "€2,000"], ["$0", "$2,000"])


def test_a_shop_without_invoices_says_what_will_stand_there(page: InsightsPage) -> None:
    page.shop.chart.show_days([DayOfMoney("2026-11-20"), DayOfMoney("2026-11-21")], "EUR")
    assert "What is invoiced stands here" in page.shop.chart.said.text()
    page.people.show_people(())
    assert "Settings" in page.people.none.text()


def test_figures_of_the_shop_are_for_the_desk(page: InsightsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    technician = Actor("staff", "01890000-0000-7000-8000-0000000000a1", "Ines", Role.TECHNICIAN)
    monkeypatch.setattr(type(page.context.people), "actor", property(lambda self: technician))
    page.context.people.changed.emit()
    assert page.stack.currentWidget() is page.private
    page.open_section(PEOPLE)
    until(lambda: page.performance is not None and page.performance.name == "Ines", "her own figures are read")
