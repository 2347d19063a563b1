"""Maps to share: frames become layers, layers one page that needs no network."""

from geo.render.any_file.quick import quick_map
from geo.render.charts import Axis, Chart, Discs, Link, Note, Reference, chart, note, ternary
from geo.render.colours.colouring import Categories, Classes, Size
from geo.render.drawing.flows import flows
from geo.render.drawing.labels import labels
from geo.render.drawing.lines import lines
from geo.render.drawing.points import points
from geo.render.drawing.polygons import choropleth, polygons
from geo.render.drawing.rasters import image
from geo.render.drawing.steps import Time
from geo.render.drawing.table import fields_of, named
from geo.render.ground import ground
from geo.render.layer import About, Field, MapLayer
from geo.render.map import Map
from geo.texts import Localized, Text3, tr

__all__ = [
    "About",
    "Axis",
    "Categories",
    "Chart",
    "Classes",
    "Discs",
    "Field",
    "Link",
    "Localized",
    "Map",
    "MapLayer",
    "Note",
    "Reference",
    "Size",
    "Text3",
    "Time",
    "chart",
    "choropleth",
    "fields_of",
    "flows",
    "ground",
    "image",
    "labels",
    "lines",
    "named",
    "note",
    "points",
    "polygons",
    "quick_map",
    "ternary",
    "tr",
]
