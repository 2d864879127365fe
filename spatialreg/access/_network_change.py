"""What differs between two networks, line by line, and every network in between.

Takes a network before and one after. Each edge that was added, taken away or altered belongs to its
line, also where the line had older sections that stay; a line is then as it was before or as it is
after, and each choice of lines gives a network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from .._align import some
from ..errors import InputError
from ..transport import Network
from ..transport._choices import EdgeChoices

REST = "other changes"
_ALWAYS = -1  # owner of edges that both networks have
# what of an edge changes the ways through a network
_ROUTED = ("start", "end", "mode", "line", "length_m", "minutes", "oneway")
Lines = Iterable[str] | Mapping[str, Iterable[str]]


class NetworkChange:
    """The edges that differ between two networks.

    Parameters
    ----------
    before, after : Network

    Raises
    ------
    InputError
        One is no network, or a node stands at another place in the other.
    """

    def __init__(self, before: Network, after: Network) -> None:
        for network, what in ((before, "before"), (after, "after")):
            if not isinstance(network, Network):
                raise InputError(
                    f"{what} must be a spatialreg.Network, not {type(network).__name__}"
                )
        self.before, self.after = before, after
        first, last = before.edges, after.edges
        common = first.index.intersection(last.index)
        differs = _differs(first.loc[common], last.loc[common])
        self.gone = first[~first.index.isin(common[~differs])]
        self.come = last[~last.index.isin(common[~differs])]
        self.kept = last[last.index.isin(common[~differs])]

    @cached_property
    def lines(self) -> list[str]:
        """The lines that have an edge that differs, sorted."""
        named = pd.concat([self.gone["line"], self.come["line"]]).dropna()
        return sorted(named.unique().tolist())

    @cached_property
    def nodes(self) -> gpd.GeoDataFrame:
        """The nodes of either network; those of both as they are after."""
        first, last = self.before.nodes, self.after.nodes
        common = first.index.intersection(last.index)
        here, there = first.geometry.loc[common], last.geometry.loc[common]
        moved = common[~here.geom_equals(there, align=False).to_numpy()]
        if len(moved):
            raise InputError(
                f"{len(moved)} nodes stand at other places in the two networks ({some(moved)}): "
                "give nodes that differ labels that differ"
            )
        alone = first[~first.index.isin(common)]
        return pd.concat([last, alone]) if len(alone) else last

    @property
    def words(self) -> str:
        """The lines that differ, in words."""
        new = [line for line in self.lines if line not in set(self.gone["line"])]
        old = [line for line in self.lines if line not in set(self.come["line"])]
        both = [line for line in self.lines if line not in {*new, *old}]
        told = [
            f"{len(lines)} lines {what} ({some(lines)})"
            for lines, what in (
                (new, "with edges added"), (old, "with edges taken away"), (both, "altered")
            )
            if lines
        ]  # fmt: skip
        bare = int(self.gone["line"].isna().sum() + self.come["line"].isna().sum())
        told += [f"{bare} edges of no line that differ"] if bare else []
        return ", ".join(told) or "networks without a difference in their edges"


class Between:
    """All networks between two, for choices of some groups of lines.

    Parameters
    ----------
    change : NetworkChange
    lines : iterable of str, or mapping of str to iterable of str, optional
        Lines, each by itself, or groups of lines by name; all lines that differ unless told. What
        is in no group stands together as ``"other changes"``.

    Attributes
    ----------
    names : list of str
        The groups, sorted, and last the other changes where there are any.

    Raises
    ------
    InputError
        A line is the same in both networks or in none of them, or is in two groups; nothing
        differs.
    """

    def __init__(self, change: NetworkChange, lines: Lines | None = None) -> None:
        groups = _groups(change, lines)
        named = sorted(groups)
        rest = len(named)
        number = {line: at for at, name in enumerate(named) for line in groups[name]}
        owner = [
            frame["line"].map(number).fillna(rest).to_numpy(dtype=int)
            for frame in (change.come, change.gone)
        ]
        pool = [frame for frame in (change.kept, change.come, change.gone) if len(frame)]
        edges = pd.concat(pool) if pool else change.kept
        # edges that both networks have are of no group; those of `gone` are there without theirs
        self._owner = np.r_[np.full(len(change.kept), rest + 1), *owner].astype(int)
        self._old = np.arange(len(edges)) >= len(change.kept) + len(change.come)
        self._boards = _boards(change)
        self._stop, self._stop_owner = _stops(self._boards, change, edges, self._owner, rest)
        nodes = change.nodes.assign(boards=self._boards[0] | self._boards[1])
        whole = replace(change.after, nodes=nodes, edges=edges.rename_axis("edge"))
        # waits are among the other changes: the networks without them, and with them
        late = EdgeChoices(whole)
        same = change.before.modes.equals(change.after.modes)
        early = late if same else EdgeChoices(replace(whole, modes=change.before.modes))
        self._choices, self._rest = (early, late), rest
        self.names = named
        if rest in self._owner or rest in self._stop_owner or not same:
            self.names = [*named, REST]
        if not self.names:
            raise InputError("before and after do not differ: there is no change to attribute")

    def network(self, members: int) -> Network:
        """Give the network in which some groups are as after, and the others as before.

        Parameters
        ----------
        members : int
            Bit i is set where the i-th of ``names`` is as after.

        Returns
        -------
        Network
        """
        groups = range(self._rest + 1)
        present = np.array([*(members >> group & 1 for group in groups), 1], dtype=bool)
        taken = present[self._owner]
        chosen = np.where(self._old, ~taken, taken)
        boards, later = self._boards[0].copy(), self._boards[1]
        served = self._stop[present[self._stop_owner]]
        boards[served] = later[served]
        return self._choices[int(present[self._rest])].network(chosen, boards)


def _differs(first: pd.DataFrame, last: pd.DataFrame) -> np.ndarray:
    """Mark the edges (same labels, same order) that lead another way or take another time."""
    found = np.zeros(len(first), dtype=bool)
    for name in _ROUTED:
        here, there = first[name], last[name]
        found |= ~((here == there) | (here.isna() & there.isna())).fillna(False).to_numpy(bool)
    return found


def _groups(change: NetworkChange, lines: Lines | None) -> dict[str, list[str]]:
    """Give the lines of each group, checked."""
    if lines is None:
        return {line: [line] for line in change.lines}
    if isinstance(lines, str):
        raise InputError(f"lines must be a list of lines, [{lines!r}], not one text")
    if isinstance(lines, Mapping):
        groups = {
            str(name): [held] if isinstance(held, str) else list(held)
            for name, held in lines.items()
        }
    else:
        groups = {line: [line] for line in lines}
    if not groups:
        raise InputError("lines is empty: name some, or leave it out for all lines that differ")
    if REST in groups:
        raise InputError(f"{REST!r} names what is in no group: call the group otherwise")
    held = [line for group in groups.values() for line in group]
    twice = sorted({line for line in held if held.count(line) > 1})
    if twice:
        raise InputError(f"{some(map(repr, twice))} stands in more than one group of lines")
    same = [line for line in held if line not in set(change.lines)]
    if same:
        raise InputError(
            f"{some(map(repr, same))} is the same in both networks, or in none: the lines that "
            f"differ are {some(change.lines, 12)}"
        )
    return groups


def _boards(change: NetworkChange) -> tuple[np.ndarray, np.ndarray]:
    """Say by node whether travellers get on and off there, before and after.

    A node that only one of the networks has is as it is there.
    """
    index = change.nodes.index
    own = change.nodes["boards"].astype(bool)
    first, last = (
        network.nodes["boards"].reindex(index).astype(object).fillna(own).to_numpy(bool)
        for network in (change.before, change.after)
    )
    return first, last


def _stops(
    boards: tuple[np.ndarray, np.ndarray],
    change: NetworkChange,
    edges: pd.DataFrame,
    owner: np.ndarray,
    rest: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Pair the nodes that opened or closed as stops with the groups that have an edge there.

    Such a node is as after where one of these groups is. One where no edge differs is among the
    other changes: a station that was added to an old line.
    """
    differ = np.flatnonzero(boards[0] != boards[1])
    ends = pd.concat([edges["start"], edges["end"]])
    pairs = pd.DataFrame(
        {"at": change.nodes.index.get_indexer(ends), "owner": np.tile(owner, 2)}
    ).drop_duplicates()
    pairs = pairs[(pairs["owner"] <= rest) & pairs["at"].isin(differ)]
    alone = np.setdiff1d(differ, pairs["at"])
    at = np.r_[pairs["at"].to_numpy(dtype=int), alone]
    return at, np.r_[pairs["owner"].to_numpy(dtype=int), np.full(len(alone), rest)]
