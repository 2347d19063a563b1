"""The shipped layers: reading, provenance, checks, rebuilding."""

from geo.layers.layer import Column, Layer, Schema
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
from geo.texts import Localized, Text3

__all__ = [
    "Column",
    "Layer",
    "Localized",
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
