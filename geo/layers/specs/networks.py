"""Ways: high-speed lines, railways and main roads."""

from typing import Final

from geo.layers.layer import Text3
from geo.layers.schema import Column, Schema, names
from geo.layers.specs.spec import Spec

__all__ = ["NETWORKS"]

_STRAIGHT_EDGES: Final = Text3(
    "边为节点间直线，里程取自源数据：山区长边的里程可达图上直线的两倍；2024 年，无线名和等级",
    "Edges are straight between the nodes of the source, lengths follow the way: on long edges "
    "in the mountains up to twice the drawn line; state of 2024, no names and no classes",
    "辺は節点間の直線で、距離は線路・道路に沿った値（山地の長い辺では図上の最大2倍）。"
    "2024年時点、路線名・等級なし",
)


def _edges(layer_id: str, title: Text3, source: str) -> Spec:
    """Return the specification of the edges of a world graph that lie around the region."""
    return Spec(
        layer_id,
        title,
        Schema(
            "edge_id",
            (
                Column("from_node", "integer", "node of the source graph"),
                Column("to_node", "integer", "node of the source graph"),
                Column("length_km", "number", "length along the way, as in the source", "km"),
            ),
            ("LineString",),
            r"[a-z]\d+",
        ),
        (source,),
        "Edges of the world graph whose ends both lie within half a degree of the region.",
        150.0,
        _STRAIGHT_EDGES,
    )


NETWORKS: Final = (
    Spec(
        "rail_lines",
        Text3("高速铁路", "High-speed railways", "高速鉄道"),
        Schema(
            "line_id",
            (
                *names(),
                Column("opened", "text", "first day", pattern=r"\d{4}-\d{2}-\d{2}"),
                Column("design_speed_kmh", "integer", "design speed", "km/h"),
                Column("n_stations", "integer", "stations listed"),
                Column("length_km", "number", "length of the straight links", "km"),
                Column("note", "text", "what is uncertain", nullable=True),
                Column("note_zh", "text", "the note in Chinese", nullable=True),
                Column("note_ja", "text", "the note in Japanese", nullable=True),
            ),
            ("LineString",),
        ),
        ("facts",),
        "Straight links between consecutive stations.",
        3000.0,
        Text3(
            "线路为车站间直线示意，非实际线位",
            "Lines join their stations by straight links: not the alignment",
            "路線は駅間を直線で結んだ模式図で、実際の線形ではない",
        ),
    ),
    _edges("rail_network", Text3("铁路网", "Railway network", "鉄道網"), "osm-railways"),
    _edges("road_network", Text3("干线公路网", "Main-road network", "幹線道路網"), "osm-highways"),
)
