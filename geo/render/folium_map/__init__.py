"""Folium: its elements as map layers, and map layers as a plain ``folium.Map``."""
