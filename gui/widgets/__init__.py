"""Small widgets and painting helpers that panels and dialogs share. Know the theme and plain data only."""
