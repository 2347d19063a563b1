"""Frames become Folium maps that open anywhere, safely, in three languages."""
