"""Sphinx configuration; the pages of data sources and claims are generated from the data."""

from __future__ import annotations

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
    sources = datasets.sources().reset_index()
    parts = ["# Provenance of the embedded data\n"]
    for row in sources.to_dict("records"):
        name = row.pop("name", row.pop("index", ""))
        parts.append(f"## {name}\n")
        parts += [f"- **{key.replace('_', ' ')}**: {_cell(value)}" for key, value in row.items()]
        parts.append("")
    _write("provenance.md", "\n".join(parts))
    claims = datasets.claims().reset_index()
    columns = ["section", "sentence", "test", "finding", "untestable_reason"]
    numbered = claims[["id", *columns]] if "id" in claims.columns else claims[columns]
    intro = (
        "# Claims register\n\n"
        "The measurable claims of Zhang and Ye (2022), in our words, with what would test each, "
        "the finding of the embedded study that answers it, or why it cannot be tested on it"
        ".\n\n"
    )
    _write("claims.md", intro + _table(numbered))


def setup(app) -> None:
    """Register the generator."""
    app.connect("builder-inited", generate)
