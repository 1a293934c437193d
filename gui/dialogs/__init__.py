"""Dialogs: import report, export, and messages about problems."""
