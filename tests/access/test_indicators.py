"""Indicators of access from travel times, by hand on three places."""

import numpy as np
import pandas as pd
import pytest

from spatialreg.access import (
    access_from_times,
    cumulative_opportunities,
    exponential,
    internal_times,
    power,
)
from spatialreg.errors import (
    AlignmentError,
    DisconnectedWarning,
    InputError,
    MissingDataWarning,
)

PLACES = list("abc")
MINUTES = pd.DataFrame(  # uphill takes longer than downhill
    [[0, 30, 100], [40, 0, 60], [120, 60, 0]], index=PLACES, columns=PLACES, dtype=float
)
PEOPLE = pd.Series({"a": 10, "b": 20, "c": 30}, name="people")
CUT = MINUTES.where(MINUTES <= 100, np.inf)  # c does not reach a
LEAVE_OUT = {  # the sum over all others
    "mean_time": [(30 * 20 + 100 * 30) / 50, (40 * 10 + 60 * 30) / 40, (120 * 10 + 60 * 20) / 30],
    "location": [72 / 69, 55 / 69, 80 / 69],
    "potential": [20 / 30 + 30 / 100, 10 / 40 + 30 / 60, 10 / 120 + 20 / 60],
    "daily": [50, 40, 30],
}


def long(times):
    named = times.rename_axis(index="origin", columns="destination").reset_index()
    table = named.melt(id_vars="origin", value_name="minutes")
    return table[np.isfinite(table["minutes"])].sort_values("origin", ignore_index=True)


@pytest.mark.parametrize("measure", LEAVE_OUT)
def test_by_hand(measure):
    found = access_from_times(MINUTES, measure=measure, opportunities=PEOPLE, own="leave_out")
    assert found.name == measure
    assert found.index.tolist() == PLACES
    assert found.tolist() == pytest.approx(LEAVE_OUT[measure])
    assert found.attrs["unreached_pairs"] == 0
    assert found.attrs["definition"].endswith("a place itself left out")


def test_what_counts_as_own():
    means = access_from_times(MINUTES, opportunities=PEOPLE)
    assert means.tolist() == pytest.approx(LEAVE_OUT["mean_time"])  # as the sources have it
    given = access_from_times(MINUTES, opportunities=PEOPLE, own="given")
    assert given.tolist() == pytest.approx([3600 / 60, 2200 / 60, 2400 / 60])
    inside = pd.Series({"c": 9.0, "b": 6.0, "a": 3.0})
    own = access_from_times(MINUTES, opportunities=PEOPLE, own=inside)
    assert own.tolist() == pytest.approx([3630 / 60, 2320 / 60, 2670 / 60])
    potential = access_from_times(
        MINUTES, measure="potential", opportunities=PEOPLE, own=inside, decay=power(2)
    )
    assert potential["a"] == pytest.approx(10 / 9 + 20 / 900 + 30 / 10_000)
    assert "internal times given" in potential.attrs["definition"]
    # what stands in the matrix counts where nothing is said: one's own people within no time
    assert access_from_times(MINUTES, measure="daily", opportunities=PEOPLE).tolist() == [60] * 3


def test_each_destination_counts_once_without_opportunities():
    assert access_from_times(MINUTES).tolist() == [65, 50, 90]
    near = access_from_times(MINUTES, measure="cumulative", threshold=60)
    assert near.tolist() == [2, 3, 2]


def test_limits_and_shares():
    near = access_from_times(MINUTES, measure="cumulative", threshold=60, opportunities=PEOPLE)
    assert near.tolist() == [30, 60, 50]  # 60 minutes are within 60
    options = {"measure": "daily", "threshold": 60, "share": True, "opportunities": PEOPLE}
    assert access_from_times(MINUTES, **options).tolist() == pytest.approx([0.5, 1, 5 / 6])
    others = access_from_times(MINUTES, own="leave_out", **options)
    assert others.tolist() == pytest.approx([20 / 50, 1, 20 / 30])
    potential = access_from_times(
        MINUTES, measure="potential", threshold=60, opportunities=PEOPLE, own="leave_out"
    )
    assert potential.tolist() == pytest.approx([20 / 30, 10 / 40 + 30 / 60, 20 / 60])


def test_a_user_s_own_decay_takes_arrays():
    found = access_from_times(
        MINUTES, measure="potential", opportunities=PEOPLE, decay=lambda t: np.where(t < 50, 1, 0.5)
    )
    assert found.tolist() == [10 + 20 + 15, 10 + 20 + 15, 5 + 10 + 30]
    assert "the function <lambda>" in found.attrs["definition"]
    with pytest.raises(InputError, match=r"an array of shape \(\) for 9 times"):
        access_from_times(MINUTES, measure="potential", decay=np.size)
    with pytest.raises(InputError, match=r"no finite weight .* for 1 pairs \(c to a \(120 min\)"):
        access_from_times(MINUTES, measure="potential", decay=lambda t: 110 - t)
    with pytest.raises(InputError, match=r"3 pairs \(a to a \(0 min\), .*: a power of a time of"):
        access_from_times(MINUTES, measure="potential")
    # a place without people has no part in it
    empty = access_from_times(
        MINUTES.loc[["a"], ["a", "b"]],
        measure="potential",
        opportunities=pd.Series([0, 6], ["a", "b"]),
    )
    assert empty.tolist() == [0.2]


def test_unreached():
    with pytest.raises(InputError, match=r"1 origins do not reach every destination \(c \(1\)\)"):
        access_from_times(CUT, opportunities=PEOPLE)
    with pytest.warns(DisconnectedWarning, match="1 pairs .* left out"):
        rest = access_from_times(CUT, opportunities=PEOPLE, unreached="leave_out")
    assert rest.tolist() == pytest.approx([72, 55, 60])
    assert rest.attrs["unreached_pairs"] == 1
    none = access_from_times(CUT, opportunities=PEOPLE, unreached="nan")
    assert none.tolist() == pytest.approx([72, 55, np.nan], nan_ok=True)
    location = access_from_times(CUT, measure="location", opportunities=PEOPLE, unreached="nan")
    assert location.tolist() == pytest.approx([72 / 63.5, 55 / 63.5, np.nan], nan_ok=True)
    # a destination where nobody lives need not be reached
    empty = access_from_times(CUT, opportunities=PEOPLE.where(PEOPLE.index != "a", 0))
    assert empty.tolist() == pytest.approx([72, 60, 60])
    # what is not reached adds nothing to a sum
    for times in (CUT, CUT.replace(np.inf, np.nan)):
        found = access_from_times(times, measure="daily", opportunities=PEOPLE)
        assert found.tolist() == [60, 60, 50]
        assert found.attrs["unreached_pairs"] == 1


def test_an_origin_that_reaches_nothing():
    alone = CUT.copy()
    alone.loc["c", ["a", "b"]] = np.inf
    with pytest.warns(DisconnectedWarning):
        means = access_from_times(alone, opportunities=PEOPLE, unreached="leave_out")
    assert means.tolist() == pytest.approx([72, 55, np.nan], nan_ok=True)
    table = long(alone).query("origin != 'c'")
    found = access_from_times(
        table, measure="cumulative", threshold=60, opportunities=PEOPLE, origins=PLACES
    )
    assert found.to_dict() == {"a": 30, "b": 60, "c": 0}
    found = access_from_times(table, measure="daily", opportunities=PEOPLE)
    assert found.index.tolist() == ["a", "b"]


def shapes(times):
    """Give all shapes in which the same times come."""
    table = long(times)
    pairs = table.set_index(["origin", "destination"])["minutes"]
    mixed = times.loc[["c", "a", "b"], ["b", "c", "a"]]
    yield mixed
    yield (times.iloc[i : i + 1] for i in range(len(times)))
    yield iter([mixed.iloc[:2], times.loc[["b"]]])
    yield table
    yield table.sample(frac=1, random_state=1)
    yield pairs
    yield (part for _, part in table.groupby("origin"))


@pytest.mark.parametrize(
    "options",
    [
        {"measure": "mean_time", "unreached": "nan"},
        {"measure": "location", "unreached": "nan"},
        {"measure": "potential", "decay": exponential(half=30)},
        {"measure": "potential", "own": "leave_out"},
        {"measure": "potential", "own": pd.Series([5.0, 6, 7], PLACES)},
        {"measure": "cumulative", "threshold": 60, "share": True},
    ],
)
def test_all_shapes_of_times_give_the_same(options):
    before = CUT.copy(deep=True)
    expected = access_from_times(CUT, opportunities=PEOPLE, **options)
    for times in shapes(CUT):
        found = access_from_times(times, opportunities=PEOPLE.iloc[::-1], **options)
        pd.testing.assert_series_equal(found[PLACES], expected, check_index_type=False)
        assert found.attrs == expected.attrs
    pd.testing.assert_frame_equal(CUT, before)


def test_a_tall_matrix_is_taken_apart_in_parts(monkeypatch):
    from spatialreg.access import _times

    rng = np.random.default_rng(1)
    times = pd.DataFrame(rng.uniform(1, 200, (50, 7)))
    expected = access_from_times(times, measure="daily", threshold=90)
    monkeypatch.setattr(_times, "_CELLS", 20)
    found = access_from_times(times, measure="daily", threshold=90)
    pd.testing.assert_series_equal(found, expected)
    assert found.tolist() == (times <= 90).sum(axis=1).tolist()


def test_equal_labels_of_different_things_are_told_of():
    facilities = pd.DataFrame([[1.0, 2], [3, 4], [5, 6]])  # rows 0 to 2, columns 0 and 1
    with pytest.raises(InputError, match="not clear whether equal labels mean the same place"):
        access_from_times(facilities)
    assert access_from_times(facilities, own="given").tolist() == [1.5, 3.5, 5.5]
    assert access_from_times(facilities, own="leave_out").tolist() == [2, 3, 5.5]
    with pytest.raises(InputError, match="not clear"):
        access_from_times(iter([facilities.iloc[:2], facilities.iloc[2:]]))


def test_missing_opportunities_are_left_out_with_a_warning():
    with pytest.warns(MissingDataWarning, match="1 destinations have no value .*: b"):
        found = access_from_times(MINUTES, opportunities=PEOPLE.where(PEOPLE.index != "b"))
    assert found.tolist() == pytest.approx([100, (40 * 10 + 60 * 30) / 40, 120])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "hansen"}, "measure must be one of"),
        ({"measure": "daily", "decay": power()}, "decay= is not used by measure 'daily'"),
        ({"threshold": 60}, "threshold= is not used by measure 'mean_time'"),
        ({"share": True}, "share= is not used"),
        ({"measure": "daily", "unreached": "nan"}, "unreached= is not used"),
        ({"measure": "cumulative"}, "needs threshold="),
        ({"measure": "daily", "threshold": -5}, "threshold must be above zero"),
        ({"measure": "potential", "decay": 2}, "decay must be a function of minutes"),
        ({"unreached": "drop"}, "unreached must be one of"),
        ({"own": "zero"}, "own, if it is no Series of internal times, must be one of"),
        ({"own": pd.Series([1.0], ["a"])}, r"own lacks the internal time of 2 places .*\(b, c\)"),
        ({"own": pd.Series([1, -1, 1], PLACES)}, r"own must hold times of zero or more .* at b"),
        ({"opportunities": PEOPLE * -1}, "opportunities has 3 negative values"),
        ({"opportunities": PEOPLE * 0}, "zero everywhere"),
        ({"opportunities": PEOPLE.head(2)}, r"opportunities lacks 1 destinations of times \(c\)"),
        ({"opportunities": pd.Series(1, list("abcd"))}, r"no column for 1 labels .* \(d\)"),
        ({"opportunities": [1, 2, 3]}, "opportunities must be a pandas Series"),
        ({"origins": PLACES}, "origins= is not used by a matrix"),
    ],
)
def test_arguments(options, message):
    with pytest.raises(InputError, match=message):
        access_from_times(MINUTES, **options)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ([[1, 2]], "gave list"),
        (np.ones((3, 3)), "not ndarray"),
        (iter([]), "gave nothing"),
        (MINUTES["a"], "not Series"),
        (MINUTES.replace(40, -1), r"1 times are negative \(b to a \(-1 min\)\)"),
        (MINUTES.astype(object).replace(40, "slow"), "times must be numeric"),
        (MINUTES.loc[["a", "a"]], r"1 origins stand in times more than once \(a\)"),
        (MINUTES[["a", "a"]], "times, in its columns, has 1 labels more than once"),
        (iter([MINUTES, MINUTES.head(1)]), r"1 origins stand in times more than once \(a\)"),
        (iter([MINUTES, long(MINUTES)]), "must all be matrices, or all be long"),
        (iter([long(MINUTES)]), "blocks of a long table do not say .*: pass opportunities="),
        (pd.concat([long(MINUTES)] * 2), r"9 pairs stand in times more than once \(a to a"),
        (long(MINUTES).assign(origin=None), "9 rows of times have no origin"),
        (long(MINUTES).assign(minutes="x"), "'minutes' of times must be numeric"),
    ],
)
def test_tables(times, message):
    with pytest.raises(InputError, match=message):
        access_from_times(times)


def test_origins_of_a_long_table():
    with pytest.raises(AlignmentError, match=r"origins lacks 1 origins that stand in times \(c\)"):
        access_from_times(long(MINUTES), opportunities=PEOPLE, origins=["a", "b"])


def test_several_limits_and_kinds():
    found = cumulative_opportunities(MINUTES, thresholds=[60, 100, np.inf], opportunities=PEOPLE)
    assert found.columns.name == "minutes"
    assert found.loc["a"].tolist() == [30, 60, 60]
    assert found.loc["c"].tolist() == [50, 50, 60]
    kinds = pd.DataFrame({"jobs": [1, 2, 3], "beds": [0, 5, np.nan]}, index=PLACES)
    with pytest.warns(MissingDataWarning, match="1 destinations have no value .*: c"):
        table = cumulative_opportunities(MINUTES, thresholds=[60], opportunities=kinds)
    assert table["jobs", 60].tolist() == [3, 6, 5]
    assert table["beds", 60].tolist() == [5, 5, 5]
    share = cumulative_opportunities(
        (MINUTES.loc[[p]] for p in PLACES), thresholds=[60], opportunities=PEOPLE, share=True
    )
    assert share[60].tolist() == pytest.approx([0.5, 1, 5 / 6])
    for thresholds in (60, [], [60, 60], [-1]):
        with pytest.raises(InputError, match="thresholds must be"):
            cumulative_opportunities(MINUTES, thresholds=thresholds)


def test_internal_times():
    area = pd.Series({"a": 100 * np.pi, "b": 400 * np.pi, "c": np.nan})  # radius 10 and 20 km
    assert internal_times(area, speed=60).tolist() == pytest.approx([5, 10, np.nan], nan_ok=True)
    third = internal_times(area, speed=60, radius_share=1 / 3)
    assert third["b"] == pytest.approx(20 / 3)
    for options in ({"speed": 0}, {"speed": 60, "radius_share": np.nan}):
        with pytest.raises(InputError, match="must be above zero and finite"):
            internal_times(area, **options)
    with pytest.raises(InputError, match=r"area must be above zero .* at a"):
        internal_times(area.where(area.index != "a", 0), speed=60)
