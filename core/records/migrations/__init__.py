"""The way from each released schema to the next, by Alembic; drafted with ``draft``."""
