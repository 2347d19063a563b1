"""Colours: palettes, classification of values, assignment of colours and sizes."""
