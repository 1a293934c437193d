"""Panels beside the document: documents, labels, inspector, and the welcome page."""
