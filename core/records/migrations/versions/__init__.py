"""One module a schema, ``schema_NNNN``: the steps that lead to it from the one before."""
