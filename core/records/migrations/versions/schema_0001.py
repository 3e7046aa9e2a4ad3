"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a list of tables
    """There is no way back: schemas only grow."""
    op.create_table(
        "access_tokens",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("secret_sha256", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
    )
    op.create_index(op.f("ix_access_tokens_secret_sha256"), "access_tokens", ["secret_sha256"], unique=False)
    op.create_table(
        "clock_punches",
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("direction", sa.String(length=4), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_punches")),
    )
    op.create_index(op.f("ix_clock_punches_order_id"), "clock_punches", ["order_id"], unique=False)
    op.create_index(op.f("ix_clock_punches_staff_id"), "clock_punches", ["staff_id"], unique=False)
    op.create_table(
        "contact_ways",
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("value", sa.String(length=500), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_ways")),
    )
    op.create_index(op.f("ix_contact_ways_customer_id"), "contact_ways", ["customer_id"], unique=False)
    op.create_table(
        "customers",
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("contact_person", sa.String(length=120), nullable=True),
        sa.Column("tax_number", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_table(
        "documents",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_vehicle_id"), "documents", ["vehicle_id"], unique=False)
    op.create_table(
        "fleets",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fleets")),
    )
    op.create_index(op.f("ix_fleets_customer_id"), "fleets", ["customer_id"], unique=False)
    op.create_table(
        "local_state",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_local_state")),
    )
    op.create_table(
        "notes",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=True),
        sa.Column("written_at", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_order_id"), "notes", ["order_id"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("site", sa.String(length=16), nullable=True),
        sa.Column("suffix", sa.String(length=8), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
    )
    op.create_index(op.f("ix_number_series_site"), "number_series", ["site"], unique=False)
    op.create_table(
        "odometer_readings",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=24), nullable=True),
        sa.Column("read_by", sa.String(length=64), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_odometer_readings")),
    )
    op.create_index(op.f("ix_odometer_readings_vehicle_id"), "odometer_readings", ["vehicle_id"], unique=False)
    op.create_table(
        "owner_periods",
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_periods")),
    )
    op.create_index(op.f("ix_owner_periods_customer_id"), "owner_periods", ["customer_id"], unique=False)
    op.create_index(op.f("ix_owner_periods_vehicle_id"), "owner_periods", ["vehicle_id"], unique=False)
    op.create_table(
        "peer_states",
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.Text(), nullable=False),
        sa.Column("met_at", sa.BigInteger(), nullable=False),
        sa.Column("clock_difference_ms", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_peer_states")),
    )
    op.create_table(
        "photos",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("thumbnail_sha256", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("caption", sa.String(length=500), nullable=True),
        sa.Column("author", sa.String(length=64), nullable=True),
        sa.Column("author_name", sa.String(length=120), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    op.create_index(op.f("ix_photos_order_id"), "photos", ["order_id"], unique=False)
    op.create_table(
        "repair_order_lines",
        sa.Column("order_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("part_number", sa.String(length=60), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_order_lines")),
    )
    op.create_index(op.f("ix_repair_order_lines_order_id"), "repair_order_lines", ["order_id"], unique=False)
    op.create_table(
        "repair_orders",
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("vehicle_id", sa.String(length=36), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=True),
        sa.Column("label", sa.String(length=60), nullable=True),
        sa.Column("priority", sa.String(length=16), nullable=True),
        sa.Column("complaint", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("correction", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("promised_at", sa.BigInteger(), nullable=True),
        sa.Column("adviser_id", sa.String(length=36), nullable=True),
        sa.Column("technician_id", sa.String(length=36), nullable=True),
        sa.Column("bay", sa.String(length=60), nullable=True),
        sa.Column("key_tag", sa.String(length=24), nullable=True),
        sa.Column("odometer_in", sa.BigInteger(), nullable=True),
        sa.Column("odometer_out", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_orders")),
    )
    op.create_index(op.f("ix_repair_orders_customer_id"), "repair_orders", ["customer_id"], unique=False)
    op.create_index(op.f("ix_repair_orders_number"), "repair_orders", ["number"], unique=False)
    op.create_index(op.f("ix_repair_orders_sequence"), "repair_orders", ["sequence"], unique=False)
    op.create_index(op.f("ix_repair_orders_status"), "repair_orders", ["status"], unique=False)
    op.create_index(op.f("ix_repair_orders_technician_id"), "repair_orders", ["technician_id"], unique=False)
    op.create_index(op.f("ix_repair_orders_vehicle_id"), "repair_orders", ["vehicle_id"], unique=False)
    op.create_table(
        "replaced_values",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=63), nullable=False),
        sa.Column("lost_value", sa.Text(), nullable=False),
        sa.Column("lost_stamp", sa.String(length=32), nullable=False),
        sa.Column("lost_actor", sa.Text(), nullable=False),
        sa.Column("lost_terminal", sa.String(length=36), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=False),
        sa.Column("won_value", sa.Text(), nullable=False),
        sa.Column("won_stamp", sa.String(length=32), nullable=False),
        sa.Column("won_actor", sa.Text(), nullable=False),
        sa.Column("won_terminal", sa.String(length=36), nullable=False),
        sa.Column("won_at", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("dismissed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_values")),
    )
    op.create_index("ix_replaced_values_found_at", "replaced_values", ["found_at"], unique=False)
    op.create_index("ix_replaced_values_row_id", "replaced_values", ["row_id"], unique=False)
    op.create_table(
        "search_documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("row_id", "table_name", name="uq_search_documents_row_id"),
    )
    op.create_table(
        "sites",
        sa.Column("site", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.Column("folded", sa.BigInteger(), nullable=False),
        sa.Column("folded_chain", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("site", "scope", name=op.f("pk_sites")),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    op.create_table(
        "terminals",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("joined_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminals")),
    )
    op.create_index(op.f("ix_terminals_device_id"), "terminals", ["device_id"], unique=False)
    op.create_table(
        "touched",
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("row_id", "arrival", name=op.f("pk_touched")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "transactions",
        sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("site", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("terminal", sa.String(length=36), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("operations", sa.Text(), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.Column("deferred", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_transactions")),
        sa.UniqueConstraint("site", "scope", "seq", name="uq_transactions_site_scope_seq"),
    )
    op.create_index("ix_transactions_stamp", "transactions", ["stamp"], unique=False)
    op.create_table(
        "vehicles",
        sa.Column("plate", sa.String(length=32), nullable=True),
        sa.Column("vin", sa.String(length=17), nullable=True),
        sa.Column("make", sa.String(length=60), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("manufacture_date", sa.String(length=10), nullable=True),
        sa.Column("color", sa.String(length=40), nullable=True),
        sa.Column("fuel_type", sa.String(length=40), nullable=True),
        sa.Column("transmission", sa.String(length=40), nullable=True),
        sa.Column("vehicle_type", sa.String(length=40), nullable=True),
        sa.Column("engine_number", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("fleet_id", sa.String(length=36), nullable=True),
        sa.Column("first_registration", sa.String(length=10), nullable=True),
        sa.Column("registration_due", sa.String(length=10), nullable=True),
        sa.Column("inspection_due", sa.String(length=10), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
    )
    op.create_index(op.f("ix_vehicles_customer_id"), "vehicles", ["customer_id"], unique=False)
    op.create_index(op.f("ix_vehicles_fleet_id"), "vehicles", ["fleet_id"], unique=False)
    op.create_index(op.f("ix_vehicles_plate"), "vehicles", ["plate"], unique=False)
    op.create_index(op.f("ix_vehicles_vin"), "vehicles", ["vin"], unique=False)
    op.create_table(
        "workshops",
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("root_certificate", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stamps", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshops")),
    )

    if op.get_context().dialect.name == "sqlite":
        op.execute(
            """
CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='search_documents', content_rowid='id', tokenize="unicode61 remove_diacritics 0",
    detail=none, columnsize=0
)
"""
        )
    else:
        op.execute(
            "CREATE INDEX ix_search_documents_words ON search_documents "
            "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
