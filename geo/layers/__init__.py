"""The shipped layers: read them, see where they come from, check and re-make them."""

from geo.layers.layer import Column, Layer, Schema, Text3
from geo.layers.plans.plan import Plan, plan_elements, plan_ids, read_plan
from geo.layers.store import (
    about,
    catalogue,
    entry,
    ids,
    is_layer,
    load,
    optional,
    path,
    read,
    read_table,
)
from geo.layers.vocabulary import vocabulary

__all__ = [
    "Column",
    "Layer",
    "Plan",
    "Schema",
    "Text3",
    "about",
    "catalogue",
    "entry",
    "ids",
    "is_layer",
    "load",
    "optional",
    "path",
    "plan_elements",
    "plan_ids",
    "read",
    "read_plan",
    "read_table",
    "vocabulary",
]
