"""A small study made in code: polygons, lines and points, with Chinese names and gaps."""

from __future__ import annotations

from xml.etree.ElementTree import Element, XMLPullParser

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, box

from spatialreg.layers import LISA_COLOURS, Categorised, Graduated, Layer, Simple


def small_regions() -> gpd.GeoDataFrame:
    """Nine squares of one degree; the middle has no income, the last no cluster."""
    clusters = ["High-High", "High-High", "Not significant", "High-Low", None, "Low-High"]
    return gpd.GeoDataFrame(
        {
            "name": ["北京市", "天津市", "河北省", "山西省", "内蒙古", "辽宁省", "吉林", "A", "B"],
            "income": [1.0, 2.0, 3.0, 4.0, None, 6.0, 7.0, 8.0, 9.0],
            "people": [10.0 * i for i in range(1, 10)],
            "cluster": [*clusters, "Low-Low", "Isolate", None],
        },
        geometry=[box(110 + i % 3, 30 + i // 3, 111 + i % 3, 31 + i // 3) for i in range(9)],
        index=pd.Index([f"{n}0000" for n in range(11, 20)], name="code"),
        crs=4326,
    )  # fmt: skip


def small_layers(regions: gpd.GeoDataFrame) -> list[Layer]:
    """Clusters, incomes with a gap, people without one, a schematic line, two stations."""
    lines = gpd.GeoDataFrame(
        {"line": ["京沪高铁"]}, geometry=[LineString([(110.2, 30.5), (112.7, 32.5)])], crs=4326
    )
    points = gpd.GeoDataFrame(
        {"station": ["北京南", "上海虹桥"]},
        geometry=[Point(110.5, 30.5), Point(112.5, 32.5)],
        crs=4326,
    )
    classes = [(value, value, colour) for value, colour in LISA_COLOURS.items()]
    return [
        Layer(
            name="lisa_2019", title="局部聚类 2019", group="LISA clusters", frame=regions,
            style=Categorised("cluster", classes=classes),
            aliases={"name": "Name", "cluster": "Cluster at p < 0.05", "code": "Code"},
            abstract="Local Moran's I, 999 permutations.",
        ),
        Layer(
            name="income", title="Income 2019", group="Disparity", frame=regions, visible=False,
            style=Graduated("income", k=4, palette="YlOrRd", unit="yuan"),
            aliases={"income": "Income [yuan]"},
        ),
        Layer(
            name="people", title="People", group="Disparity", frame=regions, visible=False,
            style=Graduated("people", k=3, palette="Blues", unit="persons"),
        ),
        Layer(
            name="lines", title="高速铁路 (schematic)", group="Networks", frame=lines,
            style=Simple("#b30000", width=0.8, dash=True),
        ),
        Layer(
            name="stations", title="Stations", group="Networks", frame=points,
            style=Simple("#222222", size=3.0),
        ),
    ]  # fmt: skip


def parse(text: str) -> Element:
    """Give the root of an XML document; raise where it is not well formed."""
    parser = XMLPullParser(events=["end"])
    parser.feed(text)
    parser.close()
    return list(parser.read_events())[-1][1]
