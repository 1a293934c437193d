"""The table of all claims below the text: who says what about whom, in the whole project.

`model` holds the lines that were found, `panel` shows them and asks for others, `controller` joins both to the
session. Loaded when the table is first shown. May import `storage` and the plain parts of `gui`.
"""
