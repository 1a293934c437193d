"""The version of the program, from its installed metadata."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the version, or a word for a checkout that was never installed."""
    try:
        return version("sayso")
    except PackageNotFoundError:
        return "(not installed)"
