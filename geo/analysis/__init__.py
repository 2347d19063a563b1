"""Pure measures: frames in, Series and frames out; no disk, no Folium."""
