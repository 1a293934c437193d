"""The window: views, panels, dialogs, and the session that joins them to one open project.

May import `storage` and the plain types of `nlp`; never spaCy, which lives in the worker process.
"""
