"""Dialogs, one a file: told what to show, they say what is wished. Shown by `open()`, none blocks the program."""
