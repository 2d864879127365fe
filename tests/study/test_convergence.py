"""The stage of convergence on twelve made-up regions: numbers worked out again, words, faults."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from shapely import box

import spatialreg as sr
from spatialreg import disparity
from spatialreg.errors import ConfigError, InputError, MissingDataWarning
from spatialreg.study import read_config
from spatialreg.study._context import Context
from spatialreg.study.stages import _convergence

STUDY = """\
[study]
name = "twelve"
title = "Twelve regions"
output = "out"
seed = 7

[regions]
source = "regions.gpkg"
code = "id"
name = "name"

[panel]
source = "panel.csv"
code = "id"
year = "year"
per_head = "income"
label = "income per head"
unit = "crowns"
"""
CONVERGENCE = """
[convergence]
compare = [2000, 2010, 2019]
step = 3
controls = ["school"]
permutations = 99
"""
CODES = [f"r{i:02d}" for i in range(12)]
SPANS = [(2000, 2019), (2000, 2010), (2010, 2019)]


def made_up():
    """Regions that draw towards two levels, with shocks."""
    rng = np.random.default_rng(5)
    goal = np.where(np.arange(12) < 6, 9.2, 8.8)
    level = rng.normal(9, 0.8, 12)
    rows = []
    for year in range(2000, 2020):
        rows.append(
            pd.DataFrame(
                {"id": CODES, "year": year, "income": np.exp(level), "school": rng.normal(8, 1, 12)}
            )
        )
        level = level + 0.02 + 0.06 * (goal - level) + rng.normal(0, 0.01, 12)
    return pd.concat(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("convergence")
    cells = [box(i % 4, 40 + i // 4, i % 4 + 1, 41 + i // 4) for i in range(12)]
    names = [f"Region {code[1:]}" for code in CODES]
    # a place on the map without data, and a row of the table that is no place
    gpd.GeoDataFrame(
        {"id": [*CODES, "empty"], "name": [*names, "Nowhere"]},
        geometry=[*cells, box(9, 40, 10, 41)],
        crs=4326,
    ).to_file(folder / "regions.gpkg")
    whole = pd.DataFrame({"id": "all", "year": range(2000, 2020), "income": 1e6, "school": 8.0})
    table = pd.concat([made_up(), whole])
    table.sample(frac=1, random_state=3).to_csv(folder / "panel.csv", index=False)
    (folder / "study.toml").write_text(STUDY + CONVERGENCE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(folder):
    return _convergence.run(Context(read_config(folder / "study.toml"), folder))


@pytest.fixture(scope="module")
def logs():
    return np.log(made_up().set_index(["id", "year"])["income"].unstack())


@pytest.fixture(scope="module")
def panel():
    return sr.to_panel(made_up().rename(columns={"id": "code"}))


def told(done, key):
    return next(finding for finding in done.findings if finding.key == key)


def test_sigma_by_its_definition(done, logs):
    table = done.tables["convergence_sigma"].set_index("year")
    np.testing.assert_allclose(table["sigma"], logs.std(ddof=1), rtol=1e-12)
    level = np.exp(logs)
    np.testing.assert_allclose(table["cv"], level.std(ddof=0) / level.mean(), rtol=1e-12)
    spans = done.tables["convergence_sigma_spans"].set_index(["start", "end"])
    assert list(spans.index) == SPANS
    for (start, end), row in spans.iterrows():
        # Pitman and Morgan: sum and difference of the span's own two years
        p = stats.pearsonr(logs[end] + logs[start], logs[end] - logs[start]).pvalue
        assert row["p_value"] == pytest.approx(p, rel=1e-9)
        assert row["sigma_end"] == pytest.approx(logs[end].std(ddof=1), rel=1e-12)
        assert row["regions"] == 12
    sentence = told(done, "convergence_sigma").sentence
    assert f"from {logs[2000].std():.3f} in 2000 to {logs[2019].std():.3f} in 2019" in sentence
    assert "12 regions" in sentence and "as given" not in sentence


def test_since_when_sigma_is_another(done, logs):
    differs = {
        year: stats.pearsonr(logs[year] + logs[2000], logs[year] - logs[2000]).pvalue < 0.05
        for year in range(2001, 2020)
    }
    since = next(y for y in differs if all(differs[z] for z in range(y, 2020)))
    how = "above" if logs[2019].std() > logs[2000].std() else "below"
    assert f", {how} 2000 in every year since {since}" in told(done, "convergence_sigma").sentence


def test_beta_by_least_squares(done, logs):
    table = done.tables["convergence_beta"]
    plain = table[(table["model"] == "least squares") & (table["effects"] == "none")]
    plain = plain[~plain["controls"]].set_index(["start", "end"])
    sentence = told(done, "convergence_beta").sentence
    for start, end in SPANS:
        years = end - start
        line = stats.linregress(logs[start], (logs[end] - logs[start]) / years)
        row = plain.loc[(start, end)]
        assert row["beta"] == pytest.approx(line.slope, rel=1e-10)
        assert row["p_value"] == pytest.approx(line.pvalue, rel=1e-8)
        speed = -np.log(1 + line.slope * years) / years
        assert row["speed"] == pytest.approx(speed, rel=1e-10)
        assert (
            f"n {start}-{end} the gap closed by" in sentence and f"{speed:.1%} a year" in sentence
        )
    assert done.tables["convergence_regions"]["growth_2000_2019"].to_numpy() == pytest.approx(
        ((logs[2019] - logs[2000]) / 19).to_numpy(), rel=1e-10
    )


def test_all_models_stand_side_by_side(done, panel, folder):
    table = done.tables["convergence_beta"]
    # 3 spans and 2 kinds of effects, with and without the control, 3 models
    assert len(table) == 5 * 2 * 3
    regions = sr.read_regions(folder / "regions.gpkg", code="id", name="name").loc[CODES]
    graph = sr.build_weights(regions, "queen")
    for effects, words in (("year", "periods"), ("region+year", "regions and periods")):
        for model, named in (("ols", "least squares"), ("error", "spatial error")):
            result = sr.beta_convergence(
                panel, value="income", step=3, effects=effects, controls=["school"], graph=graph,
                model=model,
            )  # fmt: skip
            row = table[
                (table["effects"] == words) & table["controls"] & (table["model"] == named)
            ].iloc[0]
            assert (row["end"], row["periods"], row["years_in_period"]) == (2018, 6, 3)
            assert row["speed"] == pytest.approx(result.speed, rel=1e-9)
            assert row["aic"] == pytest.approx(result.aic, rel=1e-9)
            assert row["tests_point_to"] == result.suggested
            if model == "ols":
                tests = done.tables["convergence_tests"]
                mine = tests[(tests["effects"] == words) & tests["controls"]].set_index("test")
                expected = result.diagnostics["p_value"]
                np.testing.assert_allclose(mine.loc[expected.index, "p_value"], expected, rtol=1e-8)
    assert "(Nickell 1981)" in told(done, "convergence_models").sentence


def test_clubs_are_those_of_the_measure(done, panel):
    result = sr.club_convergence(panel, value="income")
    table = done.tables["convergence_clubs"]
    assert table["n"].tolist() == [
        12, *result.clubs["n"], *([result.divergent] if result.divergent else []),
    ]  # fmt: skip
    assert table["statistic"][0] == pytest.approx(result.overall.statistic)
    names = ", ".join(f"Region {code[1:]}" for code in result.clubs["members"].iloc[0])
    assert table["members"][1] == names
    sentence = told(done, "convergence_clubs").sentence
    assert ("rejects" in sentence) != ("does not reject" in sentence)
    assert f"t = {result.overall.statistic:.2f}" in sentence
    club = done.tables["convergence_regions"].set_index("code")["club"]
    assert club.to_dict() == result.frame["club"].to_dict()
    growth, clubs = done.layers
    assert (growth.name, clubs.name) == ("convergence_growth", "convergence_clubs")
    assert clubs.frame["club"].isna().sum() == growth.frame["growth"].isna().sum() == 1
    assert [words for _, words, _ in clubs.style.classes] == [
        f"club {number} ({n})" for number, n in result.clubs["n"].items()
    ] + ([f"divergent ({result.divergent})"] if result.divergent else [])


def test_moves_between_classes(done, panel, logs):
    chain = disparity.markov(panel, value="income", classes=5)
    table = done.tables["convergence_markov"]
    assert table["moves"].sum() == 12 * 19
    assert table["from"].tolist() == list("12345")
    shown = table[[f"to_{k}" for k in range(1, 6)]].to_numpy()
    np.testing.assert_allclose(shown, chain.probabilities.to_numpy())
    spatial = done.tables["convergence_spatial_markov"]
    assert len(spatial) == 9 and spatial["moves"].sum() == 12 * 19
    assert done.tables["convergence_markov_tests"]["hypothesis"].tolist() == [
        "memory", "order", "homogeneity", "neighbours",
    ]  # fmt: skip
    tau = stats.kendalltau(logs[2000], logs[2019]).statistic
    ranks = done.tables["convergence_ranks"].set_index("of")
    assert ranks.loc["all", "tau"] == pytest.approx(tau)
    assert 0 < ranks.loc["neighbours", "p_value"] <= 1
    assert f"tau = {tau:.2f}" in told(done, "convergence_dynamics").sentence
    assert done.tables["convergence_modes"]["year"].tolist() == [2000, 2010, 2019]
    best = (logs[2000].rank() - logs[2019].rank()).idxmin()
    assert f"up most Region {best[1:]} +" in told(done, "convergence_dynamics").sentence


def test_every_figure_is_there_and_twice_gives_the_same(done, folder, tmp_path):
    assert set(done.figures) == {
        "convergence_sigma", "convergence_speeds", "convergence_clubs", "convergence_paths",
        "convergence_densities", "convergence_ranks",
        *(f"convergence_beta_{start}_{end}" for start, end in SPANS),
    }  # fmt: skip
    again = run(folder, tmp_path, CONVERGENCE)
    for name, table in again.tables.items():
        pd.testing.assert_frame_equal(table, done.tables[name])


def run(folder, tmp_path, text, panel=None):
    """Run the stage alone on the same regions, with another section or other values."""
    for name in ("regions.gpkg", "panel.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    if panel is not None:
        panel.to_csv(tmp_path / "panel.csv", index=False)
    (tmp_path / "study.toml").write_text(STUDY + text, encoding="utf-8")
    return _convergence.run(Context(read_config(tmp_path / "study.toml"), tmp_path))


def test_what_is_switched_off_is_not_there(folder, tmp_path):
    text = "[convergence]\nclubs = false\ndynamics = false\nmodels = ['ols']"
    done = run(folder, tmp_path, text)
    assert set(done.tables) == {
        "convergence_sigma", "convergence_sigma_spans", "convergence_beta", "convergence_tests",
        "convergence_regions",
    }  # fmt: skip
    # the first and the last year of the panel, one model
    assert done.tables["convergence_beta"][["start", "end"]].to_numpy().tolist() == [[2000, 2019]]
    keys = [finding.key for finding in done.findings]
    assert keys == [f"convergence_{what}" for what in ("sigma", "beta", "models", "notes")]
    assert "log t" not in told(done, "convergence_notes").sentence
    assert [layer.name for layer in done.layers] == ["convergence_growth"]


def test_options_of_the_clubs(folder, tmp_path, panel):
    text = "[convergence.clubs]\nfilter = 0\ntrim = 0.2\nmerge = 'none'"
    done = run(folder, tmp_path, text)
    result = sr.club_convergence(panel, value="income", filter=None, trim=0.2, merge=None)
    assert done.tables["convergence_clubs"]["n"].tolist()[1 : 1 + len(result.clubs)] == list(
        result.clubs["n"]
    )
    assert done.tables["convergence_clubs"]["b"][0] == pytest.approx(result.overall.b)


def test_regions_that_lack_a_year_are_told(folder, tmp_path):
    holes = made_up()
    holes.loc[(holes["id"] == "r03") & (holes["year"] == 2010), "income"] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error", MissingDataWarning)  # none escapes
        done = run(folder, tmp_path, CONVERGENCE + "dynamics = false", holes)
    assert "r03" in told(done, "convergence_notes").sentence
    table = done.tables["convergence_beta"].query("model == 'least squares' and not controls")
    # the gap is in the middle: the first and the last year have all regions
    regions = table[table["effects"] == "none"].set_index(["start", "end"])["regions"]
    assert regions.to_dict() == {(2000, 2019): 12, (2000, 2010): 11, (2010, 2019): 11}


def test_a_model_without_an_estimate_says_why(folder, tmp_path, monkeypatch):
    true = disparity.beta_convergence

    def edge(panel, *, model, **options):
        if model == "error":
            raise InputError("the likelihood is highest at the edge")
        return true(panel, model=model, **options)

    monkeypatch.setattr(disparity, "beta_convergence", edge)
    done = run(folder, tmp_path, "[convergence]\ndynamics = false")
    rows = done.tables["convergence_beta"].set_index("model")
    assert np.isnan(rows.loc["spatial error", "speed"])
    assert rows.loc["spatial error", "note"] == "the likelihood is highest at the edge"
    assert rows.loc["spatial lag", "speed"] > 0
    assert "no estimate" in [
        words.get_text().strip() for words in done.figures["convergence_speeds"].texts
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compare = [2000, 2030]", r"\[convergence\] compare: the panel has no year 2030; it has"),
        ("controls = ['roads']", r"\[convergence\] controls: the panel has no column 'roads'"),
        ("step = 15", r"\[convergence\] step: .*at least two periods"),
        ("compare = [2000, 2002]", r"\[convergence\] clubs: .*clubs = false leaves the clubs out"),
    ],
)
def test_faults_of_the_data_name_the_key_and_the_mend(folder, tmp_path, text, words):
    with pytest.raises(ConfigError, match=words):
        run(folder, tmp_path, f"[convergence]\n{text}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compare = [2000, 2000]", "compare needs two years"),
        ("models = ['lag']", "models must have 'ols'"),
        ("models = ['ols', 'ols']", "models names one twice"),
        ("stepp = 3", r"convergence\.stepp: is not known"),
        ("clubs.filtr = 3", r"clubs\.filtr: is not known here; known are filter, trim"),
        ("classes = 1", r"convergence\.classes"),
    ],
)
def test_faults_of_the_section(tmp_path, text, words):
    (tmp_path / "study.toml").write_text(f"{STUDY}[convergence]\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_config(tmp_path / "study.toml")


def test_a_panel_is_needed(tmp_path):
    text = STUDY[: STUDY.index("[panel]")] + "[convergence]\n"
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[panel\] is missing, and convergence"):
        read_config(tmp_path / "study.toml")
