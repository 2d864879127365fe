"""The log t test and convergence clubs: by hand, on made paths, and each message."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import spatialreg as sr
from spatialreg.disparity import log_t_test
from spatialreg.errors import InputError, MissingDataWarning

YEARS = np.arange(1990, 2020)
PLAIN = {"value": "y", "log": False, "filter": None}


def panel_of(paths, years=YEARS):
    """Make a panel of a dict or array of paths, a region each."""
    if not isinstance(paths, dict):
        paths = {f"{i:03d}": path for i, path in enumerate(paths)}
    wide = pd.DataFrame(paths, index=pd.Index(years, name="year"))
    long = wide.melt(ignore_index=False, var_name="code", value_name="y")
    return sr.to_panel(long.reset_index())


def around(goal, gaps, half_life=8.0):
    """Paths that come to `goal`, from gaps of which half is left after `half_life` years."""
    shrink = 0.5 ** ((YEARS - YEARS[0]) / half_life)
    return [goal + gap * shrink for gap in gaps]


@pytest.fixture
def two_clubs():
    return panel_of(around(9.5, [0.3, 0.1, -0.3]) + around(8.5, [0.2, -0.1, -0.3]))


def test_a_slope_put_into_the_data():
    """Two regions at 1 + d and 1 - d have H = d^2; d is made so that the line is exact."""
    t = np.arange(1, 31)
    b, a = 0.8, -0.5
    squares = 0.04 / (np.exp(a) * t**b * np.log(np.maximum(t, 2)) ** 2)
    squares[0] = 0.04
    test = log_t_test(panel_of([1 + np.sqrt(squares), 1 - np.sqrt(squares)]), **PLAIN)
    assert test.b == pytest.approx(b, rel=1e-12)
    assert test.speed == pytest.approx(b / 2, rel=1e-12)
    assert test.se == pytest.approx(0, abs=1e-12)
    assert (test.trimmed, test.years, test.n) == (10, 20, 2)
    np.testing.assert_allclose(test.frame["variation"], squares, rtol=1e-12)
    np.testing.assert_allclose(test.frame["fitted"].dropna(), a + b * np.log(t[10:]), rtol=1e-10)
    assert test.frame["log_ratio"].isna().tolist() == [True] * 10 + [False] * 20


def test_regions_that_meet_converge_and_those_that_part_do_not():
    rng = np.random.default_rng(1)
    noise = 1 + 1e-3 * rng.standard_normal((8, len(YEARS)))
    together = log_t_test(panel_of(np.array(around(9, np.linspace(-1, 1, 8))) * noise), **PLAIN)
    assert together.converges
    assert together.statistic > 0
    apart = np.linspace(-1, 1, 8)[:, None] * np.linspace(0.2, 1, len(YEARS)) + 9
    parting = log_t_test(panel_of(apart * noise), **PLAIN)
    assert not parting.converges
    assert parting.p_value == pytest.approx(norm.cdf(parting.statistic))
    assert parting.p_value < 0.001


def test_the_critical_value_decides():
    rng = np.random.default_rng(2)
    panel = panel_of(9 + rng.standard_normal((10, len(YEARS))))
    statistic = log_t_test(panel, **PLAIN).statistic
    assert log_t_test(panel, **PLAIN, critical=statistic - 0.01).converges
    assert not log_t_test(panel, **PLAIN, critical=statistic + 0.01).converges


def test_a_filter_takes_cycles_out():
    """A straight line is its own trend; a cycle of three years is not."""
    lines = np.linspace(0, 1, 6)[:, None] * np.linspace(1, 0.5, len(YEARS)) + 9
    cycle = 0.1 * np.sin(2 * np.pi * np.arange(len(YEARS)) / 3)
    unfiltered = log_t_test(panel_of(lines), **PLAIN)
    filtered = log_t_test(panel_of(lines), value="y", log=False, filter=400)
    assert filtered.b == pytest.approx(unfiltered.b, rel=1e-9)
    swinging = panel_of(lines + cycle * np.array([1, -1, 1, -1, 1, -1])[:, None])
    smooth = log_t_test(swinging, value="y", log=False, filter=400)
    assert abs(smooth.b - unfiltered.b) < 0.2 * abs(log_t_test(swinging, **PLAIN).b - unfiltered.b)


def test_logarithms_are_taken_first():
    paths = np.array(around(9.5, [0.3, 0.1, -0.3]))
    direct = log_t_test(panel_of(paths), **PLAIN)
    logs = log_t_test(panel_of(np.exp(paths)), value="y", filter=None)
    assert logs.b == pytest.approx(direct.b, rel=1e-9)
    assert "logarithm of y" in logs.definition
    assert "logarithm" not in direct.definition


def test_two_clubs_and_their_table(two_clubs):
    result = sr.club_convergence(two_clubs, **PLAIN)
    assert not result.overall.converges
    assert result.clubs["members"].tolist() == [("000", "001", "002"), ("003", "004", "005")]
    assert result.frame["club"].tolist() == ["1"] * 3 + ["2"] * 3
    assert result.divergent == result.missing == 0
    # merging was tried once, and the two clubs together are all regions
    assert result.merging[["first", "second", "merged"]].to_numpy().tolist() == [
        [(1,), (2,), False]
    ]
    assert result.merging["statistic"][0] == pytest.approx(result.overall.statistic)
    values = two_clubs["y"].unstack()
    first = values[1990] / values[1990].mean()
    np.testing.assert_allclose(result.frame["first"], first, rtol=1e-14)


def test_each_club_is_a_test_of_its_members(two_clubs):
    result = sr.club_convergence(two_clubs, **PLAIN)
    for _, club in result.clubs.iterrows():
        alone = log_t_test(two_clubs.loc[list(club["members"])], **PLAIN)
        assert (alone.b, alone.se, alone.statistic) == pytest.approx(
            (club["b"], club["se"], club["statistic"]), rel=1e-9
        )
        assert club["n"] == alone.n


def test_paths_are_relative_to_the_mean_of_the_regions(two_clubs):
    result = sr.club_convergence(two_clubs, **PLAIN)
    table = two_clubs["y"].unstack()
    pd.testing.assert_frame_equal(result.paths, table / table.mean())
    np.testing.assert_array_equal(result.paths.iloc[:, -1], result.frame["last"])


def test_a_region_on_its_own_way_is_divergent(two_clubs):
    # it leaves the upper club upwards, and no one goes with it
    lone = 9.6 + 0.4 * np.linspace(0, 1, len(YEARS)) ** 0.5 * 3
    wide = two_clubs["y"].unstack(0).assign(x=lone)
    panel = panel_of({str(code): wide[code].to_numpy() for code in wide})
    result = sr.club_convergence(panel, **PLAIN)
    assert result.frame.loc["x", "club"] == "divergent"
    assert result.divergent == 1
    assert result.clubs["n"].tolist() == [3, 3]


def test_one_club_where_all_converge():
    panel = panel_of(around(9, [0.5, 0.2, -0.1, -0.4]))
    result = sr.club_convergence(panel, **PLAIN)
    assert result.overall.converges
    assert result.clubs["members"].tolist() == [("000", "001", "002", "003")]
    assert result.merging.empty
    assert result.clubs["merged_from"].tolist() == [(1,)]


def test_clubs_that_belong_together_are_merged():
    """The search may close a club too early; merging puts it right, and says what it did."""
    rng = np.random.default_rng(14)
    for _ in range(200):
        gaps = rng.normal(0, 0.4, 14)
        goals = rng.choice([9.5, 9.2, 8.0], 14)
        paths = [p for g, d in zip(goals, gaps, strict=True) for p in around(g, [d])]
        noise = 0.02 * rng.standard_normal((14, len(YEARS)))
        panel = panel_of(np.array(paths) + noise)
        split = sr.club_convergence(panel, **PLAIN, merge=None)
        merged = sr.club_convergence(panel, **PLAIN)
        pd.testing.assert_frame_equal(split.initial, merged.initial)
        if len(merged.clubs) < len(split.clubs):
            break
    else:
        pytest.fail("no draw had clubs to merge")
    assert split.merging.empty
    joined = merged.merging[merged.merging["merged"]].iloc[0]
    together = sorted(
        m for k in (*joined["first"], *joined["second"]) for m in split.clubs.loc[k, "members"]
    )
    direct = log_t_test(panel.loc[together], **PLAIN)
    assert direct.converges
    assert direct.statistic == pytest.approx(joined["statistic"], rel=1e-8)
    whole = [k for group in merged.clubs["merged_from"] for k in group]
    assert whole == list(split.clubs.index)


def test_merging_by_the_stronger_neighbour_on_three_clubs(monkeypatch):
    """1 and 2 converge, 2 and 3 more so: in order 1 takes 2; by strength 2 goes with 3."""
    from spatialreg.disparity._convergence import _club_search as search

    t = {(0, 1): 1.0, (1, 2): 3.0, (0, 1, 2): -9.0}

    def fits(_values, _clubs, which, _start):
        value = np.array([t[tuple(which)]])
        return search.Fits(value, value, np.ones(1))

    monkeypatch.setattr(search, "_test_clubs", fits)
    clubs = [search.Club(np.array([k]), fits(0, 0, [0, 1], 0)) for k in range(3)]
    groups, tests = search.merge_in_order(np.zeros(0), clubs, 0, -1.65)
    assert groups == [[0, 1], [2]]
    assert [merged for *_, merged in tests] == [True, False]
    groups, tests = search.merge_strongest(np.zeros(0), clubs, 0, -1.65)
    assert groups == [[0], [1, 2]]
    assert [(one, other, merged) for one, other, _, merged in tests] == [
        ([0], [1], False),
        ([1], [2], True),
        ([0], [1, 2], False),
    ]


def test_the_order_of_the_search():
    """Members stand in the order of the search: by the last year, or by the last third."""
    paths = np.array(around(9, [0.5, 0.2, -0.1, -0.4]))
    paths[3, -1] += 0.2  # the lowest is the highest for one year, of ten of the last third
    panel = panel_of(paths)
    last = sr.club_convergence(panel, **PLAIN, critical=-1e9)
    third = sr.club_convergence(panel, **PLAIN, critical=-1e9, order="last third")
    assert last.clubs["members"].tolist() == [("003", "000", "001", "002")]
    assert third.clubs["members"].tolist() == [("000", "001", "002", "003")]
    assert "the last year" in last.definition
    assert "last third" in third.definition


def test_rows_in_any_order_and_inputs_left_alone(two_clubs):
    mixed = two_clubs.sample(frac=1, random_state=3)
    before = mixed.copy()
    one, other = (sr.club_convergence(p, **PLAIN) for p in (two_clubs, mixed))
    for name in ("clubs", "initial", "merging", "frame"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_frame_equal(mixed, before)


def test_regions_with_gaps_are_left_out_and_named(two_clubs):
    holes = two_clubs.drop(index=[("001", 1995)])
    with pytest.warns(MissingDataWarning, match="1 of 6 regions lack 'y' in some year.*: 001"):
        result = sr.club_convergence(holes, **PLAIN)
    assert result.missing == 1
    assert result.frame.loc["001"].isna().all()
    without = sr.club_convergence(two_clubs.drop(index="001", level="code"), **PLAIN)
    pd.testing.assert_frame_equal(result.clubs, without.clubs)


def test_twins_have_no_test_of_their_own():
    """Two regions with one path have H = 0; with others they are tested as any."""
    paths = around(9.5, [0.3, 0.3, 0.1, -0.3])
    result = sr.club_convergence(panel_of(paths), **PLAIN)
    assert result.clubs["n"].tolist() == [4]


def test_results_print(two_clubs):
    text = repr(sr.club_convergence(two_clubs, **PLAIN))
    assert "regions" in text
    assert "convergence clubs (Phillips and Sul 2007) of y" in text
    assert "members" not in text


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        (lambda p: p.reset_index(), {}, "levels code and year"),
        (lambda p: p["y"], {}, "must be a DataFrame"),
        (lambda p: p, {"value": "x"}, "no column 'x'"),
        (lambda p: p, {"trim": 0}, "share between 0 and 1"),
        (lambda p: p, {"trim": 0.01}, "leaves out none of 30 years"),
        (lambda p: p, {"trim": 0.9}, "leave 3 for the regression; at least 5"),
        (lambda p: p, {"filter": 0}, "smoothing parameter above 0"),
        (lambda p: p, {"critical": np.nan}, "critical must be a number"),
        (lambda p: p - 8.6, {"log": True}, "must be above 1 .* smaller unit, or log=False"),
        (lambda p: p - 20, {}, "mean above zero"),
        (lambda p: p * 0 + 3, {}, "the same 'y' in 1990, 1991.*nothing that could converge"),
        (lambda p: p.drop(2000, level="year"), {}, "evenly spaced.*1999 to 2001 it is 2"),
        (lambda p: p.loc[["000"]], {}, "1 regions have 'y' in every year .*; at least"),
        (lambda p: p.assign(y=np.inf), {}, "infinite values"),
    ],
)
@pytest.mark.parametrize("function", [log_t_test, sr.club_convergence])
def test_each_message(two_clubs, function, change, arguments, message):
    with pytest.raises(InputError, match=message):
        function(change(two_clubs), **{**PLAIN, **arguments})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"order": "first"}, "order must be one of"),
        ({"merge": "all"}, "merge must be one of"),
        ({"increment": 0}, "increment must be above 0"),
        ({"c_star": -2}, "c_star must be a number not below critical"),
    ],
)
def test_each_message_of_the_search(two_clubs, arguments, message):
    with pytest.raises(InputError, match=message):
        sr.club_convergence(two_clubs, **PLAIN, **arguments)
