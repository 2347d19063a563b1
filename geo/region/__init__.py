"""Regions as data: one folder each, read through ``Region`` alone."""

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
from geo.region.study import in_region, study_crs

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
