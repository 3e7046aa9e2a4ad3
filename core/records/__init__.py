"""Rows that are never lost: models with merge rules, the one writer, the log of changes, and what can be read back.

Imports nothing else of core but language and durable. Start reading at ``records`` (what everybody calls) and
``merging`` (the rules).
"""
