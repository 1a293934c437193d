"""Errors told apart: the analyst's world (`EnvironmentProblem`) and our own mistakes (everything else)."""

from __future__ import annotations


class EnvironmentProblem(Exception):  # noqa: N818  (a problem of the analyst's world, not our error)
    """Something that an analyst can understand and act on; the text is one clear sentence for a person."""


class ProjectOpenError(EnvironmentProblem):
    """The project file cannot be opened: not ours, damaged, newer, read-only, missing."""


class ProjectDamagedError(ProjectOpenError):
    """The project file is damaged: a backup may be restored, or what can be read saved into a new project."""


class PassphraseNeededError(ProjectOpenError):
    """The project is encrypted."""


class WrongPassphraseError(ProjectOpenError):
    """The passphrase is not that of the project."""


class ProjectLockedError(EnvironmentProblem):
    """Another program has the project open."""


class StorageFullError(EnvironmentProblem):
    """The disk is full or the file cannot be written; nothing was changed."""


class RefusedInputError(EnvironmentProblem):
    """An input (a file, a line, a field) was refused; nothing of it was taken in."""


class StaleEditError(EnvironmentProblem):
    """What the operation is about has changed or is gone; nothing was changed."""


class ExcludedPartError(EnvironmentProblem):
    """Words in a part of the text that is left out of the work were to be labelled; nothing was changed."""


class InvalidEditError(ValueError):
    """A caller broke a rule of the data model (offsets outside the text, a wrong kind): our own mistake."""
