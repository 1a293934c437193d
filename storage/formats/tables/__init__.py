"""A project as tables for spreadsheets and statistics: spans, claims, actors and decisions.

`rows` says what stands in them, `folder` passes documents through to any kind of sheet, and `csv_files`, `xlsx` and
`parquet` are those kinds.
"""
