"""A small database of every released schema, and what it holds: each later version must open it."""
