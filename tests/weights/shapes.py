"""Frames of regions and readings of graphs, shared by the tests of weights."""

import geopandas as gpd
import pandas as pd

UTM = "EPSG:32650"


def frame(shapes, crs=UTM):
    """Regions from a dict of label to geometry."""
    return gpd.GeoDataFrame(geometry=pd.Series(shapes), crs=crs)


def neighbours(graph, label):
    return "".join(sorted(graph[label].index))


def links(graph):
    """All links of weight above zero, as a set of (focal, neighbor)."""
    weights = graph.adjacency
    return set(weights.index[weights != 0])
