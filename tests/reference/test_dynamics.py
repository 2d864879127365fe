"""Clubs, chains, densities and ranks against published figures and independent implementations.

giddy and convergence-clubs are run side by side where they are installed; what they, and the papers
behind them, have published is stated here and needs neither.
"""

import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph
from scipy.stats import chi2, gaussian_kde, kendalltau

import spatialreg as sr
from spatialreg import datasets
from spatialreg.disparity import (
    densities,
    log_t_test,
    markov,
    modes,
    rank_mobility,
    spatial_markov,
    stochastic_kernel,
)

TRIM = 1 / 3


def panel_of(wide, name="y"):
    """Make a panel of a table of regions and years."""
    wide = wide.rename_axis(index="code", columns="year")
    return wide.unstack().swaplevel().rename(name).to_frame().sort_index()


# the log t test and clubs, by plain loops ------------------------------------------------------


def trend(series, smoothing):
    """Hodrick and Prescott (1997) as least squares: near the series, and near a line."""
    count = len(series)
    bends = np.zeros((count - 2, count))
    for t in range(count - 2):
        bends[t, t : t + 3] = 1, -2, 1
    system = np.vstack([np.eye(count), np.sqrt(smoothing) * bends])
    goal = np.concatenate([series, np.zeros(count - 2)])
    return np.linalg.lstsq(system, goal, rcond=None)[0]


def log_t(values):
    """The regression of Phillips and Sul (2007), eq. 36, for regions x years, step by step."""
    regions, years = values.shape
    h = []
    for t in range(years):
        mean = sum(values[:, t]) / regions
        h.append(sum((v / mean - 1) ** 2 for v in values[:, t]) / regions)
    kept = range(round(years * TRIM) + 1, years + 1)
    x = np.column_stack([np.ones(len(kept)), np.log(kept)])
    y = np.array([np.log(h[0] / h[t - 1]) - 2 * np.log(np.log(t)) for t in kept])
    coefficient = np.linalg.solve(x.T @ x, x.T @ y)
    u = y - x @ coefficient
    m = len(u)
    rho = sum(u[t] * u[t + 1] for t in range(m - 1)) / sum(u[t] ** 2 for t in range(m - 1))
    bandwidth = 1.3221 * (m * 4 * rho**2 / (1 - rho) ** 4) ** (1 / 5)
    variance = sum(v**2 for v in u) / (m - 1)
    for lag in range(1, m - 1):
        r = lag / bandwidth
        a = 6 * np.pi * r / 5
        kernel = 25 / (12 * np.pi**2 * r**2) * (np.sin(a) / a - np.cos(a))
        variance += 2 * kernel * sum(u[t] * u[t + lag] for t in range(m - 1 - lag)) / (m - 1)
    se = np.sqrt(np.linalg.inv(x.T @ x)[1, 1] * variance)
    return coefficient[1], se, coefficient[1] / se


def club_search(values, names):
    """The four steps of Phillips and Sul (2007), section 4, with c* raised by 0.05."""
    names = sorted(names, key=lambda n: -values[n][-1])

    def t(members):
        return log_t(np.array([values[n] for n in members]))[2]

    clubs = []
    while len(names) > 1:
        if t(names) > -1.65:
            clubs.append(set(names))
            return clubs, []
        first = next((k for k in range(len(names) - 1) if t(names[k : k + 2]) > -1.65), None)
        if first is None:
            break
        best, core = -np.inf, []
        for k in range(first + 2, len(names) + 1):
            now = t(names[first:k])
            if not now > -1.65:
                break
            if now > best:
                best, core = now, names[first:k]
        alone = {n: t([*core, n]) for n in names if n not in core}
        c = 0.0
        while True:
            club = core + [n for n, value in alone.items() if value > c]
            if t(club) > -1.65 or len(club) == len(core):
                break
            c += 0.05
        clubs.append(set(club))
        names = [n for n in names if n not in club]
    return clubs, names


@pytest.fixture(scope="module")
def provinces():
    """GDP per head of the provinces at prices of 2019, whole yuan."""
    panel = datasets.provincial_panel()
    panel["constant"] = sr.constant_prices(
        panel, value="gdp_100m_yuan", growth_index="gdp_index", base_year=2019
    )
    return (panel["constant"] / panel["population_10k"] * 1e4).rename("y").to_frame().dropna()


def test_log_t_of_chinese_provinces(provinces):
    wide = provinces["y"].unstack()
    for smoothing in (None, 400.0, 6.25):
        values = np.log(wide.to_numpy())
        if smoothing:
            values = np.array([trend(row, smoothing) for row in values])
        b, se, t = log_t(values)
        test = log_t_test(provinces, value="y", filter=smoothing)
        assert (test.b, test.se, test.statistic) == pytest.approx((b, se, t), rel=1e-8)
        levels = log_t_test(provinces, value="y", filter=None, log=False)
        assert levels.statistic == pytest.approx(log_t(wide.to_numpy())[2], rel=1e-9)


def test_clubs_of_chinese_provinces(provinces):
    wide = provinces["y"].unstack()
    values = {
        code: trend(np.log(row), 400.0)
        for code, row in zip(wide.index, wide.to_numpy(), strict=True)
    }
    expected, divergent = club_search(values, list(wide.index))
    result = sr.club_convergence(provinces, value="y", merge=None)
    assert [set(members) for members in result.clubs["members"]] == expected
    assert set(result.frame.index[result.frame["club"] == "divergent"]) == set(divergent)
    assert len(expected) > 1
    for _, club in result.clubs.iterrows():
        direct = log_t(np.array([values[n] for n in club["members"]]))
        assert (club["b"], club["se"], club["statistic"]) == pytest.approx(direct, rel=1e-7)


def test_clubs_of_us_states():
    panel = datasets.us_incomes().query("year >= 1960")
    wide = panel["income"].unstack()
    values = dict(zip(wide.index, (wide / wide.mean()).to_numpy(), strict=True))
    relative = panel.assign(income=panel["income"] / panel.groupby("year")["income"].mean())
    expected, divergent = club_search(values, list(wide.index))
    result = sr.club_convergence(relative, value="income", log=False, filter=None, merge=None)
    assert [set(members) for members in result.clubs["members"]] == expected
    assert result.divergent == len(divergent)
    assert len(expected) > 2


# Phillips and Sul (2009), Journal of Applied Econometrics 24: clubs of 152 countries 1970-2003,
# Penn World Tables 6.2: members, b and its standard error, as R's ConvergenceClubs prints them too
COUNTRIES = [
    (50, 0.382, 0.041),
    (30, 0.240, 0.035),
    (21, 0.110, 0.032),
    (24, 0.131, 0.064),
    (14, 0.190, 0.111),
    (11, 1.003, 0.166),
    (2, -0.470, 0.842),
]


@pytest.fixture(scope="module")
def clubs_peer():
    return pytest.importorskip("convergence_clubs")


def test_clubs_of_countries_as_published(clubs_peer):
    panel = panel_of(clubs_peer.load_gdp())
    result = sr.club_convergence(panel, value="y")
    assert result.overall.statistic == pytest.approx(-159.55, abs=0.01)
    assert result.overall.b == pytest.approx(-0.875, abs=5e-4)
    table = result.initial[["n", "b", "se"]]
    np.testing.assert_allclose(table, COUNTRIES, atol=5.001e-4)
    # the fourth and the fifth club converge together
    assert result.clubs["merged_from"].tolist() == [(1,), (2,), (3,), (4, 5), (6,), (7,)]
    assert result.clubs.loc[4, ["b", "se"]].round(3).tolist() == [-0.044, 0.070]


@pytest.mark.parametrize("sample", ["all", "high_income", "other"])
@pytest.mark.parametrize("variable", ["lp", "h", "tfp"])
def test_clubs_as_stata_and_the_port_find_them(clubs_peer, variable, sample):
    """The port reproduces R's package, and Stata's with this convention (Mendez 2020)."""
    wide = clubs_peer.load_productivity(variable, sample=sample)
    logs = bool((wide > 1).all(axis=None))
    shown = clubs_peer.hp_filter(np.log(wide) if logs else wide)
    peer = clubs_peer.find_clubs(shown, convention="Stata", time_trim=TRIM)
    result = sr.club_convergence(panel_of(wide), value="y", log=logs, merge=None)
    assert [set(m) for m in result.clubs["members"]] == [
        set(wide.index[list(club.ids)]) for club in peer.clubs
    ]
    assert result.divergent == len(peer.divergent_ids)
    np.testing.assert_allclose(
        result.clubs["statistic"], [club.model.t_value for club in peer.clubs], rtol=1e-7
    )
    merged = clubs_peer.merge_clubs(peer)
    ours = sr.club_convergence(panel_of(wide), value="y", log=logs)
    assert [set(m) for m in ours.clubs["members"]] == [
        set(wide.index[list(club.ids)]) for club in merged.clubs
    ]


# Markov chains ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def incomes():
    """Income per head of 48 states, 1929-2009, in the order of states48.gal."""
    table = pd.read_csv(examples.get_path("usjoin.csv"))
    return table[[str(year) for year in range(1929, 2010)]].rename(columns=int)


@pytest.fixture(scope="module")
def contiguity(incomes):
    """The neighbours of states48.gal, row-standardised."""
    lines = open(examples.get_path("states48.gal")).read().split("\n")
    links = [
        (int(lines[k].split()[0]), int(other))
        for k in range(1, 2 * len(incomes), 2)
        for other in lines[k + 1].split()
    ]
    return Graph.from_adjacency(
        pd.DataFrame(links, columns=["focal", "neighbor"]).assign(weight=1)
    ).transform("r")


# documentation of giddy.markov.Markov: quintiles of each year, and of relative incomes of all years
YEARLY = [
    [729, 71, 1, 0, 0],
    [72, 567, 80, 3, 0],
    [0, 81, 631, 86, 2],
    [0, 3, 86, 573, 56],
    [0, 0, 1, 57, 741],
]
POOLED = [
    [707, 58, 7, 1, 0],
    [50, 629, 80, 1, 1],
    [4, 79, 610, 73, 2],
    [0, 7, 72, 650, 37],
    [0, 0, 0, 48, 724],
]


def test_chains_of_us_states_as_published(incomes):
    panel = panel_of(incomes)
    yearly = markov(panel, value="y", quantiles="year", relative=False)
    assert yearly.counts.to_numpy().tolist() == YEARLY
    np.testing.assert_allclose(
        yearly.distribution["ergodic"],
        [0.20774716, 0.18725774, 0.20740537, 0.18821787, 0.20937187],
        atol=5e-9,
    )
    # documentation of giddy.mobility.markov_mobility
    assert yearly.mobility == pytest.approx(0.19759, abs=5e-6)
    assert yearly.indices["determinant"] == pytest.approx(0.60685, abs=5e-6)
    assert yearly.indices["second_eigenvalue"] == pytest.approx(0.03978, abs=5e-6)
    pooled = markov(panel, value="y")
    assert pooled.counts.to_numpy().tolist() == POOLED
    np.testing.assert_allclose(
        pooled.distribution["ergodic"],
        [0.17957376, 0.21631443, 0.21499942, 0.21134662, 0.17776576],
        atol=5e-9,
    )
    np.testing.assert_allclose(
        pooled.bounds, [0.83999133, 0.94707545, 1.03242697, 1.14911154], atol=5e-9
    )


# documentation of giddy.markov.Spatial_Markov: quintiles of both
LONG_RUN = [
    [0.43509425, 0.2635327, 0.20363044, 0.06841983, 0.02932278],
    [0.13391287, 0.33993305, 0.25153036, 0.23343016, 0.04119356],
    [0.12124869, 0.21137444, 0.2635101, 0.29013417, 0.1137326],
    [0.0776413, 0.19748806, 0.25352636, 0.22480415, 0.24654013],
    [0.01776781, 0.19964349, 0.19009833, 0.25524697, 0.3372434],
]
PASSAGES = {  # among the poorest and the richest neighbours
    "1": [
        [2.29835259, 28.95614035, 46.14285714, 80.80952381, 279.42857143],
        [33.86549708, 3.79459555, 22.57142857, 57.23809524, 255.85714286],
        [43.60233918, 9.73684211, 4.91085714, 34.66666667, 233.28571429],
        [46.62865497, 12.76315789, 6.25714286, 14.61564626, 198.61904762],
        [52.62865497, 18.76315789, 12.25714286, 6.0, 34.1031746],
    ],
    "5": [
        [56.2815534, 1.5, 10.57236842, 27.02173913, 110.54347826],
        [82.9223301, 5.00892857, 9.07236842, 25.52173913, 109.04347826],
        [97.17718447, 19.53125, 5.26043557, 21.42391304, 104.94565217],
        [127.1407767, 48.74107143, 33.29605263, 3.91777427, 83.52173913],
        [169.6407767, 91.24107143, 75.79605263, 42.5, 2.96521739],
    ],
}


@pytest.mark.parametrize(
    ("lag_classes", "lr", "pearson", "dof"), [(5, 170.659, 200.624, 60), (4, 172.105, 321.128, 45)]
)
def test_chains_by_neighbours_as_published(incomes, contiguity, lag_classes, lr, pearson, dof):
    result = spatial_markov(
        panel_of(incomes),
        contiguity,
        value="y",
        lag_classes=lag_classes,
        permutations=99,
        rng=1,
    )
    assert (result.lr, result.chi2) == pytest.approx((lr, pearson), abs=5e-4)
    assert result.dof == dof
    assert result.lr_p == pytest.approx(chi2.sf(result.lr, dof), rel=1e-9)
    if lag_classes == 5:
        expected = np.array(LONG_RUN).ravel()
        np.testing.assert_allclose(result.distribution["ergodic"], expected, atol=6e-9)
        for lag, table in PASSAGES.items():
            np.testing.assert_allclose(result.first_passage.loc[lag], table, rtol=1e-7)
        bounds = [0.88973386, 0.95891917, 1.01469758, 1.1183566]
        np.testing.assert_allclose(result.lag_bounds, bounds, atol=5e-9)


def test_permutations_of_neighbours_by_plain_loops(incomes, contiguity):
    """The same rearrangements, with neighbours, quantiles, counts and ratio step by step."""
    panel = panel_of(incomes[list(range(1989, 2010))])
    result = spatial_markov(panel, contiguity, value="y", classes=3, permutations=19, rng=7)
    y = panel["y"].unstack().to_numpy()
    relative = y / y.mean(axis=0)
    rng = np.random.default_rng(7)
    orders = [np.arange(48), *(rng.permutation(48) for _ in range(19))]
    found = []
    for order in orders:
        placed = relative[order]
        lag = np.array([contiguity.lag(column) for column in placed.T]).T
        states, around = (np.searchsorted(np.quantile(v, [1 / 3, 2 / 3]), v) for v in (placed, lag))
        tables = np.zeros((3, 3, 3))
        for i in range(48):
            for t in range(20):
                tables[around[i, t], states[i, t], states[i, t + 1]] += 1
        ratio = 0.0
        for j in range(3):
            pooled = tables[:, j].sum(axis=0) / tables[:, j].sum()
            for a in range(3):
                for k in range(3):
                    if tables[a, j, k]:
                        own = tables[a, j, k] / tables[a, j].sum()
                        ratio += 2 * tables[a, j, k] * np.log(own / pooled[k])
        found.append(ratio)
    assert result.lr == pytest.approx(found[0], rel=1e-9)
    np.testing.assert_allclose(result.null_distribution["lr"], found[1:], rtol=1e-9)
    at_least = sum(value >= found[0] * (1 - 1e-12) for value in found)
    assert result.lr_p_permutation == pytest.approx(at_least / 20)


def test_chains_beside_giddy(incomes, contiguity):
    giddy = pytest.importorskip("giddy.markov")
    quantiles = pytest.importorskip("mapclassify").Quantiles
    relative = (incomes / incomes.mean()).to_numpy()
    panel = panel_of(incomes)
    for classes in (4, 7):
        peer = giddy.Markov(
            quantiles(relative.ravel(), k=classes).yb.reshape(relative.shape), summary=False
        )
        chain = markov(panel, value="y", classes=classes)
        np.testing.assert_array_equal(chain.counts, peer.transitions)
        np.testing.assert_allclose(chain.first_passage, peer.mfpt, rtol=1e-6)
        np.testing.assert_allclose(chain.distribution["mean_stay"], peer.sojourn_time, rtol=1e-12)
        np.testing.assert_allclose(chain.distribution["ergodic"], peer.steady_state, rtol=1e-9)
        np.testing.assert_allclose(chain.distribution["leaving"], giddy.prais(peer.p), rtol=1e-12)
        halves = [
            giddy.Markov(
                quantiles(relative.ravel(), k=classes).yb.reshape(relative.shape)[:, years],
                summary=False,
            ).transitions
            for years in (slice(0, 41), slice(40, 81))
        ]
        test = giddy.homogeneity(halves)
        ours = chain.tests.loc["homogeneity"]
        assert (ours["chi2"], ours["lr"], ours["dof"]) == pytest.approx((test.Q, test.LR, test.dof))
    weights = sr.weights.to_w(contiguity)
    for fixed, cuts in ((True, None), (False, None), (True, [0.8, 0.9, 1, 1.2])):
        peer = giddy.Spatial_Markov(
            relative, weights, k=5, m=5, fixed=fixed, cutoffs=cuts, lag_cutoffs=cuts
        )
        result = spatial_markov(
            panel,
            contiguity,
            value="y",
            classes=5 if cuts is None else cuts,
            quantiles=None if fixed else "year",
            permutations=9,
            rng=1,
        )
        theirs = peer.T.reshape(25, 5)
        if fixed:
            np.testing.assert_array_equal(result.counts, theirs)
        else:
            # two states of one year have neighbours with the same mean, which is the bound: the
            # last digit of a sum, not the same in all versions of libpysal, puts them above it
            lags = contiguity.sparse @ relative
            bounds = np.quantile(lags, [0.2, 0.4, 0.6, 0.8], axis=0)
            ties = sum(int((abs(lags / bound - 1) < 1e-12).sum()) for bound in bounds)
            assert ties == 2
            moved = np.abs(result.counts.to_numpy() - theirs)
            assert moved.sum() <= 2 * ties
            chain = result.counts.to_numpy().reshape(5, 5, 5).sum(axis=0)
            np.testing.assert_array_equal(chain, theirs.reshape(5, 5, 5).sum(axis=0))
        exact = (result.counts.to_numpy() == theirs).all()
        same = pytest.approx((peer.LR, peer.Q, peer.dof_hom), rel=1e-6 if exact else 0.02)
        assert (result.lr, result.chi2, result.dof) == same


def test_mobility_indices_beside_giddy(incomes):
    mobility = pytest.importorskip("giddy.mobility").markov_mobility
    chain = markov(panel_of(incomes), value="y")
    p, ergodic = chain.probabilities.to_numpy(), chain.distribution["ergodic"].to_numpy()
    for name, measure in {
        "shorrocks": "P",
        "determinant": "D",
        "second_eigenvalue": "L2",
        "unconditional": "B1",
        "bartholomew": "B2",
    }.items():
        assert chain.indices[name] == pytest.approx(mobility(p, measure, ini=ergodic), rel=1e-9)


# densities -------------------------------------------------------------------------------------


def test_densities_by_plain_sums():
    panel = datasets.us_incomes()
    curves = densities(panel, value="income", years=[1929, 2009], points=60)
    for year in (1929, 2009):
        x = panel.xs(year, level="year")["income"].to_numpy()
        x = x / x.mean()
        h = x.std(ddof=1) * (len(x) * 3 / 4) ** (-1 / 5)
        z = (curves.index.to_numpy()[:, None] - x) / h
        expected = np.exp(-(z**2) / 2).sum(axis=1) / (len(x) * h * np.sqrt(2 * np.pi))
        np.testing.assert_allclose(curves[year], expected, rtol=1e-10)
        assert curves.attrs["bandwidth"][year] == pytest.approx(h)


def test_critical_bandwidths_by_counting_peaks():
    """Just below the critical bandwidth scipy's density has one peak more than just above."""
    panel = datasets.us_incomes()
    for year in (1929, 1950, 2009):
        x = panel.xs(year, level="year")["income"].to_numpy()
        x = x / x.mean()
        for at_most in (1, 2, 3):
            h = modes(
                panel, value="income", years=[year], at_most=at_most, replicates=1, rng=1
            ).loc[year, "critical_bandwidth"]
            peaks = []
            for factor in (0.995, 1.005):
                kde = gaussian_kde(x, bw_method=factor * h / x.std(ddof=1))
                curve = kde(np.linspace(x.min(), x.max(), 20_001))
                inside = curve[1:-1]
                peaks.append(int(((inside > curve[:-2]) & (inside > curve[2:])).sum()))
            assert peaks[0] > at_most >= peaks[1]


def test_the_stochastic_kernel_by_plain_sums():
    """Kernels of both values around each pair, over those of the earlier value."""
    panel = datasets.us_incomes()
    kernel = stochastic_kernel(panel, value="income", step=20, points=12)
    wide = panel["income"].unstack()
    relative = wide / wide.mean()
    pairs = np.array(
        [
            (relative.loc[code, year], relative.loc[code, year + 20])
            for year in range(1929, 1990)
            for code in relative.index
        ]
    )
    spread = np.cov(pairs.T) * len(pairs) ** (-1 / 3)  # (n (2 + 2) / 4)^(-1/6), squared
    for earlier in kernel.index[[2, 6, 9]]:
        for later in kernel.columns[[3, 6]]:
            off = np.array([earlier, later]) - pairs
            joint = np.exp(-0.5 * np.einsum("ij,jk,ik->i", off, np.linalg.inv(spread), off))
            joint = joint.sum() / np.sqrt((2 * np.pi) ** 2 * np.linalg.det(spread))
            single = np.exp(-0.5 * off[:, 0] ** 2 / spread[0, 0])
            single = single.sum() / np.sqrt(2 * np.pi * spread[0, 0])
            assert kernel.loc[earlier, later] == pytest.approx(joint / single, rel=1e-9)


# ranks -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mexico():
    return pd.read_csv(examples.get_path("mexico.csv"))


DECADES = range(1940, 2000, 10)
# documentation of giddy.rank: tau of states in the same region (Esquivel 1999), the mean of 99
# permutations, and theta
SAME_REGION = [0.397, 0.492, 0.651, 0.714, 0.683, 0.810]
BY_CHANCE = [0.659, 0.706, 0.772, 0.752, 0.705, 0.819]
THETA = [0.41538462, 0.28070175, 0.61363636, 0.62222222, 0.33333333, 0.47222222]
# one-sided p-values with 99 permutations; giddy's lower tail leaves out permutations that equal the
# observed tau, which are many where there are 63 pairs: it is the share below, not our p-value
SMALLER_TAIL = [0.010, 0.010, 0.020, 0.210, 0.270, 0.280]


def test_ranks_of_mexican_states_as_published(mexico):
    wide = mexico[[f"pcgdp{year}" for year in range(1940, 2010, 10)]]
    wide = wide.set_axis(range(1940, 2010, 10), axis=1)
    groups = mexico["esquivel99"]
    graph = Graph.build_block_contiguity(groups)
    for k, year in enumerate(DECADES):
        result = rank_mobility(
            panel_of(wide),
            value="y",
            start=year,
            end=year + 10,
            graph=graph,
            groups=groups,
            permutations=1999,
            alternative="less",
            rng=1,
        )
        near = result.spatial.loc["neighbours"]
        assert near["statistic"] == pytest.approx(SAME_REGION[k], abs=5e-4)
        assert near["expected"] == pytest.approx(BY_CHANCE[k], abs=0.02)
        assert near["expected"] == pytest.approx(result.statistic, abs=0.005)
        null = result.null_distribution["neighbours"]
        below = (null < near["statistic"] - 1e-9).mean()
        assert below == pytest.approx(SMALLER_TAIL[k], abs=0.05)
        equal = (np.abs(null - near["statistic"]) < 1e-9).mean()
        assert near["p_value"] == pytest.approx(below + equal, abs=6e-4)
        assert result.spatial.loc["groups", "statistic"] == pytest.approx(THETA[k], abs=5e-9)
        peer = kendalltau(wide[year], wide[year + 10])
        assert (result.statistic, result.p_value) == pytest.approx((peer.statistic, peer.pvalue))


@pytest.mark.parametrize("digits", [0, -3])
def test_pairs_by_counting_them_all(mexico, digits):
    """Rounded to thousands many are tied."""
    wide = mexico[["pcgdp1940", "pcgdp2000"]].set_axis([1940, 2000], axis=1).round(digits)
    graph = Graph.build_block_contiguity(mexico["hanson98"])
    result = rank_mobility(panel_of(wide), value="y", graph=graph, permutations=9, rng=1)
    x, y = wide[1940], wide[2000]
    linked = {(i, j) for i, j in graph.adjacency.index if i < j}
    counts = {name: np.zeros(5, dtype=int) for name in ("all", "neighbours", "others")}
    for i in range(32):
        for j in range(i + 1, 32):
            product = (x[i] - x[j]) * (y[i] - y[j])
            one = np.array([1, product > 0, product < 0, x[i] == x[j], y[i] == y[j]], dtype=int)
            counts["all"] += one
            counts["neighbours" if (i, j) in linked else "others"] += one
    for name, (number, same, other, first, last) in counts.items():
        row = result.pairs.loc[name]
        assert row[:4].tolist() == [number, same, other, number - same - other]
        assert row["tau"] == pytest.approx(
            (same - other) / np.sqrt((number - first) * (number - last))
        )
    peer = kendalltau(x, y)
    assert result.pairs.loc["all", "tau"] == pytest.approx(peer.statistic, rel=1e-12)


def test_ranks_beside_giddy(mexico):
    rank = pytest.importorskip("giddy.rank")
    wide = mexico[["pcgdp1940", "pcgdp1970"]].set_axis([1940, 1970], axis=1)
    geometry = datasets.mexico()
    graph = sr.build_weights(geometry, "queen")
    panel = datasets.mexico_gdp()
    result = rank_mobility(
        panel, value="gdp", start=1940, end=1970, graph=graph, permutations=999, rng=1
    )
    table = panel["gdp"].unstack()
    np.random.seed(1)  # noqa: NPY002  # giddy draws from the global state
    weights = sr.weights.to_w(graph)
    weights = type(weights)(
        {i: [weights.id2i[j] for j in weights.neighbors[c]] for c, i in weights.id2i.items()}
    )
    peer = rank.SpatialTau(table[1940].to_numpy(), table[1970].to_numpy(), weights, 999)
    near = result.pairs.loc["neighbours"]
    assert near[["concordant", "discordant"]].tolist() == [
        peer.concordant_spatial,
        peer.discordant_spatial,
    ]
    assert near["tau"] == pytest.approx(peer.tau_spatial)
    null = result.null_distribution["neighbours"]
    assert (null.mean(), null.std()) == pytest.approx((peer.taus.mean(), peer.taus.std()), abs=0.01)
    theta = rank.Theta(wide.to_numpy(), mexico["esquivel99"].to_numpy(), 0)
    ours = rank_mobility(
        panel_of(wide), value="y", groups=mexico["esquivel99"], permutations=9, rng=1
    )
    assert ours.spatial.loc["groups", "statistic"] == pytest.approx(float(theta.theta[0]))
