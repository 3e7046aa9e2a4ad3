"""The store's part of the demo: what the week needs was ordered, a part of it came, and one order waits to be sent."""

from functools import partial

from sqlalchemy.orm import Session

from app.demo_others import MINUTE, StoryClock, Teller
from core.people.roles import Actor
from core.workshop.purchase_lines import buy, list_purchase_lines, receive, send_purchase_order
from core.workshop.reorder import reorder_list

LEFT = 3  # parts that nobody has ordered yet
UNSENT = 1  # orders that are not sent yet
UNTIL_IT_CAME = 90 * MINUTE


def tell_parts(first: Teller, clock: StoryClock) -> None:
    """Order what the reorder list has but for a few, send all but one order, and receive half of the first."""
    sent: list[str] = []
    first.change(partial(_order, actor=first.actor, sent=sent))
    clock.now += UNTIL_IT_CAME
    if sent:
        first.change(partial(_come, actor=first.actor, order=sent[0]))


def _order(session: Session, actor: Actor, sent: list[str]) -> None:
    wanted = [{"part_id": each.part.id, "quantity": each.quantity} for each in reorder_list(session)]
    made = buy(session, actor, wanted[:-LEFT])
    known = sorted((order for order in made if order.supplier_id is not None), key=lambda order: -order.lines)
    for order in known[: max(1, len(known) - UNSENT)]:
        send_purchase_order(session, actor, order.id, {"reference": f"AB-{order.number}"})
        sent.append(order.id)


def _come(session: Session, actor: Actor, order: str) -> None:
    """Every other line came, and of the second half of what was ordered."""
    lines = list_purchase_lines(session, order)
    came: dict[str, object] = {line.id: line.quantity for line in lines[::2]}
    if len(lines) > 1:
        came[lines[1].id] = max(1000, lines[1].quantity // 2000 * 1000)
    else:
        came = {line.id: max(1000, line.quantity // 2000 * 1000) for line in lines}
    receive(session, actor, order, came)
