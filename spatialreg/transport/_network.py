"""The network: nodes, edges and modes, with the days on which they open and close.

A :class:`Network` never changes; every method gives another one on the same nodes, so that answers
before and after can be held side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from html import escape

import geopandas as gpd
import pandas as pd

from .._align import require_columns, some
from .._dates import DateLike, last_day
from ..errors import AlignmentError, InputError
from ._added_lines import edges_along, links_between
from ._frames import clean_edges, clean_modes, clean_nodes

Modes = Mapping[str, Mapping[str, float]] | pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A transport network of one or several modes.

    Attributes
    ----------
    nodes : GeoDataFrame
        Points (EPSG:4326) on the index ``node``: ``opened``, ``closed`` (datetime, NaT where there
        is no such day), ``boards`` (whether travellers get on and off there), and any other
        column.
    edges : GeoDataFrame
        On the index ``edge``: ``start``, ``end`` (nodes), ``mode``, ``line``, ``class``,
        ``length_m`` [m], ``speed_kmh`` [km/h], ``minutes`` [min], ``oneway`` (only from start to
        end), ``opened``, ``closed``, ``nature`` (``"surveyed"``, ``"osm"``, ``"schematic"``,
        ``"timetable"``, ...), ``geometry`` (missing where an edge is drawn straight), and any other
        column.
    modes : DataFrame
        On the index ``mode``: ``boarding``, ``waiting``, ``transfer``, ``alighting`` [min]. A
        mode that is not listed is one's own vehicle: it takes no time to get on or off. Of the
        others, a traveller boards at a node and waits, rides along a line, changes to another line
        of the mode (``transfer``, and waits again), and alights.
    date : Timestamp or None
        The day that :meth:`at` was asked for.
    noding : GeoDataFrame or None
        What did not join where the network was made of lines (:meth:`from_lines`): gaps, dangling
        ends, islands and dropped pieces, as :func:`spatialreg.transport.noded` reports them.

    See Also
    --------
    Network.from_frames, Network.from_lines : Make one.
    """

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    modes: pd.DataFrame
    date: pd.Timestamp | None = None
    noding: gpd.GeoDataFrame | None = None

    @classmethod
    def from_frames(
        cls,
        nodes: gpd.GeoDataFrame,
        edges: pd.DataFrame,
        modes: Modes | None = None,
        *,
        speeds: Mapping[str, float] | None = None,
        detour: Mapping[str, float] | None = None,
    ) -> Network:
        """Make a network of nodes and the edges between them.

        Parameters
        ----------
        nodes : GeoDataFrame
            A point a node; the index holds the labels. Optional columns: ``opened``, ``closed``,
            ``boards``.
        edges : DataFrame or GeoDataFrame
            An edge a row with ``start`` and ``end``; optional columns as in :attr:`edges`. A length
            that is missing is that of the geometry, or of the straight line between the nodes.
        modes : mapping of mode to mapping, or DataFrame, optional
            ``boarding``, ``waiting``, ``transfer``, ``alighting`` [min], zero where missing.
        speeds : mapping of class or mode to number, optional
            [km/h], for edges with neither ``minutes`` nor ``speed_kmh``; the class goes before the
            mode.
        detour : mapping of nature to number, optional
            Factor by which lengths as drawn are too short, such as ``{"schematic": 1.1}``; lengths
            that are given are not changed.

        Returns
        -------
        Network

        Raises
        ------
        AlignmentError
            An edge ends at a node that is not there, or labels repeat.
        InputError
            A column is missing or holds what it must not; an edge has no time.

        Examples
        --------
        >>> import geopandas as gpd, pandas as pd, spatialreg as sr
        >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
        ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
        >>> edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "opened": [2008, 2012]})
        >>> edges["opened"] = edges["opened"].map("{}-06-01".format)
        >>> network = sr.Network.from_frames(nodes, edges, speeds={"road": 60})
        >>> network.edges["minutes"].round(1).tolist(), len(network.at(2010).edges)
        ([111.3, 111.3], 1)
        """
        cleaned = clean_nodes(nodes)
        network = cls(cleaned, clean_edges(edges, cleaned, speeds, detour), clean_modes(modes))
        network.edges.attrs = dict(edges.attrs)
        return network

    @classmethod
    def from_lines(
        cls,
        lines: gpd.GeoDataFrame,
        *,
        tolerance: float = 1.0,
        modes: Modes | None = None,
        speeds: Mapping[str, float] | None = None,
        detour: Mapping[str, float] | None = None,
    ) -> Network:
        """Make a network of lines: join them where they meet.

        Parameters
        ----------
        lines : GeoDataFrame
            Lines of any origin, with the columns of :attr:`edges` that are known.
        tolerance : float
            Ends this close to each other or to another line are joined [m].
        modes, speeds, detour
            As in :meth:`from_frames`.

        Returns
        -------
        Network
            Its :attr:`noding` lists what did not join.

        Raises
        ------
        GeometryError, CRSError, InputError
            The layer holds no lines, or has no CRS.

        Examples
        --------
        >>> import geopandas as gpd, spatialreg as sr
        >>> from shapely import LineString
        >>> roads = gpd.GeoDataFrame(index=["main", "side"], crs=4326, geometry=[
        ...     LineString([(0, 0), (2, 0)]), LineString([(1, 0), (1, 1)])])
        >>> sr.Network.from_lines(roads, speeds={"road": 60}).edges.index.tolist()
        ['main.0', 'main.1', 'side']
        """
        from ._noding import noded

        nodes, edges, report = noded(lines, tolerance=tolerance)
        network = cls.from_frames(nodes, edges, modes=modes, speeds=speeds, detour=detour)
        return replace(network, noding=report)

    def at(self, date: DateLike) -> Network:
        """Give the network as it stood at the end of a day.

        Parameters
        ----------
        date : date, str or int
            A year means its last day.

        Returns
        -------
        Network
            Edges that had opened and not closed by then; an edge without ``opened`` was there from
            the beginning, one without ``closed`` still is. All nodes stay, for they are the places
            asked about; at those that had not opened yet, or had closed, lines pass without a stop
            (``boards`` is False).

        Raises
        ------
        InputError
            No edge has a day, so that the network is the same on any.
        """
        day = last_day(date)
        edges, nodes = self.edges, self.nodes
        dated = edges[["opened", "closed"]].notna().any(axis=None)
        if len(edges) and not dated and not nodes[["opened", "closed"]].notna().any(axis=None):
            raise InputError(
                "at() needs a column 'opened' or 'closed' in edges or nodes: the network has no "
                "dates"
            )
        stands = _stands(nodes, day) & nodes["boards"]
        return replace(
            self, nodes=nodes.assign(boards=stands), edges=edges[_stands(edges, day)], date=day
        )

    def without(self, line: str | Iterable[str]) -> Network:
        """Give the network without one or several lines, on the same nodes.

        Parameters
        ----------
        line : str or iterable of str
            As in the column ``line`` of the edges.

        Returns
        -------
        Network

        Raises
        ------
        InputError
            There is no such line.
        """
        names = [line] if isinstance(line, str) else list(line)
        known = self.edges["line"].dropna().unique().tolist()
        unknown = [name for name in names if name not in known]
        if unknown:
            near = {n: get_close_matches(str(n), known, 2) for n in unknown}
            meant = some(m for names in near.values() for m in names)
            raise InputError(
                f"the network has no line {some(map(repr, unknown))}"
                + (f": did you mean {meant}?" if meant else f"; its lines are {some(known)}")
            )
        return replace(self, edges=self.edges[~self.edges["line"].isin(names)])

    def with_lines(
        self,
        lines: pd.DataFrame,
        *,
        tolerance: float = 100.0,
        speeds: Mapping[str, float] | None = None,
        detour: Mapping[str, float] | None = None,
    ) -> Network:
        """Give the network with more lines, such as those of a plan.

        Parameters
        ----------
        lines : GeoDataFrame or DataFrame
            Edges between nodes of the network (columns ``start`` and ``end``), or drawn lines.
            A drawn line joins every node that it passes within `tolerance`, and its ends become
            nodes where there is none. Other columns as in :attr:`edges`.
        tolerance : float
            How far from a node a drawn line may pass and still join it [m].
        speeds, detour
            As in :meth:`from_frames`.

        Returns
        -------
        Network

        Raises
        ------
        AlignmentError
            An edge has a label that the network has already, or ends at no node.
        InputError, GeometryError, CRSError
            As in :meth:`from_frames`.

        Examples
        --------
        >>> import geopandas as gpd, pandas as pd, spatialreg as sr
        >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
        ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
        >>> network = sr.Network.from_frames(
        ...     nodes, pd.DataFrame({"start": ["a"], "end": ["b"]}), speeds={"road": 60})
        >>> planned = pd.DataFrame({"start": ["b"], "end": ["c"], "minutes": 30.0}, index=["plan"])
        >>> sr.travel_times(["a"], ["c"], network.with_lines(planned)).round(1).loc["a", "c"]
        np.float64(141.3)
        """
        nodes = self.nodes
        if not {"start", "end"} <= set(lines.columns):
            if not isinstance(lines, gpd.GeoDataFrame):
                require_columns(lines, ["start", "end"], "lines")
            nodes, lines = edges_along(lines, nodes, tolerance)
            nodes = clean_nodes(nodes)
        added = clean_edges(lines, nodes, speeds, detour)
        twice = added.index.intersection(self.edges.index)
        if len(twice):
            raise AlignmentError(
                f"{len(twice)} of the lines have labels that the network has already "
                f"({some(twice)}): give them an index of their own"
            )
        if self.date is not None:
            added = added[_stands(added, self.date)]
        edges = pd.concat([self.edges, added]) if len(self.edges) else added
        edges.attrs = dict(self.edges.attrs)
        return replace(self, nodes=nodes, edges=edges.rename_axis("edge"))

    def with_links(
        self,
        *,
        within_m: float,
        speed_kmh: float,
        detour: float = 1.3,
        mode: str = "road",
    ) -> Network:
        """Give the network with straight links between nodes that stand near each other.

        They let travellers change between stations of one city, or go on by road where no line
        runs.

        Parameters
        ----------
        within_m : float
            The longest link, as the crow flies [m].
        speed_kmh : float
            [km/h].
        detour : float
            How much longer the way is than the straight line.
        mode : str
            Of the links.

        Returns
        -------
        Network
            Links have the nature ``"connector"``, no line, and no days.

        Raises
        ------
        InputError
            A number is not positive.
        """
        links = links_between(
            self.nodes, within_m=within_m, speed_kmh=speed_kmh, detour=detour, mode=mode
        )
        return self.with_lines(links)

    def with_speeds(self, speeds: Mapping[str, float]) -> Network:
        """Give the network with other speeds by class or mode.

        Parameters
        ----------
        speeds : mapping of class or mode to number
            [km/h]; the times of these edges become length over speed.

        Returns
        -------
        Network

        Raises
        ------
        InputError
            No edge has such a class or mode, or a speed is not positive.
        """
        kinds = {*self.edges["class"].dropna(), *self.edges["mode"]}
        unknown = [name for name in speeds if name not in kinds]
        if unknown:
            raise InputError(
                f"the network has no class or mode {some(map(repr, unknown))}; it has "
                f"{some(sorted(kinds), 12)}"
            )
        edges = self.edges
        named = edges["class"].isin(list(speeds)) | edges["mode"].isin(list(speeds))
        bare = edges[named].drop(columns=["speed_kmh", "minutes"])
        timed = clean_edges(bare, self.nodes, speeds, None)
        changed = edges.copy()
        changed.loc[named, ["speed_kmh", "minutes"]] = timed[["speed_kmh", "minutes"]]
        return replace(self, edges=changed)

    def with_modes(self, modes: Modes) -> Network:
        """Give the network with other times of boarding, waiting, changing and alighting.

        Parameters
        ----------
        modes : mapping of mode to mapping, or DataFrame
            As in :meth:`from_frames`; modes not named keep theirs.

        Returns
        -------
        Network
        """
        table = clean_modes(modes)
        kept = self.modes.drop(index=table.index, errors="ignore")
        return replace(self, modes=pd.concat([kept, table]).sort_index())

    def summary(self) -> pd.DataFrame:
        """Count by mode and nature: ``edges``, ``lines``, ``km`` [km], ``first``, ``last`` day."""
        edges = self.edges.assign(km=self.edges["length_m"] / 1000)
        return edges.groupby(["mode", "nature"]).agg(
            edges=("start", "size"), lines=("line", "nunique"), km=("km", "sum"),
            first=("opened", "min"), last=("opened", "max"),
        )  # fmt: skip

    def __repr__(self) -> str:
        rows = []
        for _, row in self.summary().reset_index().iterrows():
            text = f"  {row['mode']}: {row['edges']:,} edges, {row['km']:,.0f} km, {row['nature']}"
            if pd.notna(row["first"]):
                text += f", opened {row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}"
            rows.append(text)
        day = "" if self.date is None else f" at {self.date:%Y-%m-%d}"
        return "\n".join([f"Network{day}: {len(self.nodes):,} nodes", *rows])

    def _repr_html_(self) -> str:
        head, *_ = repr(self).splitlines()
        table = self.summary().round({"km": 0})
        return f"<strong>{escape(head)}</strong>{table.to_html()}"


def _stands(frame: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    opened = frame["opened"].isna() | (frame["opened"] <= day)
    return opened & ~(frame["closed"] <= day)
