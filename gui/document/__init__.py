"""The document view: knows records and the theme, never the database.

From the text up: `positions` (code points, UTF-16, graphemes, words), `blocks`, `heights`, `sentences`;
`index`, `lanes` (spans); `block_layout`, `box`, `flow` (where things stand); `scroller`, `page` (what is
on screen); `painter`, `margin`, `focus_painter`, `canvas`, `overview` (what it looks like); `cursor`,
`navigation`, `resize`, `mouse` (moving about); `surface` and `view` (the widget). May import `storage.records`
and `gui.theme`.
"""
