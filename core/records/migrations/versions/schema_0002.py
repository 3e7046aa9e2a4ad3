"""The floor: vehicles' papers, estimates, inspections, parts, money, the schedule."""

import sqlalchemy as sa
from alembic import op

from core.records.migrations.growing import synced_table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a list of tables
    """There is no way back: schemas only grow."""
    synced_table(
        "absences",
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("bay_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
    )
    op.create_index(op.f("ix_absences_bay_id"), "absences", ["bay_id"], unique=False)
    op.create_index(op.f("ix_absences_staff_id"), "absences", ["staff_id"], unique=False)
    op.create_index(op.f("ix_absences_starts_at"), "absences", ["starts_at"], unique=False)
    synced_table(
        "allocations",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("task_id", sa.String(length=36), nullable=True),
        sa.Column("bay_id", sa.String(length=36), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=True),
    )
    op.create_index("ix_allocations_by_bay", "allocations", ["bay_id", "starts_at"], unique=False)
    op.create_index("ix_allocations_by_staff", "allocations", ["staff_id", "starts_at"], unique=False)
    op.create_index("ix_allocations_by_start", "allocations", ["starts_at", "id"], unique=False)
    op.create_index(op.f("ix_allocations_order_id"), "allocations", ["order_id"], unique=False)
    synced_table(
        "appointments",
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=True),
        sa.Column("calendar_sequence", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_appointments_customer_id"), "appointments", ["customer_id"], unique=False)
    op.create_index(op.f("ix_appointments_order_id"), "appointments", ["order_id"], unique=False)
    op.create_index(op.f("ix_appointments_starts_at"), "appointments", ["starts_at"], unique=False)
    op.create_index(op.f("ix_appointments_vehicle_id"), "appointments", ["vehicle_id"], unique=False)
    synced_table(
        "fleet_access",
        sa.Column("fleet_id", sa.String(length=36), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=True),
    )
    op.create_index(op.f("ix_fleet_access_customer_id"), "fleet_access", ["customer_id"], unique=False)
    op.create_index(op.f("ix_fleet_access_fleet_id"), "fleet_access", ["fleet_id"], unique=False)
    op.create_index(op.f("ix_fleet_access_staff_id"), "fleet_access", ["staff_id"], unique=False)
    synced_table(
        "held_readings",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=True),
        sa.Column("read_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("decision", sa.String(length=12), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_held_readings_vehicle_id"), "held_readings", ["vehicle_id"], unique=False)
    synced_table(
        "inspection_points",
        sa.Column("template_id", sa.String(length=36), nullable=True),
        sa.Column("section", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=True),
        sa.Column("worse_below", sa.Boolean(), nullable=True),
        sa.Column("yellow_at", sa.BigInteger(), nullable=True),
        sa.Column("red_at", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("line_description", sa.String(length=500), nullable=True),
        sa.Column("line_kind", sa.String(length=16), nullable=True),
        sa.Column("line_quantity", sa.BigInteger(), nullable=True),
        sa.Column("line_price", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_inspection_points_template_id"), "inspection_points", ["template_id"], unique=False)
    synced_table(
        "inspection_results",
        sa.Column("inspection_id", sa.String(length=36), nullable=True),
        sa.Column("point_id", sa.String(length=36), nullable=True),
        sa.Column("section", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_inspection_results_inspection_id"), "inspection_results", ["inspection_id"], unique=False)
    op.create_index(op.f("ix_inspection_results_point_id"), "inspection_results", ["point_id"], unique=False)
    synced_table(
        "inspection_templates",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
    )
    synced_table(
        "inspections",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("template_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("odometer", sa.BigInteger(), nullable=True),
        sa.Column("inspector_id", sa.String(length=36), nullable=True),
        sa.Column("inspector_name", sa.String(length=120), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
    )
    op.create_index(op.f("ix_inspections_order_id"), "inspections", ["order_id"], unique=False)
    op.create_index(op.f("ix_inspections_vehicle_id"), "inspections", ["vehicle_id"], unique=False)
    synced_table(
        "installed_parts",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("part_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("line_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("part_number", sa.String(length=60), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("fitted_on", sa.String(length=10), nullable=True),
        sa.Column("fitted_at_odometer", sa.BigInteger(), nullable=True),
        sa.Column("removed_on", sa.String(length=10), nullable=True),
    )
    op.create_index(op.f("ix_installed_parts_line_id"), "installed_parts", ["line_id"], unique=False)
    op.create_index(op.f("ix_installed_parts_order_id"), "installed_parts", ["order_id"], unique=False)
    op.create_index(op.f("ix_installed_parts_part_id"), "installed_parts", ["part_id"], unique=False)
    op.create_index(op.f("ix_installed_parts_vehicle_id"), "installed_parts", ["vehicle_id"], unique=False)
    synced_table(
        "insurances",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("company", sa.String(length=120), nullable=True),
        sa.Column("policy_number", sa.String(length=60), nullable=True),
        sa.Column("cover", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    op.create_index(op.f("ix_insurances_vehicle_id"), "insurances", ["vehicle_id"], unique=False)
    synced_table(
        "invoice_numbers",
        sa.Column("invoice_id", sa.String(length=36), nullable=True),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("numbered_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_invoice_numbers_invoice_id"), "invoice_numbers", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_invoice_numbers_sequence"), "invoice_numbers", ["sequence"], unique=False)
    synced_table(
        "invoice_voids",
        sa.Column("invoice_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("voided_by", sa.String(length=64), nullable=True),
        sa.Column("voided_by_name", sa.String(length=120), nullable=True),
        sa.Column("voided_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_invoice_voids_invoice_id"), "invoice_voids", ["invoice_id"], unique=False)
    synced_table(
        "invoices",
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("corrects_id", sa.String(length=36), nullable=True),
        sa.Column("customer_name", sa.String(length=120), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("gross", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=True),
        sa.Column("issued_by", sa.String(length=64), nullable=True),
        sa.Column("issued_by_name", sa.String(length=120), nullable=True),
    )
    op.create_index(op.f("ix_invoices_corrects_id"), "invoices", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_invoices_customer_id"), "invoices", ["customer_id"], unique=False)
    op.create_index(op.f("ix_invoices_issued_at"), "invoices", ["issued_at"], unique=False)
    op.create_index(op.f("ix_invoices_order_id"), "invoices", ["order_id"], unique=False)
    op.create_index(op.f("ix_invoices_vehicle_id"), "invoices", ["vehicle_id"], unique=False)
    synced_table(
        "line_decisions",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("line_id", sa.String(length=36), nullable=True),
        sa.Column("decision", sa.String(length=12), nullable=True),
        sa.Column("said_by", sa.String(length=120), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=120), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_line_decisions_line_id"), "line_decisions", ["line_id"], unique=False)
    op.create_index(op.f("ix_line_decisions_order_id"), "line_decisions", ["order_id"], unique=False)
    synced_table(
        "mentions",
        sa.Column("note_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
    )
    op.create_index(op.f("ix_mentions_note_id"), "mentions", ["note_id"], unique=False)
    op.create_index(op.f("ix_mentions_order_id"), "mentions", ["order_id"], unique=False)
    op.create_index(op.f("ix_mentions_staff_id"), "mentions", ["staff_id"], unique=False)
    synced_table(
        "note_readings",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("up_to", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_note_readings_order_id"), "note_readings", ["order_id"], unique=False)
    op.create_index(op.f("ix_note_readings_staff_id"), "note_readings", ["staff_id"], unique=False)
    synced_table(
        "order_labels",
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=True),
        sa.Column("color", sa.String(length=16), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
    )
    synced_table(
        "parts",
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("manufacturer", sa.String(length=120), nullable=True),
        sa.Column("barcode", sa.String(length=60), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=True),
        sa.Column("location", sa.String(length=60), nullable=True),
        sa.Column("minimum", sa.BigInteger(), nullable=True),
        sa.Column("order_up_to", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("supplier_id", sa.String(length=36), nullable=True),
        sa.Column("supplier_number", sa.String(length=60), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    op.create_index(op.f("ix_parts_barcode"), "parts", ["barcode"], unique=False)
    op.create_index(op.f("ix_parts_number"), "parts", ["number"], unique=False)
    op.create_index(op.f("ix_parts_supplier_id"), "parts", ["supplier_id"], unique=False)
    synced_table(
        "payments",
        sa.Column("invoice_id", sa.String(length=36), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=True),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=120), nullable=True),
    )
    op.create_index(op.f("ix_payments_invoice_id"), "payments", ["invoice_id"], unique=False)
    synced_table(
        "purchase_order_lines",
        sa.Column("purchase_order_id", sa.String(length=36), nullable=True),
        sa.Column("part_id", sa.String(length=36), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("part_number", sa.String(length=60), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("line_id", sa.String(length=36), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_purchase_order_lines_line_id"), "purchase_order_lines", ["line_id"], unique=False)
    op.create_index(op.f("ix_purchase_order_lines_order_id"), "purchase_order_lines", ["order_id"], unique=False)
    op.create_index(op.f("ix_purchase_order_lines_part_id"), "purchase_order_lines", ["part_id"], unique=False)
    op.create_index(
        op.f("ix_purchase_order_lines_purchase_order_id"), "purchase_order_lines", ["purchase_order_id"], unique=False
    )
    synced_table(
        "purchase_orders",
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("supplier_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("ordered_at", sa.BigInteger(), nullable=True),
        sa.Column("expected_on", sa.String(length=10), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    op.create_index(op.f("ix_purchase_orders_sequence"), "purchase_orders", ["sequence"], unique=False)
    op.create_index(op.f("ix_purchase_orders_status"), "purchase_orders", ["status"], unique=False)
    op.create_index(op.f("ix_purchase_orders_supplier_id"), "purchase_orders", ["supplier_id"], unique=False)
    synced_table(
        "quality_checks",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("checked_by", sa.String(length=64), nullable=True),
        sa.Column("checked_by_name", sa.String(length=120), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_quality_checks_order_id"), "quality_checks", ["order_id"], unique=False)
    synced_table(
        "recommendations",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("line_id", sa.String(length=36), nullable=True),
        sa.Column("result_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("part_number", sa.String(length=60), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=True),
        sa.Column("due_odometer", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=True),
        sa.Column("taken_up_by", sa.String(length=36), nullable=True),
        sa.Column("advised_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_recommendations_line_id"), "recommendations", ["line_id"], unique=False)
    op.create_index(op.f("ix_recommendations_order_id"), "recommendations", ["order_id"], unique=False)
    op.create_index(op.f("ix_recommendations_result_id"), "recommendations", ["result_id"], unique=False)
    op.create_index(op.f("ix_recommendations_vehicle_id"), "recommendations", ["vehicle_id"], unique=False)
    synced_table(
        "saved_filters",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("page", sa.String(length=24), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
    )
    op.create_index(op.f("ix_saved_filters_staff_id"), "saved_filters", ["staff_id"], unique=False)
    synced_table(
        "shifts",
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("weekday", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.BigInteger(), nullable=True),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.Column("break_minutes", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("until", sa.String(length=10), nullable=True),
    )
    op.create_index(op.f("ix_shifts_staff_id"), "shifts", ["staff_id"], unique=False)
    synced_table(
        "shop_details",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("tax_number", sa.String(length=60), nullable=True),
        sa.Column("bank", sa.Text(), nullable=True),
        sa.Column("footer", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("labour_rate", sa.BigInteger(), nullable=True),
        sa.Column("invoice_prefix", sa.String(length=12), nullable=True),
        sa.Column("invoice_holder_id", sa.String(length=36), nullable=True),
        sa.Column("payment_days", sa.BigInteger(), nullable=True),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
    )
    synced_table(
        "status_moves",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("before", sa.String(length=24), nullable=True),
        sa.Column("after", sa.String(length=24), nullable=True),
        sa.Column("moved_by", sa.String(length=64), nullable=True),
        sa.Column("moved_by_name", sa.String(length=120), nullable=True),
        sa.Column("moved_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_status_moves_moved_at"), "status_moves", ["moved_at"], unique=False)
    op.create_index(op.f("ix_status_moves_order_id"), "status_moves", ["order_id"], unique=False)
    synced_table(
        "stock_moves",
        sa.Column("part_id", sa.String(length=36), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("line_id", sa.String(length=36), nullable=True),
        sa.Column("purchase_line_id", sa.String(length=36), nullable=True),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("moved_by", sa.String(length=64), nullable=True),
        sa.Column("moved_by_name", sa.String(length=120), nullable=True),
        sa.Column("moved_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_stock_moves_line_id"), "stock_moves", ["line_id"], unique=False)
    op.create_index(op.f("ix_stock_moves_order_id"), "stock_moves", ["order_id"], unique=False)
    op.create_index(op.f("ix_stock_moves_part_id"), "stock_moves", ["part_id"], unique=False)
    op.create_index(op.f("ix_stock_moves_purchase_line_id"), "stock_moves", ["purchase_line_id"], unique=False)
    synced_table(
        "suppliers",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("customer_number", sa.String(length=60), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("lead_days", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    synced_table(
        "tasks",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("technician_id", sa.String(length=36), nullable=True),
        sa.Column("expected_hours", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_tasks_order_id"), "tasks", ["order_id"], unique=False)
    op.create_index(op.f("ix_tasks_technician_id"), "tasks", ["technician_id"], unique=False)
    synced_table(
        "tax_rules",
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("rate", sa.BigInteger(), nullable=True),
        sa.Column("kinds", sa.String(length=120), nullable=True),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
    )
    synced_table(
        "vehicle_features",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=True),
    )
    op.create_index(op.f("ix_vehicle_features_name"), "vehicle_features", ["name"], unique=False)
    op.create_index(op.f("ix_vehicle_features_vehicle_id"), "vehicle_features", ["vehicle_id"], unique=False)
    synced_table(
        "warranties",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("giver", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.Column("up_to_odometer", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    op.create_index(op.f("ix_warranties_order_id"), "warranties", ["order_id"], unique=False)
    op.create_index(op.f("ix_warranties_vehicle_id"), "warranties", ["vehicle_id"], unique=False)
    synced_table(
        "work_bays",
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("equipment", sa.String(length=500), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
    )
    op.add_column("documents", sa.Column("order_id", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_documents_order_id"), "documents", ["order_id"], unique=False)
    op.create_index("ix_odometer_readings_by_vehicle", "odometer_readings", ["vehicle_id", "read_at"], unique=False)
    op.add_column("photos", sa.Column("result_id", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_photos_result_id"), "photos", ["result_id"], unique=False)
    op.add_column("repair_order_lines", sa.Column("unit_cost", sa.BigInteger(), nullable=True))
    op.add_column("repair_order_lines", sa.Column("part_id", sa.String(length=36), nullable=True))
    op.add_column("repair_order_lines", sa.Column("part_state", sa.String(length=16), nullable=True))
    op.add_column("repair_order_lines", sa.Column("task_id", sa.String(length=36), nullable=True))
    op.add_column("repair_order_lines", sa.Column("technician_id", sa.String(length=36), nullable=True))
    op.add_column("repair_order_lines", sa.Column("result_id", sa.String(length=36), nullable=True))
    op.add_column("repair_order_lines", sa.Column("recommendation_id", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_repair_order_lines_part_id"), "repair_order_lines", ["part_id"], unique=False)
    op.create_index(
        op.f("ix_repair_order_lines_recommendation_id"), "repair_order_lines", ["recommendation_id"], unique=False
    )
    op.create_index(op.f("ix_repair_order_lines_result_id"), "repair_order_lines", ["result_id"], unique=False)
    op.add_column("repair_orders", sa.Column("expected_hours", sa.BigInteger(), nullable=True))
    op.add_column("repair_orders", sa.Column("skills", sa.String(length=200), nullable=True))
    op.add_column("repair_orders", sa.Column("equipment", sa.String(length=200), nullable=True))
    op.add_column("repair_orders", sa.Column("comeback_of", sa.String(length=36), nullable=True))
    op.create_index("ix_repair_orders_by_promise", "repair_orders", ["promised_at", "id"], unique=False)
    op.create_index("ix_repair_orders_by_sequence", "repair_orders", ["sequence", "id"], unique=False)
    op.create_index("ix_repair_orders_by_status", "repair_orders", ["status", "id"], unique=False)
    op.create_index("ix_repair_orders_by_vehicle", "repair_orders", ["vehicle_id", "id"], unique=False)
    op.create_index(op.f("ix_repair_orders_comeback_of"), "repair_orders", ["comeback_of"], unique=False)
    op.add_column("staff", sa.Column("skills", sa.String(length=500), nullable=True))
    op.add_column("staff", sa.Column("hourly_cost", sa.BigInteger(), nullable=True))
    op.create_index("ix_vehicles_by_model", "vehicles", ["make", "model", "id"], unique=False)
    op.create_index("ix_vehicles_by_status", "vehicles", ["status", "id"], unique=False)
    op.create_index("ix_vehicles_by_year", "vehicles", ["year", "id"], unique=False)
