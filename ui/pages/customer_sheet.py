"""A customer and how to reach them, as one form wherever somebody stands before a customer, known or new."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from PySide6.QtWidgets import QWidget

from core.language import AVAILABLE, tr
from core.people.customers import KINDS, WAYS, CustomerView
from core.people.models import NAME
from core.people.roles import Actor
from core.records.records import Records
from ui import background, customers_reading
from ui.pages.settings_form import EXPECTED, FormSheet
from ui.widgets import toast
from ui.widgets.panels import label

T = TypeVar("T")
FIRST_OF = tuple(WAYS)  # of these kinds the form has a field, each for the first


class Desk(Protocol):
    """What the sheet needs of the desk it is opened from: the desks of orders and of vehicles both have it."""

    @property
    def records(self) -> Records: ...
    @property
    def actor(self) -> Actor: ...
    def run(self, work: Callable[[], object], said: str, undo: Callable[..., object] | None) -> None: ...


class CustomerForm(FormSheet):
    """Name and telephone first: with the keyboard on the wall two rows are in sight."""

    def __init__(self, anchor: QWidget, title: str, customer: CustomerView | None, name: str, keep: str) -> None:
        super().__init__(anchor, title, side="right", width=820)
        self.customer = customer

        def read(field: str) -> str | None:
            value: str | None = getattr(customer, field) if customer is not None else None
            return value

        self.text("name", tr("Name"), read("name") or name, longest=NAME)
        self.text("phone", tr("Phone"), read("phone"))
        self.text("mobile", tr("Mobile"), read("mobile"))
        self.text("email", tr("Email"), read("email"))
        address = self.several("address", tr("Address"), read("address"), least=3)
        address.setPlaceholderText(tr("Street and number, postcode and town"))
        self.choice("kind", tr("Person or company"), [(kind, tr(word)) for kind, word in KINDS.items()], read("kind"))
        self.text("contact_person", tr("Contact person"), read("contact_person"), longest=NAME)
        self.choice("language", tr("Language"), _languages(read("language")), read("language"))
        self.text("tax_number", tr("Tax number"), read("tax_number"), longest=40)
        self.several("notes", tr("Notes"), read("notes"))
        more = _more(customer)
        if more:
            self.add("more", tr("Also reached at"), label(more, wrap=True, select=True), wide=True)
        self.finish_form(keep)

    def given(self) -> dict[str, object]:
        """What differs from what is known; of a new customer what was filled in."""
        fields = self.fields()
        if self.customer is None:
            return {name: value for name, value in fields.items() if value is not None}
        return {name: value for name, value in fields.items() if value != (getattr(self.customer, name) or None)}

    def named(self) -> bool:
        """Whether they have a name; says so otherwise."""
        if self.texts["name"].text().strip():
            return True
        self.trouble.say(tr("{field}: This is needed.", field=self.titles["name"]))
        self.texts["name"].setFocus()
        return False


class CustomerSheet(CustomerForm):
    """All that is known of a customer, to put right. ``kept(customer)`` when it is."""

    def __init__(
        self,
        anchor: QWidget,
        desk: Desk,
        customer: CustomerView,
        kept: Callable[[CustomerView], object] | None = None,
    ) -> None:
        super().__init__(anchor, tr("Customer"), customer, "", tr("Keep"))
        self._desk, self._known, self._kept = desk, customer, kept

    def submit(self) -> None:
        fields = self.given()
        if not self.named():
            return
        if not fields:
            self.close_sheet()
            return
        records, actor, row = self._desk.records, self._desk.actor, self._known.id
        before = {name: getattr(self._known, name) for name in fields}
        desk, kept = self._desk, self._kept

        def done(customer: CustomerView) -> None:
            back = lambda *_: customers_reading.save_customer(records, actor, row, before)  # noqa: E731
            desk.run(lambda: None, tr("{name} is kept.", name=customer.name or ""), back)
            if kept is not None:
                kept(customer)

        self.send(lambda: customers_reading.save_customer(records, actor, row, fields), done)


class NewCustomerSheet(CustomerForm):
    """A customer nobody knows yet, asked for a telephone at once; only the name is needed.

    ``write(fields)`` waits and makes them, with what they are made for in the same change; ``done(result)`` tells.
    """

    def __init__(
        self,
        anchor: QWidget,
        name: str,
        write: Callable[[Mapping[str, object]], T],
        done: Callable[[T], object],
    ) -> None:
        super().__init__(anchor, tr("New customer"), None, name, tr("Make the customer"))

        def make() -> None:
            fields = self.given()
            self.send(lambda: write(fields), done)

        self._make = make

    def submit(self) -> None:
        if self.named():
            self._make()

    def ask(self) -> None:
        """Open it where the next thing to type goes."""
        self.open(self.texts["phone" if self.texts["name"].text() else "name"])


def open_customer(
    anchor: QWidget,
    desk: Desk,
    row: str,
    *,
    on: str = "phone",
    kept: Callable[[CustomerView], object] | None = None,
) -> None:
    """Read a customer, then lay their sheet over ``anchor`` with the field ``on`` in front."""

    def show(found: CustomerView) -> None:
        sheet = CustomerSheet(anchor, desk, found, kept)
        sheet.open(sheet.lines.get(on) or sheet.texts[on])

    def failed(error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        toast.show(anchor, tr("This could not be read"), detail=str(error), tone="critical")

    records = desk.records
    background.run(anchor, lambda: customers_reading.read_customer(records, row), show, failed)


def _languages(now: str | None) -> list[tuple[object, str]]:
    found: list[tuple[object, str]] = [(None, tr("Not known")), *AVAILABLE.items()]
    return found if now is None or now in AVAILABLE else [*found, (now, now)]


def _more(customer: CustomerView | None) -> str:
    """Ways beyond the first of each kind, which came from another program."""
    if customer is None:
        return ""
    seen: set[str] = set()
    more = []
    for way in customer.contact_ways:
        kind = way.kind or ""
        if kind in seen or kind not in FIRST_OF:
            more.append(f"{tr(WAYS[kind])}: {way.value}" if kind in WAYS else way.value or "")
        seen.add(kind)
    return "\n".join(each for each in more if each)
