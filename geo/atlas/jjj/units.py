"""The three provincial-level units as charts and sentences of the pages call them."""

from typing import Final

from geo.texts import Text3

__all__ = ["PROVINCES", "PROVINCE_COLOURS"]

PROVINCES: Final = {
    "110000": Text3("北京", "Beijing", "北京"),
    "120000": Text3("天津", "Tianjin", "天津"),
    "130000": Text3("河北", "Hebei", "河北"),
}
PROVINCE_COLOURS: Final = {"110000": "#0b3f70", "120000": "#4fa3d8", "130000": "#c99700"}
