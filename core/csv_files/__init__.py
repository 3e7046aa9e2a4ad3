"""Tables of other programs in, and everything out again: CSV files, shown before a row is written.

An import is planned over the whole file first: how the file was read, which column became what, and every row that
cannot be kept, with its column and what to do. Nothing is written before somebody has seen that and said yes, and what
one import wrote is taken back as one. Stands on records, people, vehicles, workshop.
"""
