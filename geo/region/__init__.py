"""Regions as data: one folder each, read through ``Region`` alone."""

from geo.region.projection import in_region, study_crs
from geo.region.region import (
    DEFAULT,
    EVERYWHERE,
    PROFILE,
    VARIABLE,
    Box,
    Credit,
    Level,
    Region,
    SpecialArea,
    current_region,
    open_region,
    region_ids,
    use_region,
    within_box,
)

__all__ = [
    "DEFAULT",
    "EVERYWHERE",
    "PROFILE",
    "VARIABLE",
    "Box",
    "Credit",
    "Level",
    "Region",
    "SpecialArea",
    "current_region",
    "in_region",
    "open_region",
    "region_ids",
    "study_crs",
    "use_region",
    "within_box",
]
