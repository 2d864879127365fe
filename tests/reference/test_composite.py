"""Composite indices against published figures, peers, and plain loops run here, on real data."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr
from spatialreg.disparity import composite_index, coupling, rank_sensitivity

# Diakoulaki, Mavrotas and Papayannakis (1995), Computers & Operations Research 22(7): eight
# pharmaceutical firms by profitability, market share and productivity
FIRMS = pd.DataFrame(
    {
        "profit": [61, 20.7, 16.3, 9, 5.4, 4, -6.1, -34.6],
        "share": [1.08, 0.26, 1.98, 3.29, 2.77, 4.12, 3.52, 3.31],
        "productivity": [4.33, 4.34, 2.53, 1.65, 2.33, 1.21, 2.10, 0.98],
    }
)
# Four cars by style, reliability, fuel and cost (less is better), weights 0.1, 0.4, 0.3, 0.2: the
# example of lecture notes on TOPSIS (San Jose State University, Math 108)
CARS = pd.DataFrame(
    {
        "style": [7, 8, 9, 6],
        "reliability": [9, 7, 6, 7],
        "fuel": [9, 8, 8, 8],
        "cost": [8, 7, 9, 6],
    },
    index=["Civic", "Saturn", "Ford", "Mazda"],
)
CAR_WEIGHTS = {"style": 0.1, "reliability": 0.4, "fuel": 0.3, "cost": 0.2}


def flat(columns, minus=(), **more):
    table = pd.DataFrame({"item": list(columns), "column": list(columns), **more})
    table["direction"] = [-1 if name in minus else 1 for name in columns]
    return table.assign(aspect="All", category="All")


def test_critic_weights_of_eight_firms():
    """Range-standardised values and weights as scikit-criteria's tests state them for the data
    of Diakoulaki et al. (CRITIC 0.2022, 0.4809, 0.3169); pymcdm 1.4.0 gives the same weights."""
    result = composite_index(FIRMS, flat(FIRMS), weights="critic")
    scaled = [
        [1.0, 0.21243523, 0.99702381],
        [0.57845188, 0.0, 1.0],
        [0.53242678, 0.44559585, 0.46130952],
        [0.45606695, 0.78497409, 0.19940476],
        [0.41841004, 0.65025907, 0.40178571],
        [0.40376569, 1.0, 0.06845238],
        [0.29811715, 0.84455959, 0.33333333],
        [0.0, 0.79015544, 0.0],
    ]
    np.testing.assert_allclose(result.standardised, scaled, atol=5e-9)
    np.testing.assert_allclose(
        result.weights["weight"], [0.20222554, 0.48090173, 0.31687273], atol=5e-9
    )


def test_topsis_of_four_cars():
    """pymcdm 1.4.0, TOPSIS with vector_normalization and with minmax_normalization."""
    table = flat(CARS, minus=["cost"])
    vector = composite_index(
        CARS, table, standardise="vector", weights=CAR_WEIGHTS, aggregate="topsis"
    )
    np.testing.assert_allclose(
        vector.frame["index"], [0.7426940889, 0.4035993297, 0.1758699853, 0.441429274], atol=5e-11
    )
    # the notes print the ideal solution 0.059, 0.244, 0.162, 0.080 from rounded steps
    ideal = vector.standardised.max() * pd.Series(CAR_WEIGHTS)
    np.testing.assert_allclose(ideal.abs(), [0.059, 0.244, 0.162, 0.080], atol=2e-3)
    ranged = composite_index(CARS, table, weights=CAR_WEIGHTS, aggregate="topsis")
    np.testing.assert_allclose(
        ranged.frame["index"], [0.7722700008, 0.3288130902, 0.1566130288, 0.3675238165], atol=5e-11
    )


def test_entropy_weights_of_four_cars():
    """pymcdm 1.4.0, entropy_weights: shares of the values as they are, which is the achievement
    of any target above them all."""
    result = composite_index(CARS, flat(CARS, target=10.0), standardise="target", weights="entropy")
    np.testing.assert_allclose(
        result.weights["weight"],
        [0.3219962939, 0.3170964182, 0.0389109939, 0.3219962939],
        atol=5e-11,
    )


@pytest.fixture(scope="module")
def provinces():
    """Services, networks and living standards of 31 provinces, 2014-2019."""
    panel = sr.datasets.provincial_panel()
    area = sr.datasets.provinces()["area_km2"]
    km2 = area.reindex(panel.index.get_level_values("code")).to_numpy()
    people = panel["population_10k"]
    table = pd.DataFrame(
        {
            "beds": panel["beds_per_10k"],
            "technicians": panel["health_technicians_per_10k"],
            "budget": panel["budget_expenditure_100m"] / people,
            "education": panel["education_expenditure_100m"] / people,
            "roads": panel["road_10k_km"] / km2,
            "expressways": panel["expressway_10k_km"] / km2,
            "railways": panel["railway_10k_km"] / km2,
            "income": panel["income_all_yuan"],
            "gap": panel["income_urban_yuan"] / panel["income_rural_yuan"],
        }
    )
    return table[table.index.get_level_values("year") >= 2014]


HIERARCHY = pd.DataFrame(
    [
        ("Services", "Health", "beds", 1),
        ("Services", "Health", "technicians", 1),
        ("Services", "Finance", "budget", 1),
        ("Services", "Finance", "education", 1),
        ("Networks", "Road", "roads", 1),
        ("Networks", "Road", "expressways", 1),
        ("Networks", "Rail", "railways", 1),
        ("Living", "Income", "income", 1),
        ("Living", "Income", "gap", -1),
    ],
    columns=["aspect", "category", "item", "direction"],
).assign(column=lambda table: table["item"])


def scaled(table):
    """Range-standardise by loops."""
    out = {}
    for item, direction in zip(HIERARCHY["item"], HIERARCHY["direction"], strict=True):
        values = table[item].tolist()
        low, high = min(values), max(values)
        out[item] = [
            (v - low) / (high - low) if direction == 1 else (high - v) / (high - low)
            for v in values
        ]
    return pd.DataFrame(out, index=table.index)


def mean(values):
    return math.fsum(values) / len(values)


def pearson(x, y):
    mx, my = mean(x), mean(y)
    top = math.fsum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return top / math.sqrt(
        math.fsum((a - mx) ** 2 for a in x) * math.fsum((b - my) ** 2 for b in y)
    )


def test_equal_weights_of_the_provinces_by_loops(provinces):
    scores = scaled(provinces)
    result = composite_index(provinces, HIERARCHY).frame
    for label in provinces.index:
        aspects = []
        for _, inside in HIERARCHY.groupby("aspect"):
            categories = [
                mean([scores.loc[label, item] for item in rows["item"]])
                for _, rows in inside.groupby("category")
            ]
            aspects.append(mean(categories))
        assert result.loc[label, "index"] == pytest.approx(mean(aspects), rel=1e-13)


def test_entropy_and_critic_of_the_provinces_by_loops(provinces):
    scores = scaled(provinces)
    divergence, information = {}, {}
    for item in scores:
        values = scores[item].tolist()
        total, n = math.fsum(values), len(values)
        shares = [v / total for v in values]
        entropy = -math.fsum(p * math.log(p) for p in shares if p > 0) / math.log(n)
        divergence[item] = 1 - entropy
        m = mean(values)
        deviation = math.sqrt(math.fsum((v - m) ** 2 for v in values) / (n - 1))
        information[item] = deviation * math.fsum(
            1 - pearson(values, scores[other].tolist()) for other in scores if other != item
        )
    for method, parts in (("entropy", divergence), ("critic", information)):
        result = composite_index(provinces, HIERARCHY, weights=method)
        expected = pd.Series(parts) / math.fsum(parts.values())
        np.testing.assert_allclose(
            result.weights["weight"], expected[HIERARCHY["item"]], rtol=1e-11
        )
        index = (scores * expected).sum(axis=1)
        np.testing.assert_allclose(result.frame["index"], index, rtol=1e-11)


def test_first_component_of_the_provinces_by_singular_values(provinces):
    """Singular values of the standardised data; KMO from partial correlations as correlations of
    residuals after regression on the other items."""
    scores = scaled(provinces)
    z = ((scores - scores.mean()) / scores.std()).to_numpy()
    _, singular, right = np.linalg.svd(z, full_matrices=False)
    result = composite_index(provinces, HIERARCHY, weights="pca")
    np.testing.assert_allclose(result.weights["weight"], right[0] ** 2, rtol=1e-9)
    assert result.explained == pytest.approx(singular[0] ** 2 / (singular**2).sum(), rel=1e-12)
    plain = partial = 0.0
    for i, j in itertools.combinations(range(z.shape[1]), 2):
        rest = np.delete(z, [i, j], axis=1)
        left = [z[:, k] - rest @ np.linalg.lstsq(rest, z[:, k], rcond=None)[0] for k in (i, j)]
        partial += pearson(*(v.tolist() for v in left)) ** 2
        plain += pearson(z[:, i].tolist(), z[:, j].tolist()) ** 2
    assert result.kmo == pytest.approx(plain / (plain + partial), rel=1e-9)


def test_first_component_of_the_provinces_by_scikit_learn(provinces):
    decomposition = pytest.importorskip("sklearn.decomposition")
    scores = scaled(provinces)
    model = decomposition.PCA().fit((scores - scores.mean()) / scores.std(ddof=0))
    result = composite_index(provinces, HIERARCHY, weights="pca")
    np.testing.assert_allclose(result.weights["weight"], model.components_[0] ** 2, rtol=1e-9)
    assert result.explained == pytest.approx(model.explained_variance_ratio_[0], rel=1e-12)


def test_topsis_of_the_provinces_by_loops(provinces):
    scores = scaled(provinces)
    result = composite_index(provinces, HIERARCHY, weights="entropy", aggregate="topsis")
    weight = result.weights["weight"]
    for label, row in scores.iterrows():
        best = math.sqrt(math.fsum((weight[i] * (row[i] - 1)) ** 2 for i in row.index))
        worst = math.sqrt(math.fsum((weight[i] * row[i]) ** 2 for i in row.index))
        assert result.frame.loc[label, "index"] == pytest.approx(worst / (best + worst), rel=1e-12)


def test_coupling_of_the_three_basic_targets_by_loops(provinces):
    aspects = ["Services", "Networks", "Living"]
    scores = composite_index(provinces, HIERARCHY, floor=0.01).frame[aspects]
    table = coupling(scores, systems=aspects)
    wang = coupling(scores, systems=aspects, form="wang")
    for label, row in scores.iterrows():
        u = row.tolist()
        c = 3 * (u[0] * u[1] * u[2]) ** (1 / 3) / (u[0] + u[1] + u[2])
        assert table.loc[label, "coupling"] == pytest.approx(c, rel=1e-13)
        assert table.loc[label, "coordination"] == pytest.approx(math.sqrt(c * mean(u)), rel=1e-13)
        apart = abs(u[0] - u[1]) + abs(u[0] - u[2]) + abs(u[1] - u[2])
        top = max(u)
        level = math.sqrt(u[0] / top * (u[1] / top) * (u[2] / top))
        expected = math.sqrt((1 - apart / 3) * level)
        assert wang.loc[label, "coupling"] == pytest.approx(expected, rel=1e-13)


def test_ranks_of_the_provinces_without_an_item_and_by_other_weights(provinces):
    late = provinces.xs(2019, level="year")
    used = composite_index(late, HIERARCHY, weights="critic")
    result = rank_sensitivity(used, replicates=200, rng=1)
    base = used.frame["index"].rank(ascending=False)
    for item in HIERARCHY["item"]:
        fewer = HIERARCHY[HIERARCHY["item"] != item]
        other = composite_index(late, fewer, weights="critic").frame["index"].rank(ascending=False)
        shift = result.scenarios.loc[f"without {item}", "mean_shift"]
        assert shift == pytest.approx((other - base).abs().mean(), rel=1e-12)
    # Shanghai lies in the first places by most weights, and no weights lift Gansu above it
    assert result.frame.loc["310000", "median"] <= 3
    assert result.frame.loc["310000", "high"] < result.frame.loc["620000", "low"]
