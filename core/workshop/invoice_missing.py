"""What an invoice would lack that the law of many countries wants on it: said before it is issued, and stops nobody.

Both parties with their names and whole addresses, and the tax number of who issues it: Article 226 of Directive
2006/112/EC, and much the same elsewhere. What of it a country spares small sums, a shop knows.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.language import mark
from core.records.rows import row_of
from core.workshop.invoice_content import Party, customer_party, shop_party
from core.workshop.models import RepairOrder
from core.workshop.shop import shop_details

CUSTOMER, ADDRESS = "customer", "customer_address"
SHOP_NAME, SHOP_ADDRESS, TAX_NUMBER = "shop_name", "shop_address", "tax_number"
OURS = (SHOP_NAME, SHOP_ADDRESS, TAX_NUMBER)

WORDS: Mapping[str, str] = {
    CUSTOMER: mark("whom it is for"),
    ADDRESS: mark("the customer's address"),
    SHOP_NAME: mark("the name of the shop"),
    SHOP_ADDRESS: mark("the shop's address"),
    TAX_NUMBER: mark("the shop's tax number"),
}


def missing_on_invoice(session: Session, order_id: str) -> tuple[str, ...]:
    """Keys of ``WORDS``, in the order of the paper. Raises ``NotFound``."""
    order = row_of(session, RepairOrder, order_id, deleted=True)
    return missing(shop_party(session, shop_details(session)), customer_party(session, order.customer_id))


def missing(shop: Party, customer: Party) -> tuple[str, ...]:
    """Of these two. Without a customer their address is not asked for as well."""
    wanted = (
        (SHOP_NAME, shop.get("name")),
        (SHOP_ADDRESS, shop.get("address")),
        (TAX_NUMBER, shop.get("tax_number")),
        (CUSTOMER, customer.get("name")),
        (ADDRESS, customer.get("address") or not customer.get("name")),
    )
    return tuple(each for each, there in wanted if not there)
