"""The default region's equal-area metres, as the measurements take them."""

from functools import partial

from geo import crs as _crs
from geo.region import open_region

ANALYSIS_CRS = open_region().crs
HANDOVER_CRS = open_region().handover_crs
to_analysis = partial(_crs.to_analysis, crs=ANALYSIS_CRS)
project = partial(_crs.project, crs=ANALYSIS_CRS)
unproject = partial(_crs.unproject, crs=ANALYSIS_CRS)
