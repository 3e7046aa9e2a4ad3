"""What an invoice would lack is told before it is issued, and stops nobody."""

from core.people.customers import change_customer, create_customer
from core.workshop.invoice_missing import missing_on_invoice
from core.workshop.invoices import issue_invoice
from core.workshop.lines import create_line
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.shop import change_shop
from tests.core.people.desk import Desk


def test_what_is_missing_is_told_until_it_is_there(desk: Desk) -> None:
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    fee = {"order_id": order, "kind": "fee", "description": "x", "unit_price": 1_000}
    line = desk.do(create_line, fee).id
    assert desk.see(missing_on_invoice, order) == ("shop_name", "shop_address", "tax_number", "customer")
    desk.do(change_shop, {"name": "Schmidt", "address": "Hafenstr. 1\n20457 Hamburg", "tax_number": "DE 1"})
    ada = desk.do(create_customer, {"name": "Ada Berg"}).id
    desk.do(change_repair_order, order, {"customer_id": ada})
    assert desk.see(missing_on_invoice, order) == ("customer_address",)
    assert desk.do(issue_invoice, order, line_ids=[line]).number, "it is a matter of the shop"
    desk.do(change_customer, ada, {"address": "Elbchaussee 2\n22765 Hamburg"})
    assert desk.see(missing_on_invoice, order) == ()
