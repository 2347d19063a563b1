"""A user's own file becomes a clean point layer, with a report of every row."""
