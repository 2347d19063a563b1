"""What plans draw: circles, axes and their nodes."""

from typing import Final

from geo.layers.layer import Text3
from geo.layers.schema import Column, Schema, names
from geo.layers.specs.spec import Spec
from geo.layers.specs.units import AREA, BOUNDARY_ACCURACY_M, POLYGONS

__all__ = ["PLAN"]

PLAN: Final = (
    Spec(
        "circles",
        Text3("规划圈层", "Circles of the plan", "計画の圏域"),
        Schema(
            "circle_id",
            (
                *names(),
                Column("circle", "text", "which", pattern="commuting|functional|industry"),
                Column("definition", "text", "list of counties or radius", pattern="list|radius"),
                Column("basis", "text", "standing", pattern="stated|inferred|unconfirmed"),
                Column("radius_km", "number", "radius published", "km", nullable=True),
                AREA,
                Column("published_area_km2", "number", "area published", "km²", nullable=True),
                Column("n_counties", "integer", "counties in the list", nullable=True),
                Column("n_unconfirmed", "integer", "of these not published", nullable=True),
                Column("source", "text", "where it was read"),
            ),
            POLYGONS,
        ),
        ("tianditu-counties", "plan-2026", "facts"),
        "list: union of the counties in plan_units; radius: disk around Tiananmen.",
        BOUNDARY_ACCURACY_M,
        Text3(
            "公布文本中未见环京县（市、区）名单：通勤圈外围 12 个县和功能圈的河北部分"
            "为推测，未经确认",
            "The published text that could be read does not list the counties around Beijing: the "
            "12 outer counties of the commuting circle and Hebei's part of the functional circle "
            "are candidates, unconfirmed",
            "環北京の県のリストは公表文では確認できない。通勤圏外縁の12県と機能圏の河北部分は推定で"
            "あり、未確認",
        ),
    ),
    Spec(
        "axes",
        Text3("走廊与轴线", "Corridors and axes", "回廊と軸"),
        Schema(
            "axis_id",
            (
                Column(
                    "axis_set",
                    "text",
                    "which document draws it",
                    pattern="plan-2026|outline-2015|study-coauthorship",
                ),
                *names(),
                Column("length_km", "number", "length of the drawn line", "km"),
                Column("published_length_km", "number", "length published", "km", nullable=True),
                Column("n_stated", "integer", "nodes named in the text"),
                Column("n_schematic", "integer", "waypoints chosen by us"),
                Column("source", "text", "where it was read"),
            ),
            ("LineString",),
        ),
        ("facts", "plan-2026"),
        "Straight lines through the nodes of layers/tables/axes.csv.",
        3000.0,
        Text3(
            "轴线为示意，不是官方线位；三套轴线体系出自不同文件，不可混用",
            "Axes are schematic, not official alignments; the three sets come from different "
            "documents and must not be mixed",
            "軸線は模式図であり、公式の線形ではない。三つの体系は出典が異なり、混用できない",
        ),
    ),
    Spec(
        "plan_nodes",
        Text3("规划节点", "Nodes of the plans", "計画の節点"),
        Schema(
            "node_id",
            (
                *names(),
                Column("axis_ids", "text", "axes through it"),
                Column("axis_sets", "text", "axis sets through it"),
                Column("basis", "text", "standing", pattern="stated|schematic"),
            ),
            ("Point",),
        ),
        ("facts", "plan-2026"),
        "The distinct nodes of layers/tables/axes.csv; stated when any text names the node.",
        3000.0,
    ),
)
