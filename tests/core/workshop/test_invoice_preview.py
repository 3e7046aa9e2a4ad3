"""An invoice can be looked at before it is issued: nothing is written, and nobody takes it for one."""

from core.workshop.estimates import decide
from core.workshop.invoice_reading import list_invoices
from core.workshop.lines import create_line
from core.workshop.orders import create_repair_order
from core.workshop.papers_of_money import invoice_preview
from tests.core.people.desk import Desk


def test_a_preview_has_what_is_approved_and_says_that_it_is_none(desk: Desk) -> None:
    order = desk.do(create_repair_order, {"complaint": "Brakes"}).id
    ids = []
    for text in ("Pads", "Wipers"):
        fields = {"order_id": order, "kind": "fee", "description": text, "unit_price": 1000, "tax_rate": 1900}
        ids.append(desk.do(create_line, fields).id)
    desk.do(decide, order, [(ids[0], "approved")], {})
    with desk.records.read() as session:
        paper = invoice_preview(session, order, language="en")
        assert list_invoices(session).items == ()
    assert paper.data["stamp"] == "PREVIEW"
    assert "it is no invoice" in " ".join(paper.data["notes"])
    printed = str(paper.data["rows"])
    assert "Pads" in printed
    assert "Wipers" not in printed
