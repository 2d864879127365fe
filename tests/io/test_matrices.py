"""Matrices of travel times in Parquet files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialreg import io
from spatialreg.errors import AlignmentError, InputError


@pytest.fixture
def times():
    frame = pd.DataFrame(
        [[0.0, 1.5, np.inf], [1.5, 0.0, 2.25], [np.inf, 2.25, 0.0]],
        index=pd.Index(list("abc"), name="origin"),
        columns=pd.Index(list("abc"), name="destination"),
    )
    frame.attrs["definition"] = "the quickest way [min]"
    return frame


def blocks(frame, size):
    return (frame.iloc[start : start + size] for start in range(0, len(frame), size))


def test_blocks_come_back_as_the_matrix(times, tmp_path):
    path = io.write_times(blocks(times, 2), tmp_path / "t.parquet")
    back = io.read_times(path)
    pd.testing.assert_frame_equal(back, times, check_index_type=False, check_column_type=False)
    some = io.read_times(path, destinations=["c"])
    assert some["c"].tolist() == [np.inf, 2.25, 0.0]


def test_pairs_that_are_not_reached_are_left_out_of_a_long_file(times, tmp_path):
    path = io.write_times(blocks(times, 1), tmp_path / "t.parquet", long=True, dtype="float32")
    back = io.read_times(path)
    assert len(back) == 7
    assert back["minutes"].dtype == np.float32
    assert back.query("origin == 'b' and destination == 'c'")["minutes"].tolist() == [2.25]
    assert set(io.read_times(path, destinations=["c"])["origin"]) == {"b", "c"}


def test_a_failed_block_leaves_the_old_file(times, tmp_path):
    path = io.write_times(times, tmp_path / "t.parquet")

    def broken():
        yield times.iloc[:1]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        io.write_times(broken(), path)
    assert len(io.read_times(path)) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_messages(times, tmp_path):
    with pytest.raises(InputError, match="no block"):
        io.write_times([], tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"as \.parquet"):
        io.write_times(times, tmp_path / "t.csv")
    with pytest.raises(InputError, match="dtype must be"):
        io.write_times(times, tmp_path / "t.parquet", dtype="int8")
    with pytest.raises(AlignmentError, match="not in each: c"):
        io.write_times([times, times.drop(columns="c")], tmp_path / "t.parquet")
    with pytest.raises(AlignmentError, match="come twice: a"):
        io.write_times([times, times], tmp_path / "t.parquet")
    path = io.write_times(times, tmp_path / "t.parquet")
    with pytest.raises(InputError, match="no destination 'z'"):
        io.read_times(path, destinations=["z"])
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(InputError, match="holds no travel times"):
        io.read_times(tmp_path / "x.parquet")
