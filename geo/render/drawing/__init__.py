"""Layers of a map from frames: what is drawn, and the columns a reader sees of it."""
