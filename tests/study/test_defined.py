"""What a table of several results says was computed."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from spatialreg.study.stages._defined import defined, definition_of, stacked


def test_a_result_or_a_frame_says_it():
    frame = pd.DataFrame({"x": [1]})
    assert definition_of(frame) == ""
    frame.attrs["definition"] = "a"
    assert definition_of(frame) == "a"
    assert definition_of(SimpleNamespace(words="b")) == "b"
    assert definition_of("c") == "c"


def test_shared_clauses_are_said_once_in_their_order():
    table = defined(pd.DataFrame(), "per head; weighted", "per head; alone", SimpleNamespace())
    assert table.attrs["definition"] == "per head; weighted; alone"
    assert "definition" not in defined(pd.DataFrame(), "").attrs


def test_stacked_frames_keep_what_they_say():
    results = {
        name: SimpleNamespace(frame=pd.DataFrame({"x": [value]}), words=f"all; {name}")
        for name, value in (("a", 1), ("b", 2))
    }
    table = stacked(results, ["which"], frame="frame")
    assert table["x"].to_dict() == {("a", 0): 1, ("b", 0): 2}
    assert table.attrs["definition"] == "all; a; b"
