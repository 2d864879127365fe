"""Line layers of any origin as a network: joined where they meet, cut where they join.

A layer of roads or railways holds lines that ought to meet and do not quite. Takes such a layer
and a tolerance in metres, and gives nodes, edges between them, and a list of what did not join,
for a person to look at: ends that hang, gaps, islands, and what was dropped.
"""

from ._noding import Noded, noded

__all__ = ["Noded", "noded"]
