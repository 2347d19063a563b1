"""A table is read, placed and written in pieces: shown by counting the pieces that live at once."""

import gc
import weakref

import pandas as pd
import pyarrow.parquet as pq
import pytest

from geo.streams import add_frames
from geo.tables import iter_points, points
from geo.write import Outputs

ROWS, PIECE = 1_000, 50


@pytest.fixture
def large(tmp_path):
    frame = pd.DataFrame(
        {
            "id": [f"S{at}" for at in range(ROWS)],
            "lon": [116.123456 + at / 1e4 for at in range(ROWS)],
            "lat": 39.912345,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet", row_group_size=ROWS)
    return tmp_path


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_never_more_than_two_pieces_live_at_once(large, monkeypatch, suffix):
    for module in ("delimited", "parquet"):
        monkeypatch.setattr(f"geo.door.{module}.CHUNK_ROWS", PIECE)
    living: list[weakref.ref] = []
    most = [0]
    place = points.place_chunk

    def placed(chunk, plan):
        gc.collect()
        most[0] = max(most[0], sum(one() is not None for one in living))
        assert len(chunk.frame) <= PIECE
        made = place(chunk, plan)
        living.extend([weakref.ref(chunk.frame), weakref.ref(made.frame)])
        return made

    monkeypatch.setattr(points, "place_chunk", placed)
    chunks = iter_points(large / f"t.{suffix}")
    with Outputs() as outputs:
        add_frames(outputs, large / "o.parquet", (piece.frame for piece in chunks.tables()))
    assert len(living) == 2 * ROWS // PIECE
    assert most[0] <= 4  # two pieces, as they came and as they were placed
    assert pq.read_metadata(large / "o.parquet").num_rows == ROWS


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_pieces_are_the_whole(large, monkeypatch, suffix):
    whole = points.read_points(large / f"t.{suffix}").frame
    for module in ("delimited", "parquet"):
        monkeypatch.setattr(f"geo.door.{module}.CHUNK_ROWS", PIECE)
    pieces = [piece.frame for piece in iter_points(large / f"t.{suffix}").tables()]
    assert len(pieces) == ROWS // PIECE
    pd.testing.assert_frame_equal(
        pd.concat(pieces, ignore_index=True).drop(columns="geometry"),
        whole.drop(columns="geometry"),
    )
