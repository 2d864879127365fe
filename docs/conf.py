"""Sphinx configuration; the pages of data sources and claims are generated from the data."""

from __future__ import annotations

import tempfile
from pathlib import Path

import spatialreg
from spatialreg import datasets

project = "spatialreg"
author = "The spatialreg developers"
release = spatialreg.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]
html_theme = "pydata_sphinx_theme"
exclude_patterns = ["_build"]
autosummary_generate = True
numpydoc_show_class_members = False
autodoc_typehints = "none"
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["ref.python"]


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|") if value == value else ""


def _table(frame) -> str:
    head = "| " + " | ".join(map(str, frame.columns)) + " |"
    rule = "|" + "---|" * len(frame.columns)
    rows = ["| " + " | ".join(map(_cell, row)) + " |" for row in frame.itertuples(index=False)]
    return "\n".join([head, rule, *rows]) + "\n"


def _write(name: str, text: str) -> None:
    path = Path(__file__).parent / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def generate(_app) -> None:
    """Write the generated pages before Sphinx reads its sources."""
    _write("provenance.md", _provenance())
    _write("claims.md", _claims())


def _provenance() -> str:
    """Give a section a data set: where it is from, and what the checks found on it."""
    checks = datasets.verify()
    count = checks["holds"].value_counts()
    parts = [
        "# Provenance of the embedded data\n",
        "What each data set is, how it was stated, what is known to be wrong or missing, and what "
        "its checks found when this page was made. *yes*: it holds; *known*: it falls short, as "
        "the known limits say; *no*: it should hold and does not. The same table: "
        "`spatialreg data verify`.\n",
        f"{len(checks)} checks: " + ", ".join(f"{n} {word}" for word, n in count.items()) + ".\n",
    ]
    for row in datasets.sources().reset_index().to_dict("records"):
        name = row.pop("dataset")
        parts.append(f"## {name}\n")
        parts += [f"- **{key.replace('_', ' ')}**: {_cell(value)}" for key, value in row.items()]
        mine = checks.loc[checks["dataset"] == name, ["check", "found", "holds"]]
        parts += ["", _table(mine) if len(mine) else "No check of its own.\n"]
    return "\n".join(parts)


def _claims() -> str:
    """Give the register with what the study of China found, by running it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(spatialreg.__file__).parent / "data" / "studies" / "china.toml"
        study = spatialreg.run_study(path, output=Path(folder) / "china")
        claims, figures = study.tables["claims"], study.tables["claim_figures"]
    numbers = figures.select_dtypes("number").columns
    figures[numbers] = figures[numbers].map("{:,.6g}".format)
    return (
        "# Claims register\n\n"
        "The measurable claims of Zhang and Ye (2022), in our words, with what would test each, "
        "what the embedded study of China finds, or why it cannot be tested on it.\n\n"
        + _table(claims.reset_index())
        + "\n## Figures that the claims state, beside ours\n\n"
        + _table(figures.reset_index())
    )


def setup(app) -> None:
    """Register the generator."""
    app.connect("builder-inited", generate)
