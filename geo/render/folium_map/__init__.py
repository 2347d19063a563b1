"""Maps and Folium: its elements as layers of ours, and our layers as a plain map of its own."""
