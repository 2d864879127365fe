"""The command ``spatialreg``: it parses, calls the function of the same name, and prints."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from . import __version__
from .errors import SpatialRegError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Regional disparities in space: inequality, clusters, access, convergence.",
)
data = typer.Typer(no_args_is_help=True, help="See, check and export the embedded data.")
app.add_typer(data, name="data")
console = Console()
_WIDE = 6
errors = Console(stderr=True)
Only = Annotated[
    str,
    typer.Option(
        help="Stages to run, with commas between: 'inequality,convergence'. The folder then holds "
        "their outputs alone. 'spatialreg check' lists the stages of a study."
    ),
]


@app.command()
def demo(
    output: Annotated[Path, typer.Option(help="Folder of the outputs.")] = Path("spatialreg-demo"),
    only: Only = "",
) -> None:
    """Run the embedded study of China."""
    with resources.as_file(resources.files(__package__) / "data/studies/china.toml") as path:
        _run(path, output, only)


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="The study file to write.")] = Path("study.toml"),
) -> None:
    """Write a study file to start from: the embedded study of China, commented."""
    text = (resources.files(__package__) / "data/studies/china.toml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace('output = "spatialreg-demo"', 'output = "results"'))
    except FileExistsError:
        errors.print(f"{path} exists and is left as it is: give another name")
        raise typer.Exit(2) from None
    console.print(f"wrote {path}; run it with: spatialreg run {path}")


@app.command()
def check(path: Annotated[Path, typer.Argument(help="The study file.")]) -> None:
    """Check a study file and its inputs without running it."""
    from .study import all_stages, check_study

    config = check_study(path)
    stages = ", ".join(stage.name for stage in all_stages() if stage.applies(config))
    console.print(f"{path} can be run; stages: {stages}")


@app.command()
def run(
    path: Annotated[Path, typer.Argument(help="The study file.")],
    output: Annotated[
        Path | None, typer.Option(help="Folder of the outputs, instead of the study's own.")
    ] = None,
    only: Only = "",
) -> None:
    """Run a study and write its layers, tables, figures and report."""
    _run(path, output, only)


@app.command()
def monitor(
    path: Annotated[Path, typer.Argument(help="The study file, with a section [monitor].")],
    year: Annotated[int | None, typer.Option(help="Judge as of this year.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder of the study's outputs, instead of its own.")
    ] = None,
) -> None:
    """Judge the targets of a study: exit code 1 if any is missed or off track, 0 if none is.

    Regions at risk or without data, and early warnings, are printed and leave the code 0.
    """
    from .study import monitor as judge

    done = judge(path, year=year, output=output)
    console.print(f"[bold]{done.title}, as of {done.year}[/bold]")
    _print(done.tables["monitor_summary"])
    for heading, table in done.attention.items():
        console.print(f"\n{heading}", highlight=False)
        _print(table)
    for finding in done.findings:
        if not finding.key.startswith("monitor_target"):
            console.print(finding.sentence, highlight=False)
    console.print(f"\ntables, figures and report: {done.folder}", highlight=False, soft_wrap=True)
    if not done.all_on_track:
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    console.print(__version__)


@data.command("list")
def data_list() -> None:
    """List the embedded data with source and vintage."""
    from . import datasets

    _print(datasets.sources()[["title", "publisher", "vintage"]].rename_axis("name").reset_index())


@data.command("show")
def data_show(
    name: str, rows: Annotated[int, typer.Option(help="How many rows to print.")] = 10
) -> None:
    """Print the source of one data set and its first rows."""
    from . import datasets

    for key, value in datasets.sources().loc[_known(name)].items():
        console.print(f"[bold]{key}[/bold]: {value}", highlight=False)
    head = datasets.load(name).head(rows).reset_index().drop(columns="geometry", errors="ignore")
    # a wide table reads better with a line a column
    wide = head.shape[1] > _WIDE
    _print(head.T.rename_axis("column").reset_index() if wide else head)


@data.command("export")
def data_export(
    name: str, to: Annotated[Path, typer.Option(help="A .csv, .parquet, .xlsx, .gpkg or .geojson.")]
) -> None:
    """Write one data set to a file."""
    from . import datasets, io

    io.write_table(datasets.load(_known(name)), to)
    console.print(f"wrote {to}")


@data.command("verify")
def data_verify(
    names: Annotated[
        list[str] | None, typer.Argument(help="Data sets to check; by default all.")
    ] = None,
) -> None:
    """Check the embedded data against each other, the map and published figures."""
    from . import datasets

    table = datasets.verify([_known(name) for name in names] if names else None)
    _print(table)
    count = table["holds"].value_counts()
    words = ", ".join(f"{number} {word}" for word, number in count.items())
    console.print(f"{len(table)} checks: {words}", highlight=False)
    if "no" in count.index:
        raise typer.Exit(1)


def _known(name: str) -> str:
    from . import datasets

    names = list(datasets.sources().index)
    if name not in names:
        errors.print(f"there is no data set {name!r}; there are {', '.join(names)}")
        raise typer.Exit(2)
    return name


def _run(path: Path, output: Path | None, only: str) -> None:
    from .study import run_study

    def tell(title: str, seconds: float | None) -> None:
        if seconds is None:
            errors.print(f"  {title} ...", end="", highlight=False)
        else:
            errors.print(f" {seconds:.1f} s", highlight=False)

    study = run_study(path, output=output, only=only.replace(",", " ").split(), progress=tell)
    console.print(f"\n[bold]{study.title}[/bold]")
    _print(study.frame)
    console.print("")
    for name, where in study.paths.items():
        console.print(f"{name:<13} {where}", highlight=False, soft_wrap=True)
    console.print(f"\n{sum(study.seconds.values()):.0f} s", highlight=False)


def _print(frame: Any) -> None:
    table = Table(show_lines=False, header_style="bold")
    for column in frame.columns:
        table.add_column(str(column), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(str(value) for value in row))
    console.print(table, highlight=False)


def main() -> None:
    """Run the command; an error of ours is its message on stderr and exit code 2."""
    try:
        app()
    except SpatialRegError as error:
        errors.print(f"[bold red]error:[/bold red] {error}", highlight=False)
        raise SystemExit(2) from None
