"""Maps to share: frames become layers, layers one page that needs no network."""

from geo.layers import Text3
from geo.render.charts import Axis, Chart, Link, chart
from geo.render.colouring import Categories, Classes, Size
from geo.render.flows import flows
from geo.render.ground import ground
from geo.render.images import image
from geo.render.labels import labels
from geo.render.layer import About, Field, MapLayer
from geo.render.lines import lines
from geo.render.map import Map
from geo.render.notes import Note, note
from geo.render.points import points
from geo.render.polygons import choropleth, polygons
from geo.render.quick import quick_map
from geo.render.steps import Time
from geo.render.table import fields_of, named
from geo.render.ternary import Discs, Reference, ternary

__all__ = [
    "About",
    "Axis",
    "Categories",
    "Chart",
    "Classes",
    "Discs",
    "Field",
    "Link",
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
]
