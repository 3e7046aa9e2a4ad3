"""Settings of the tax: the rates of the shop, each from a day on; a new shop is led to enter its own."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.records.changes import Changed
from core.records.records import Records
from core.workshop.line_kinds import DISCOUNT, KINDS
from core.workshop.tax_rules import TaxRuleView, kinds_in, rate_for
from ui import words
from ui.context import UiContext
from ui.money_words import percent
from ui.pages.settings_form import FormSheet
from ui.pages.settings_list import ListCard
from ui.shop_reading import TaxRead, drop_tax, read_tax, save_tax
from ui.widgets.buttons import Button, Switch
from ui.widgets.flow import Flow
from ui.widgets.settings_card import Report
from ui.widgets.settings_row import SettingsRow

MONTHS_AHEAD = 14  # a change of the law is known a year before, at most
GOODS_AND_SERVICES = frozenset({"AUD", "CAD", "INR", "NZD", "SGD"})
LINES = tuple(kind for kind in KINDS if kind != DISCOUNT)  # what a rule may name


def day_words(iso: str) -> str:
    """A day as the language writes it; the text itself where it is none."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso
    return words.locale().toString(QDate(day.year, day.month, day.day), tr("d MMM yyyy"))


def in_use(rule: TaxRuleView, found: TaxRead) -> bool:
    """Whether today's lines of some kind bear this rule's rate because of it."""
    others = [each for each in found.rules if each.id != rule.id]
    kinds = kinds_in(rule.kinds) or LINES
    alone = [each for each in (*others, rule) if each.active]
    return rule.active and any(
        _of(alone, kind, found.today) == rule.id for kind in kinds if rate_for(alone, kind, found.today) is not None
    )


def _of(rules: list[TaxRuleView], kind: str, on: str) -> str:
    """The id of the rule that ``rate_for`` takes the rate from."""
    known = [each for each in rules if each.rate is not None and (each.since or "") <= on]
    named = [each for each in known if kind in kinds_in(each.kinds)]
    ranked = sorted(named or [each for each in known if not kinds_in(each.kinds)],
                    key=lambda each: (each.since or "", each.id))  # fmt: skip
    return ranked[-1].id if ranked else ""


def usual_name(currency: str) -> str:
    """What the tax on sales is called where this money is used: what papers show is proposed, not left to be known."""
    if currency == "USD":
        return tr("Sales tax")
    return tr("Goods and services tax") if currency in GOODS_AND_SERVICES else tr("VAT")


class TaxCard(ListCard):
    """The rules, what holds today in front of what comes or is over."""

    tables = ("tax_rules",)

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Tax"), context, report)

    def read(self, records: Records) -> TaxRead:
        return read_tax(records)

    def words(self, found: TaxRead) -> str:
        if found.rules:
            return tr(
                "Lines that are written keep their rate. Enter a new rate today with the day from which it counts."
            )
        return tr(
            "No rate yet: every line is written without tax. Enter the rate of your country once, for example 19 %; "
            "from then on estimates and invoices show it. Does the shop charge none, enter 0 %."
        )

    def add_words(self, found: TaxRead) -> str:
        return tr("Add a rate") if found.rules else tr("Enter the tax rate")

    def rows_of(self, found: TaxRead) -> list[QWidget]:
        made: list[QWidget] = []
        for rule in sorted(found.rules, key=lambda each: (not in_use(each, found), each.since or "", each.id)):
            holds = in_use(rule, found)
            kinds = ", ".join(tr(KINDS[each]) for each in kinds_in(rule.kinds) if each in KINDS)
            detail = [self._standing(rule, found, holds), kinds or tr("everything else") if self._several(found)
                      else tr("all lines")]  # fmt: skip
            icon, token = ("connected", "ok") if holds else ("clock", "info") if _coming(rule, found) else (
                "minus", "text_muted")  # fmt: skip
            row = SettingsRow(icon, rule.name or tr("No name"), " · ".join(filter(None, detail)), percent(rule.rate),
                              token=token, opens=self.may_change, quiet=not holds)  # fmt: skip
            row.clicked.connect(lambda _=False, rule=rule: self.open_rule(rule))
            made.append(row)
        return made

    def _several(self, found: TaxRead) -> bool:
        return any(kinds_in(each.kinds) for each in found.rules)

    def _standing(self, rule: TaxRuleView, found: TaxRead, holds: bool) -> str:
        if not rule.active:
            return tr("Switched off")
        if _coming(rule, found):
            return tr("Counts from {day}", day=day_words(rule.since or ""))
        if not holds:
            return tr("Replaced by a later one")
        return tr("Counts now, since {day}", day=day_words(rule.since)) if rule.since else tr("Counts now")

    def scenes(self) -> list[tuple[str, Callable[[], object]]]:
        return [("settings-tax", lambda: self.open_rule(self.found.rules[0] if self.found.rules else None))]

    def open_new(self) -> None:
        self.open_rule(None)

    def open_rule(self, rule: TaxRuleView | None) -> None:
        """A rule, or a new one."""
        sheet = TaxSheet(self, rule, self.found)
        sheet.open(None if rule else sheet.numbers["rate"].pad)


def _coming(rule: TaxRuleView, found: TaxRead) -> bool:
    return rule.active and (rule.since or "") > found.today


class TaxSheet(FormSheet):
    """A rate: how much, from when on, and for what."""

    def __init__(self, card: TaxCard, rule: TaxRuleView | None, found: TaxRead) -> None:
        super().__init__(card, tr("Tax rate") if rule else tr("New tax rate"))
        self._card, self._rule = card, rule
        self.number("rate", tr("Rate"), rule.rate if rule else None, decimals=2, unit="%")
        self.text(
            "name", tr("What it is called on the papers"), rule.name if rule else usual_name(found.currency), longest=60
        )
        self.choice("since", tr("Counts from"), self._days(found), rule.since if rule else None)
        if rule is not None:
            self.active = Switch(rule.active, tr("In use"))
            self.add("active", tr("In use"), self.active)
        holder = QWidget()
        flow = Flow(holder)
        named = kinds_in(rule.kinds) if rule else ()
        self.kinds: dict[str, Button] = {}
        for kind in LINES:
            button = self.kinds[kind] = Button(tr(KINDS[kind]))
            button.setCheckable(True)
            button.setChecked(kind in named)
            button.toggled.connect(lambda _: self._show_kinds())
            flow.addWidget(button)
        self.group("", tr("For these lines only; press none, and it is for all lines that no other rate names."))
        self.add("kinds", "", holder, wide=True)
        self._show_kinds()
        if rule is not None:
            self.finish_form(tr("Keep"), remove=tr("Delete"), removing=self.drop)
        else:
            self.finish_form(tr("Keep"))

    def _days(self, found: TaxRead) -> list[tuple[object, str]]:
        today = dt.date.fromisoformat(found.today)
        firsts = [
            dt.date(today.year + (today.month + n) // 12, (today.month + n) % 12 + 1, 1).isoformat()
            for n in range(MONTHS_AHEAD)
        ]
        given = [self._rule.since] if self._rule is not None and self._rule.since else []
        days = dict.fromkeys(sorted([found.today, *firsts, *given]))
        named = [(day, tr("Today") if day == found.today else day_words(day)) for day in days]
        return [(None, tr("Always")), *named]

    def _show_kinds(self) -> None:
        for kind, button in self.kinds.items():
            button.show_words(tr(KINDS[kind]), "ok" if button.isChecked() else "")

    def fields(self) -> dict[str, object]:
        found = super().fields()
        found["kinds"] = ",".join(kind for kind, button in self.kinds.items() if button.isChecked()) or None
        if self._rule is not None:
            found["active"] = self.active.isChecked()
        return found

    def submit(self) -> None:
        if not self.good():
            return
        (records, actor), fields = self._card.desk, self.fields()
        row = self._rule.id if self._rule else ""

        def kept(done: Changed[TaxRuleView]) -> None:
            self._card.changed(tr("{rate} is kept.", rate=percent(done.value.rate)), done)

        self.send(lambda: save_tax(records, actor, row, fields), kept)

    def drop(self) -> None:
        """Take the rule off the list; what was written keeps its rate."""
        if self._rule is None:
            return
        (records, actor), row = self._card.desk, self._rule.id
        self.close_sheet()
        self._card.run(lambda: drop_tax(records, actor, row), tr("The rate was deleted; lines that have it keep it."))
