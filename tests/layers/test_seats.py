"""The cities' seats lie in their cities."""

from geo.join import locate
from geo.layers import read
from geo.layers.places import city_seats


def test_every_city_has_its_seat_inside_its_own_border():
    seats = city_seats()
    assert seats.index.tolist() == read("prefectures").index.tolist()
    assert locate(seats, read("prefectures")).adcode.tolist() == seats.index.tolist()


def test_the_seat_of_beijing_is_its_centre():
    assert city_seats().geometry["110000"].coords[0] == (116.3975, 39.9085)
