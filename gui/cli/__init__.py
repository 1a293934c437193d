"""The commands of `main.py`, one module each: `SUMMARY`, `add_options(parser)` and `run(options) -> exit code`.

Free of Qt, so that they work without a screen; each loads what it needs only when it runs.
"""
