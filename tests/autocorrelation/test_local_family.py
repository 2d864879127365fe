"""What holds for every local statistic alike: its frame, its labels, what is left out, its seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from spatialreg import autocorrelation as sa
from spatialreg.errors import AlignmentError, InputError, IsolateWarning, PermutationWarning

from .conftest import islands_graph, lattice_graph

COLUMNS = [
    "y", "lag", "statistic", "z_score", "p_value", "p_adjusted", "p_analytic", "quadrant",
    "cluster",
]  # fmt: skip


def second(y: pd.Series) -> pd.Series:
    """Give another variable on the labels of `y`, made of the labels, whatever their order."""
    return pd.Series(
        [sum(map(ord, str(label))) * 7 % 11 for label in y.index], y.index, dtype=float
    )


def people(y: pd.Series) -> pd.Series:
    return 100 + 10 * second(y)


MEASURES = {
    "geary": sa.local_geary,
    "geary of two": lambda y, g, **k: sa.local_geary(
        pd.DataFrame({"one": y, "two": second(y)}), g, **k
    ),
    "g": sa.local_g,
    "g star": lambda y, g, **k: sa.local_g(y, g, star=True, **k),
    "bivariate": lambda y, g, **k: sa.lisa_bv(y, second(y), g, **k),
    "rates": lambda y, g, **k: sa.lisa_rate(y, people(y), g, **k),
    "join count": lambda y, g, **k: sa.local_join_count(
        (y > 4).astype(float).where(y.notna()), g, **k
    ),
    "losh": sa.losh,
}
EXTRA = {
    "geary of two": ["one", "two"],
    "bivariate": ["x"],
    "rates": ["events", "population", "rate"],
    "join count": ["x"],
}
each = pytest.mark.parametrize("name", MEASURES)


@pytest.fixture
def patchy():
    """Twelve regions in two rings: four of them high, one without data, one alone, one cut off."""
    links = {k: [a, b] for k, a, b in ("afb", "bac", "cbd", "dce", "edf", "fea")}
    links |= {"g": ["h", "i"], "h": ["g", "i"], "i": ["g", "h"], "j": ["k"], "k": ["j"]}
    graph = islands_graph(["l"], links)
    y = pd.Series([9, 8, 7, 1, 2, 1, 3, 8, 2, np.nan, 6, 5.0], index=list("abcdefghijkl"))
    return y, graph


@each
def test_the_frame(name, patchy):
    y, graph = patchy
    with pytest.warns(IsolateWarning, match=r"\(k\)"):
        result = MEASURES[name](y, graph, permutations=199, rng=1)
    frame = result.frame
    columns = [c for c in COLUMNS if c != "y"] if name == "geary of two" else COLUMNS
    assert list(frame.columns) == EXTRA.get(name, []) + columns
    pd.testing.assert_index_equal(frame.index, y.index)
    assert (result.n, result.isolates, result.missing) == (11, 2, 1)
    assert frame.loc["j", "cluster"] == "No data"
    assert frame.loc[["k", "l"], "cluster"].to_list() == ["Isolate", "Isolate"]
    numbers = [c for c in columns if c not in ("y", "cluster")]
    assert frame.loc[["j", "k", "l"], numbers].isna().all(axis=None)
    tested = frame["p_value"].notna()
    assert tested.sum() == (frame["x"].eq(1).sum() - 2 if name == "join count" else 9)
    assert frame.loc[tested, "p_value"].between(0, 1, inclusive="right").all()
    significant = frame["p_adjusted"] <= 0.05
    assert (frame["cluster"] == frame["quadrant"])[significant].all()
    unlike = {"Not significant", "Not tested", "Isolate", "No data"}
    assert set(frame["cluster"][~significant]) <= unlike
    assert result.counts.sum() == 12


@each
def test_missing_regions_are_as_if_they_were_not_there(name, patchy):
    y, graph = patchy
    with pytest.warns(IsolateWarning):
        whole = MEASURES[name](y, graph, permutations=99, rng=1).frame
    rest = y.drop("j")
    links = {k: [o for o in graph[k].index if o != "j" and o != k] for k in rest.index}
    smaller = islands_graph([], links)
    expected = MEASURES[name](rest, smaller, permutations=99, rng=1).frame
    pd.testing.assert_frame_equal(whole.drop("j"), expected)


@each
def test_order_of_rows_and_of_the_graph_changes_nothing(name, field):
    y, graph = field
    y = y.abs().round(1)
    one = MEASURES[name](y, graph, permutations=199, rng=3).frame
    shuffled = y.sample(frac=1, random_state=1)
    dicts = {k: list(graph[k].index)[::-1] for k in shuffled.index}
    other = MEASURES[name](
        shuffled, Graph.from_dicts(dicts).transform("r"), permutations=199, rng=3
    ).frame
    pd.testing.assert_frame_equal(other.loc[one.index], one)


@each
def test_nothing_of_the_caller_changes_and_seeds_decide(name, field):
    y, graph = field
    y = y.abs()
    before, adjacency = y.copy(), graph.adjacency.copy()
    p = [MEASURES[name](y, graph, permutations=199, rng=s).frame["p_value"] for s in (1, 1, 2)]
    assert p[0].equals(p[1])
    assert not p[0].equals(p[2])
    pd.testing.assert_series_equal(y, before)
    pd.testing.assert_series_equal(graph.adjacency, adjacency)


@each
def test_a_wider_graph_needs_to_be_meant(name, field):
    y, graph = field
    part = y.abs().iloc[:30]
    with pytest.raises(AlignmentError, match="6 regions that y lacks"):
        MEASURES[name](part, graph, permutations=99)
    assert len(MEASURES[name](part, graph, permutations=99, rng=1, subset=True).frame) == 30


@each
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"permutations": 0}, "permutations must be at least 1"),
        ({"alternative": "both"}, "alternative must be one of"),
        ({"alpha": 2}, "alpha must lie between 0 and 1"),
        ({"correction": "none"}, "correction must be one of"),
        ({"rng": np.random.RandomState(1)}, "rng must be an int"),
    ],
)
def test_wrong_options(name, wrong, message, field):
    with pytest.raises(InputError, match=message):
        MEASURES[name](field[0].abs(), field[1], **{"permutations": 99, **wrong})


@pytest.mark.parametrize("name", ["geary", "geary of two", "g", "g star", "bivariate", "losh"])
def test_constants_and_few_regions(name):
    graph = lattice_graph(3)
    constant = pd.Series(5.0, graph.unique_ids)
    with pytest.raises(InputError, match=r"^(y|x|one) is constant \(5 in all 9 regions"):
        MEASURES[name](constant, graph, permutations=99)
    few = pd.Series([1.0, 2, 3], graph.unique_ids[:3]).reindex(graph.unique_ids)
    with pytest.raises(InputError, match="has values for 3 of its 9 regions"):
        MEASURES[name](few, graph, permutations=99)


@each
def test_infinite_and_doubled(name, field):
    y, graph = field
    y = y.abs()
    y.iloc[3] = np.inf
    if name != "join count":  # a condition on an infinite value is a plain 0 or 1
        with pytest.raises(InputError, match="1 infinite values"):
            MEASURES[name](y, graph, permutations=99)
    with pytest.raises(AlignmentError, match="more than once"):
        MEASURES[name](field[0].abs().iloc[[0, 0, 1, 2, 3]], graph, permutations=99, subset=True)


@each
def test_corrections_and_the_cut_off(name, field):
    y, graph = field
    y = y.abs()
    found = {
        c: MEASURES[name](y, graph, permutations=9999, alpha=0.2, correction=c, rng=1)
        for c in (None, "fdr_bh", "bonferroni")
    }
    plain = found[None].frame
    for correction, result in found.items():
        frame = result.frame
        assert result.correction == correction
        assert (frame["p_adjusted"] >= frame["p_value"]).sum() == frame["p_value"].notna().sum()
        pd.testing.assert_series_equal(frame["p_value"], plain["p_value"])
        largest = frame.loc[frame["p_adjusted"] <= 0.2, "p_value"].max()
        np.testing.assert_equal(result.cut_off, largest)
    tests = plain["p_value"].notna().sum()
    expected = (plain["p_value"] * tests).clip(upper=1)
    np.testing.assert_allclose(found["bonferroni"].frame["p_adjusted"], expected)


@each
def test_too_few_permutations(name, field):
    with pytest.warns(PermutationWarning, match="can reach alpha"):
        MEASURES[name](field[0].abs(), field[1], permutations=9, alpha=0.01, rng=1)
