"""Colours: palettes, classes of values, which colour a value gets."""
