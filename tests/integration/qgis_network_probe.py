"""QGIS's network analysis on a layer of streets, as JSON; run by QGIS's own Python.

``python3 qgis_network_probe.py STREETS START HOURS LINES TARGET ...``: STREETS is a GeoPackage in a
projection, with the columns ``speed`` [km/h] and ``way`` (both, forward); START and the TARGETs are
``x,y``. What is reached from START within HOURS is written to LINES, the hours to each TARGET are
printed.
"""

from __future__ import annotations

import json
import sys


def main(streets: str, start: str, hours: str, lines: str, targets: list[str]) -> None:
    from qgis.analysis import QgsNativeAlgorithms
    from qgis.core import (
        QgsApplication,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProject,
    )

    application = QgsApplication([], False)
    application.initQgis()
    registry = application.processingRegistry()
    registry.addProvider(QgsNativeAlgorithms())
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    context.setEllipsoid("EPSG:7030")  # lengths are geodesic, on WGS 84
    how = {
        "INPUT": streets,
        "STRATEGY": 1,  # the quickest way
        "DIRECTION_FIELD": "way",
        "VALUE_FORWARD": "forward",
        "VALUE_BACKWARD": "backward",
        "VALUE_BOTH": "both",
        "SPEED_FIELD": "speed",
        "TOLERANCE": 0,
        "START_POINT": start,
    }
    area = registry.algorithmById("native:serviceareafrompoint")
    wanted = {**how, "TRAVEL_COST2": float(hours), "OUTPUT_LINES": lines}
    found = {"area": area.run(wanted, context, feedback)[1], "hours": []}
    path = registry.algorithmById("native:shortestpathpointtopoint")
    for target in targets:
        wanted = {**how, "END_POINT": target, "OUTPUT": "memory:"}
        result, done = path.run(wanted, context, feedback)
        found["hours"].append(result["TRAVEL_COST"] if done else None)
    context = None
    application.exitQgis()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:5], sys.argv[5:])
