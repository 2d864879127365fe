"""GAL and GWT files: each convention by hand, and to and from libpysal and R's spdep."""

import subprocess
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph, read_gal, read_gwt
from libpysal.io import open as open_weights
from shapely.geometry import box

import spatialreg as sr
from spatialreg.errors import AlignmentError, InputError, IsolateWarning
from spatialreg.io import read_weights, write_weights

from ..conftest import has_spdep

THREE = {("01", "02"): 1, ("02", "01"): 1, ("03", "03"): 0}


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="map.gal"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def weights_of(graph):
    return graph.adjacency.to_dict()


# --- how the formats are written --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "3\n01 1\n02\n02 1\n01\n03 0\n\n",  # spdep's old style, libpysal
        "0 3 map code\n01 1\n02\n02 1\n01\n03 0\n\n",  # GeoDa
        "0 3 a map with spaces code\n01 1\n02\n02 1\n01\n03 0\n",  # no line for no neighbours
        "1 3 map code\r\n01   1\r\n  02  \r\n02\t1\r\n01\r\n03 0\r\n",
        "# made by hand\n3   \n\n01 1\n02\n# the other way\n02 1\n01\n03 0",
    ],
)
def test_gal_variants(write, text):
    graph = read_weights(write(text))
    assert weights_of(graph) == THREE
    assert list(graph.unique_ids) == ["01", "02", "03"]
    assert list(graph.isolates) == ["03"]


def test_a_long_list_of_neighbours_may_be_broken(write):
    text = "4\na 3\nb\nc d\nb 0\nc 0\nd 0\n"
    assert set(read_weights(write(text))["a"].index) == set("bcd")


def test_ids_give_the_order_and_the_labels(write):
    path = write("0 3 map code\n3 0\n\n1 1\n2\n2 1\n1\n")
    assert list(read_weights(path).unique_ids) == ["3", "1", "2"]
    graph = read_weights(path, pd.Index([1, 2, 3], name="code"))
    assert weights_of(graph) == {(1, 2): 1, (2, 1): 1, (3, 3): 0}
    graph = read_weights(path, ids=["2", "3", "1"])
    assert list(graph.unique_ids) == ["2", "3", "1"]
    # a file that counts rows
    graph = read_weights(path, ids=dict(enumerate(["110000", "120000", "130000"], start=1)))
    assert weights_of(graph) == {
        ("110000", "120000"): 1, ("120000", "110000"): 1, ("130000", "130000"): 0,
    }  # fmt: skip


def test_gwt_weights(write):
    path = write("0 4 map code\na b 0.25\na c 0.75\nb a 1\nc a 1.0\n", "map.gwt")
    with pytest.warns(IsolateWarning, match="announces 4 regions and names 3"):
        graph = read_weights(path)
    assert weights_of(graph) == {("a", "b"): 0.25, ("a", "c"): 0.75, ("b", "a"): 1, ("c", "a"): 1}
    assert graph.transformation == "R"  # every row sums to one
    graph = read_weights(path, ids=["d", "c", "b", "a"])
    assert list(graph.isolates) == ["d"]
    assert graph["a"].to_dict() == {"c": 0.75, "b": 0.25}


def test_gwt_distances(write):
    path = write("0 3 map code\na b 1200\nb a 1200\nb c 0\nc b 0\n", "map.gwt")
    with pytest.raises(InputError, match=r"from 1200 to 1200, .* pass values='distances'"):
        read_weights(path)
    expected = {("a", "b"): 1, ("b", "a"): 1, ("b", "c"): 1, ("c", "b"): 1}
    assert weights_of(read_weights(path, values="distances")) == expected
    raw = read_weights(path, values="weights")
    assert raw["b"].to_dict() == {"a": 1200}  # a weight of zero is no link
    ones = write("3\na b 1\nb a 1\nb c 1\nc b 1\n", "ones.gwt")
    assert weights_of(read_weights(ones)) == expected


def test_gwt_of_nothing_but_zeros(write):
    path = write("2\na b 0\nb a 0\n", "map.gwt")
    with pytest.raises(InputError, match=r"nothing but zeros.*pass values='weights' or"):
        read_weights(path)
    assert list(read_weights(path, values="weights").isolates) == ["a", "b"]
    assert weights_of(read_weights(path, values="distances")) == {("a", "b"): 1, ("b", "a"): 1}
    marked = write("2\na a 0\nb b 0\n", "marked.gwt")  # as libpysal writes isolates
    assert list(read_weights(marked).isolates) == ["a", "b"]


def test_kwt_holds_weights_and_the_diagonal(write):
    path = write("0 2 map code\na a 1\na b 0.3\nb b 1\nb a 0.3\n", "map.kwt")
    assert weights_of(read_weights(path)) == {
        ("a", "a"): 1, ("a", "b"): 0.3, ("b", "a"): 0.3, ("b", "b"): 1,
    }  # fmt: skip


def test_isolates_that_libpysal_marks_by_themselves(write):
    path = write("0 3 Unknown Unknown\na b 1\nb a 1\nc c 0\n", "map.gwt")
    assert list(read_weights(path).isolates) == ["c"]
    assert list(read_weights(path, values="distances").isolates) == ["c"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("m.gal", "", r"m\.gal, line 1: it must say the number of regions"),
        ("m.gal", "0 x map code\n", "line 1: it must say the number of regions"),
        ("m.gal", "2\na 1\nb\nb x\na\n", "line 4: it must hold an id and a number"),
        ("m.gal", "2\nnew york 1\nb\n", "line 2: it must hold an id and a number of neighbours"),
        ("m.gal", "2\na 1\nb c\nb 0\n", "line 3: it gives 2 neighbours of a instead of 1"),
        ("m.gal", "2\na 2\nb\n", "ends the file before the 2 neighbours of a"),
        ("m.gal", "3\na 1\nb\nb 1\na\n", "announces 3 regions and holds 2"),
        ("m.gal", "2\na 0\na 0\n", "holds 2, 1 of them different"),
        ("m.gal", "2\na 1\nc\nb 0\n", r"names 1 neighbours that are no region of it \(c\)"),
        ("m.gal", "2\na 2\nb b\nb 0\n", r"1 links more than once \(a to b\)"),
        ("m.gwt", "2\na b\n", "line 2: it must hold two ids and a number"),
        ("m.gwt", "2\na b far\n", "line 2: it must hold two ids and a number"),
        ("m.gwt", "2\na b nan\n", "line 2: it holds nan, which is no weight"),
        ("m.gwt", "1\na b 1\n", "announces 1 regions and names 2"),
        ("m.gwt", "2\na b 1\na b 1\n", r"1 links more than once \(a to b\)"),
        ("m.txt", "2\n", "the ending of a weights file must be one of '.gal', '.gwt', '.kwt'"),
    ],
)
def test_files_that_are_wrong(write, name, text, message):
    with pytest.raises(InputError, match=message):
        read_weights(write(text, name))


def test_ids_that_do_not_fit(write):
    path = write("2\n1 1\n2\n2 1\n1\n")
    with pytest.raises(AlignmentError, match=r"2 of the 2 regions of map\.gal are not in ids"):
        read_weights(path, ids=["01", "02"])
    with pytest.raises(AlignmentError, match=r"is for 2 regions, but ids has 3; .* name 3"):
        read_weights(path, ids=["1", "2", "3"])
    with pytest.raises(AlignmentError, match="ids has 1 labels more than once"):
        read_weights(path, ids=["1", "1"])
    with pytest.raises(AlignmentError, match="as text, ids has 1 labels more than once"):
        read_weights(path, ids=[1, "1"])
    with pytest.raises(InputError, match="a GAL file has no third column"):
        read_weights(path, values="weights")
    with pytest.raises(InputError, match="values must be one of None, 'weights'"):
        read_weights(path, values="metres")


# --- round trips ------------------------------------------------------------------------------


def layers():
    """States, and squares with islands and ids of several kinds."""
    states = sr.datasets.us_states()
    squares = [box(x, y, x + 1, y + 1) for x in range(4) for y in range(4)]
    squares += [box(50, 50, 51, 51), box(90, 90, 91, 91)]
    islands = gpd.GeoSeries(squares, crs=32650)
    rng = np.random.default_rng(8)
    yield "text", states
    yield "whole numbers", islands.set_axis(rng.permutation(18) * 7)
    yield "names", islands.set_axis([f"区域-{i}" for i in range(18)])


LAYERS = dict(layers())


def queen(layer):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IsolateWarning)
        return sr.build_weights(layer)


@pytest.mark.parametrize("name", LAYERS)
def test_gal_round_trip(tmp_path, name):
    graph = queen(LAYERS[name])
    path = tmp_path / "new folder" / "map.gal"
    write_weights(graph, path)
    again = read_weights(path, graph.unique_ids)
    pd.testing.assert_series_equal(again.transform("r").adjacency, graph.adjacency)


@pytest.mark.parametrize("ending", ["gwt", "kwt", "GWT"])
@pytest.mark.parametrize("name", LAYERS)
def test_gwt_round_trip_to_the_last_digit(tmp_path, name, ending):
    layer = LAYERS[name]
    for graph in (queen(layer), sr.build_weights(layer, "kernel", kernel="gaussian", k=4)):
        path = tmp_path / f"map.{ending}"
        write_weights(graph, path)
        again = read_weights(path, graph.unique_ids)
        pd.testing.assert_series_equal(again.adjacency, graph.adjacency, check_exact=True)
        assert again.transformation == "R"


def test_an_unequal_graph_is_no_gal_file(tmp_path):
    graph = sr.build_weights(sr.datasets.mexico(), "kernel", bandwidth=900_000)
    with pytest.raises(InputError, match=r"a GAL file keeps no weights, and those of \d+ regions"):
        write_weights(graph, tmp_path / "mexico.gal")
    assert not list(tmp_path.iterdir())
    write_weights(graph.transform("b"), tmp_path / "mexico.gal")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["new york", "b"], r"1 labels cannot stand in a weights file \('new york'\)"),
        (["", "b"], "1 labels cannot stand"),
        ([" a", "b"], r"1 labels cannot stand in a weights file \(' a'\)"),
        (["a", "b\u00a0"], r"1 labels cannot stand in a weights file \('b\\xa0'\)"),
        (["#1", "b"], "1 labels cannot stand"),
        ([1, "1"], "as text, the graph has 1 labels more than once"),
    ],
)
def test_labels_that_no_file_can_hold(tmp_path, labels, message):
    a, b = labels
    graph = Graph.from_arrays([a, b], [b, a], [1, 1])
    with pytest.raises(InputError, match=message):
        write_weights(graph, tmp_path / "map.gal")


def test_header(tmp_path):
    graph = sr.build_weights(sr.datasets.us_states())
    path = tmp_path / "two words.gwt"
    write_weights(graph, path)
    assert path.read_text().startswith("0 48 two_words code\n")
    write_weights(graph, path, id_name="FIPS NO", layer="us")
    assert path.read_text().startswith("0 48 us FIPS_NO\n")


# --- libpysal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["columbus.gal", "sids2.gal", "states48.gal", "mexico.gal", "rook31.gal", "stl.gal"]
)
def test_example_files_as_libpysal_reads_them(name):
    path = examples.get_path(name)
    theirs = {str(i): {str(j) for j in js} for i, js in open_weights(path).read().neighbors.items()}
    graph = read_weights(path)
    assert {i: set(graph[i].index) for i in graph.unique_ids} == theirs
    assert list(graph.unique_ids) == list(theirs)


def test_example_distances_as_libpysal_reads_them():
    path = examples.get_path("juvenile.gwt")
    theirs = open_weights(path).read()
    ours = read_weights(path, ids=range(1, 169), values="weights")
    assert weights_of(ours) == {(i, j): d for i, js in dict(theirs).items() for j, d in js.items()}
    assert ours.n == theirs.n == 168


def test_libpysal_reads_ours(tmp_path):
    graph = queen(LAYERS["whole numbers"])
    write_weights(graph, tmp_path / "map.gal")
    assert read_gal(tmp_path / "map.gal") == graph.transform("b")
    w = open_weights(str(tmp_path / "map.gal")).read()
    assert {int(i): [int(j) for j in js] for i, js in w.neighbors.items()} == {
        i: list(graph[i].index) for i in graph.unique_ids
    }
    write_weights(graph, tmp_path / "map.gwt")
    linked = graph.adjacency[graph.adjacency != 0]
    theirs = read_gwt(tmp_path / "map.gwt").adjacency
    assert theirs.to_dict() == linked.to_dict()  # libpysal loses isolates here


def test_ours_reads_libpysal(tmp_path):
    graph = queen(LAYERS["whole numbers"])
    graph.transform("b").to_gal(tmp_path / "map.gal")
    again = read_weights(tmp_path / "map.gal", graph.unique_ids)
    assert again == graph.transform("b")
    graph.to_gwt(tmp_path / "map.gwt")  # seven decimals
    again = read_weights(tmp_path / "map.gwt", graph.unique_ids)
    pd.testing.assert_series_equal(again.adjacency, graph.adjacency, rtol=1e-6)
    assert again.transformation == "R"


# --- spdep ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def r():
    """Run R code with spdep loaded and give what it prints."""
    if not has_spdep():
        pytest.skip("needs Rscript and its package spdep")

    def run(code):
        code = f"suppressMessages(library(spdep)); options(warn=-1); {code}"
        done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def pairs_that_r_prints(text):
    """Lines of an id and its neighbours."""
    rows = (line.split() for line in text.splitlines())
    return {row[0]: set(row[1:]) for row in rows}


SHOW = (
    "ids <- attr(nb, 'region.id');"
    "for (i in seq_along(nb)) cat(ids[i], ids[nb[[i]][nb[[i]] > 0]], '\\n')"
)


def test_spdep_reads_ours(tmp_path, r):
    for name in ("text", "whole numbers"):
        graph = queen(LAYERS[name])
        write_weights(graph, tmp_path / "map.gal")
        out = r(f"nb <- read.gal('{tmp_path}/map.gal', override.id=TRUE); {SHOW}")
        expected = {str(i): {str(j) for j in graph[i].index} for i in graph.unique_ids}
        assert pairs_that_r_prints(out) == expected
    linked = LAYERS["whole numbers"].iloc[:16]  # read.gwt2nb takes no isolates at the end
    graph = sr.build_weights(linked, "knn", k=3)
    write_weights(graph, tmp_path / "map.gwt", id_name="code")
    ids = ", ".join(map(str, graph.unique_ids))
    out = r(f"code <- c({ids}); nb <- read.gwt2nb('{tmp_path}/map.gwt', region.id=code); {SHOW}")
    expected = {str(i): {str(j) for j in graph[i].index} for i in graph.unique_ids}
    assert pairs_that_r_prints(out) == expected


def test_ours_reads_spdep(tmp_path, r):
    """Cells of a lattice, an island, distances of neighbours, in the old and the new style."""
    folder = Path(tmp_path)
    out = r(
        "nb <- cell2nb(3, 4, type='queen'); attr(nb, 'region.id') <- paste0('c', 12:1);"
        "nb <- droplinks(nb, 'c5');"
        f"write.nb.gal(nb, '{folder}/old.gal');"
        f"write.nb.gal(nb, '{folder}/new.gal', oldstyle=FALSE, ind='code');"
        "d <- nbdists(nb, as.matrix(expand.grid(1:3, 1:4)) * 1000);"
        "lw <- nb2listw(nb, glist=d, style='B', zero.policy=TRUE);"
        f"write.sn2gwt(listw2sn(lw), '{folder}/rows.gwt');"
        f"write.sn2gwt(listw2sn(lw), '{folder}/named.gwt', useInd=TRUE, ind='code');"
        f"write.sn2gwt(listw2sn(lw), '{folder}/legacy.gwt', useInd=TRUE, legacy=TRUE);" + SHOW
    )
    theirs = pairs_that_r_prints(out)
    labels = [f"c{i}" for i in range(12, 0, -1)]
    rows = dict(enumerate(labels, start=1))
    graphs = [
        read_weights(folder / "old.gal", rows),
        read_weights(folder / "new.gal", labels),
        read_weights(folder / "rows.gwt", rows, values="distances"),
        read_weights(folder / "named.gwt", labels, values="distances"),
        read_weights(folder / "legacy.gwt", labels, values="distances"),
    ]
    for graph in graphs:
        assert {i: set(graph[i].index) for i in labels} == theirs
        assert list(graph.unique_ids) == labels
        assert list(graph.isolates) == ["c5"]
    assert graphs[1] == graphs[2]


# --- GeoDa ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def geoda():
    """GeoDa's own library, and the squares with islands as it holds them."""
    pygeoda = pytest.importorskip("pygeoda")
    squares = LAYERS["whole numbers"]
    return pygeoda, squares, pygeoda.open(gpd.GeoDataFrame(geometry=squares.reset_index(drop=True)))


def test_ours_reads_geoda(tmp_path, geoda):
    pygeoda, squares, held = geoda
    labels = squares.index.tolist()
    theirs = {
        "queen.gal": pygeoda.queen_weights(held),
        "knn.gwt": pygeoda.knn_weights(held, 3),
        "kernel.kwt": pygeoda.kernel_knn_weights(held, 4, "gaussian"),
    }
    graphs = {}
    for name, weights in theirs.items():
        weights.save_weights(str(tmp_path / name), "a layer", "code", labels)
        values = "distances" if name == "knn.gwt" else None
        graphs[name] = read_weights(tmp_path / name, labels, values=values)
        for i, label in enumerate(labels):
            expected = {labels[j] for j in weights.get_neighbors(i)}
            assert set(graphs[name][label].index) == expected
    assert graphs["queen.gal"] == queen(squares).transform("b")
    # with the diagonal of one, and the density of the normal distribution elsewhere
    assert graphs["kernel.kwt"].adjacency.max() == 1
    others = graphs["kernel.kwt"].adjacency
    others = others[others < 1]
    assert others.between(0.24, np.sqrt(1 / (2 * np.pi))).all()


def test_geoda_reads_ours(tmp_path, geoda):
    pygeoda, squares, _ = geoda
    ids = [str(label) for label in squares.index]
    for graph, name in (
        (queen(squares), "map.gal"),
        (sr.build_weights(squares, "knn", k=3), "map.gwt"),
    ):
        write_weights(graph, tmp_path / name)
        read = pygeoda.weights.read_gal if name.endswith("gal") else pygeoda.weights.read_gwt
        theirs = read(str(tmp_path / name), ids)
        for i, label in enumerate(squares.index):
            at = squares.index.get_indexer(graph[label].index)
            assert sorted(theirs.get_neighbors(i)) == sorted(at)
