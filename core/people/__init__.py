"""Who works here, who may do what, and whose vehicles these are: staff, roles, tokens, customers.

Imports records of core. ``roles`` is the only place that decides; ``staff``, ``tokens`` and ``customers`` have the
functions that everybody calls.
"""
