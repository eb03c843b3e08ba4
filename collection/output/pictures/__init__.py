"""Counts as pictures whose words overlap nothing, as SVG and PNG (the extra `[charts]`)."""

from casereviews.collection.output.pictures.charts import bars, grid, timeline
from casereviews.collection.output.pictures.framing import Frame
from casereviews.collection.output.pictures.sheet import Picture
from casereviews.collection.output.pictures.tile_map import tile_map

__all__ = ["Frame", "Picture", "bars", "grid", "tile_map", "timeline"]
