"""Panels around the document, one a file: told what to show, they say what is wished."""
