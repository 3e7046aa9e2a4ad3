"""Finding invoices by words, and what is open of all of them together."""

from sqlalchemy.orm import Session

from core.workshop.invoice_finding import OpenSum, find_invoices, open_sums
from core.workshop.invoice_models import Invoice, InvoiceNumber, InvoiceVoid, Payment
from core.workshop.invoice_reading import list_invoices
from tests.core.people.desk import Desk

LATE = "2020-01-05"
FAR = "2999-01-05"


def test_what_is_open_is_what_is_neither_paid_nor_credited_nor_void(desk: Desk) -> None:
    def papers(session: Session) -> None:
        def issued(gross: int | None, due: str | None = FAR, currency: str | None = "EUR") -> str:
            row = Invoice(kind="invoice", gross=gross, due_on=due, currency=currency)
            session.add(row)
            session.flush()
            return row.id

        half, credited, gone = issued(10_000, LATE), issued(5_000), issued(7_000)
        issued(2_000, None), issued(300, currency="CHF"), issued(None), issued(40, currency=None)
        session.add(Payment(invoice_id=half, amount=4_000))
        session.add(Payment(invoice_id=issued(900), amount=900))
        session.add(Invoice(kind="credit_note", corrects_id=credited, gross=-5_000, currency="EUR"))
        session.add(InvoiceVoid(invoice_id=gone, reason="twice"))

    desk.records.change("system", papers)
    assert desk.see(open_sums) == (OpenSum("EUR", 8_040, 3, 6_000, 1), OpenSum("CHF", 300, 1, 0, 0))


def test_what_the_shop_owes_is_open_too(desk: Desk) -> None:
    """After a credit note on a paid invoice, and of a void one that was paid; what is even is settled."""

    def papers(session: Session) -> list[str]:
        rows = [Invoice(kind="invoice", gross=29_173, due_on=LATE, currency="USD") for _ in range(3)]
        session.add_all(rows)
        session.flush()
        for row in rows:
            session.add(Payment(invoice_id=row.id, amount=29_173))
        session.add(Invoice(kind="credit_note", corrects_id=rows[0].id, gross=-6_495, currency="USD"))
        session.add(InvoiceVoid(invoice_id=rows[1].id, reason="twice"))
        return [row.id for row in rows]

    credited, void, even = desk.records.change("system", papers).value
    assert desk.see(open_sums) == (OpenSum("USD", 0, 0, 0, 0, 35_668, 2),)
    found = desk.see(list_invoices, only="open").items
    assert {each.id: each.open for each in found} == {credited: -6_495, void: -29_173}
    assert [each.id for each in desk.see(list_invoices, only="settled").items] == [even]
    assert desk.see(list_invoices, only="overdue").items == (), "nobody is late with money the shop owes"


def test_papers_are_found_by_number_and_customer_and_then_paged(desk: Desk) -> None:
    def papers(session: Session) -> list[str]:
        rows = [Invoice(kind="invoice", gross=100, customer_name=name) for name in ("Ada Berg", "Max Berg", "Lena K")]
        session.add_all(rows)
        session.flush()
        session.add(InvoiceNumber(invoice_id=rows[2].id, number="R-0042", sequence=42))
        return [row.id for row in rows]

    ada, max_, lena = desk.records.change("system", papers).value
    assert set(desk.see(find_invoices, "berg")) == {ada, max_}
    assert desk.see(find_invoices, "ada be") == (ada,)
    assert desk.see(find_invoices, "R-0042") == (lena,)
    assert desk.see(find_invoices, "nobody") == ()
    assert desk.see(find_invoices, "") == ()
    found = desk.see(list_invoices, among=[ada, max_], only="open", limit=1)
    assert len(found.items) == 1
    rest = desk.see(list_invoices, among=[ada, max_], only="open", limit=1, after=found.after)
    assert {found.items[0].id, rest.items[0].id} == {ada, max_}
    assert desk.see(list_invoices, among=[]).items == ()
