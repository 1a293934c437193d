"""Suggest mentions and attributed claims, and turn decisions into training data.

Plain data in and out (`nlp.suggestion`); the database is never touched. Works without a screen and
imports neither Qt nor `gui` nor `storage`. spaCy is loaded only by the modules that need it, so that the
plain types can be shared with the window, which never loads it.
"""
