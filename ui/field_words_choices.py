"""The words for fields that hold one of a few values, by table and field."""

from collections.abc import Mapping
from typing import Any

from core.people import customers
from core.people.roles import WORDS as ROLE_WORDS
from core.planning import absences, appointments
from core.vehicles import documents
from core.vehicles import models as vehicles
from core.workshop import (
    decisions,
    inspection_templates,
    inspections,
    invoice_reading,
    line_kinds,
    orders,
    part_states,
    payments,
    purchase_states,
    recommendations,
    states,
    stock_moves,
)

CHOICES: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("absences", "kind"): absences.KINDS,
    ("appointments", "status"): appointments.STATUSES,
    ("contact_ways", "kind"): customers.WAYS,
    ("customers", "kind"): customers.KINDS,
    ("documents", "kind"): documents.KINDS,
    ("inspection_points", "kind"): inspection_templates.POINT_KINDS,
    ("inspection_results", "kind"): inspection_templates.POINT_KINDS,
    ("inspection_results", "verdict"): inspections.VERDICTS,
    ("invoices", "kind"): invoice_reading.KINDS,
    ("line_decisions", "decision"): decisions.WORDS,
    ("line_decisions", "way"): decisions.WAYS,
    ("order_labels", "status"): states.WORDS,
    ("payments", "way"): payments.WAYS,
    ("purchase_orders", "status"): purchase_states.WORDS,
    ("recommendations", "kind"): line_kinds.KINDS,
    ("recommendations", "state"): recommendations.STATES,
    ("repair_order_lines", "kind"): line_kinds.KINDS,
    ("repair_order_lines", "part_state"): part_states.WORDS,
    ("repair_orders", "priority"): orders.PRIORITIES,
    ("repair_orders", "status"): states.WORDS,
    ("staff", "role"): ROLE_WORDS,
    ("status_moves", "after"): states.WORDS,
    ("status_moves", "before"): states.WORDS,
    ("stock_moves", "reason"): stock_moves.REASONS,
    ("tax_rules", "kinds"): line_kinds.KINDS,
    ("vehicles", "fuel_type"): vehicles.FUEL_TYPES,
    ("vehicles", "status"): vehicles.STATUSES,
    ("vehicles", "transmission"): vehicles.TRANSMISSIONS,
}
