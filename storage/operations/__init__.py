"""The writes, one function a user action: validate, one transaction, commit, `Changes`.

Every function takes the open `Project` first, returns the `Changes` of the committed transaction (empty when there was
nothing to do), and raises `StaleEditError` when what it is about is gone, `InvalidEditError` when the caller
breaks a rule of the data model, and `StorageFullError` when the disk refuses; in each case nothing was changed.
"""
