"""Re-make every shipped layer, byte for byte, from the data packages and the tables."""

from geo.layers.builders.all import build, frames

__all__ = ["build", "frames"]
