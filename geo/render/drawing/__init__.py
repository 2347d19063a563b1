"""Map layers from frames: points, lines, polygons, flows, rasters, labels, popup tables."""
