"""Everything that is kept: records, tables, operations, queries, history and file formats.

Works without a screen. Imports neither Qt nor `gui` nor `nlp`. `records`, `errors` and `text` are
free of SQLAlchemy, so that the first window can be painted before it is loaded.
"""
