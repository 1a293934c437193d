"""One module per file format behind the small registry of `storage.formats.registry`."""
