"""The document view: positions, blocks, layout, painting and navigation. Knows records, not the database."""
