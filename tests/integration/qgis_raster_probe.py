"""What QGIS makes of a raster and the style beside it: run by the Python that QGIS came with.

``python3 qgis_raster_probe.py RASTER X Y [X Y ...]`` prints JSON: the renderer, its classes, and
the colour drawn at each place.
"""

from __future__ import annotations

import json
import sys


def drawn(path: str, places: list[float]) -> dict:
    """Draw the layer on white and read the colours off."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings, QgsRasterLayer
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    layer = QgsRasterLayer(path, "raster")
    extent = layer.extent()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(400, int(400 * extent.height() / extent.width())))
    settings.setBackgroundColor(QColor("#ffffff"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = []
    for x, y in zip(places[::2], places[1::2], strict=True):
        pixel = settings.mapToPixel().transform(x, y)
        colours.append(image.pixelColor(int(pixel.x()), int(pixel.y())).name())
    legend = layer.renderer().legendSymbologyItems()
    return {
        "renderer": layer.renderer().type(),
        "legend": [[label, colour.name()] for label, colour in legend],
        "colours": colours,
    }


if __name__ == "__main__":
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    # everything of QGIS is gone before it is closed
    print(json.dumps(drawn(sys.argv[1], [float(place) for place in sys.argv[2:]])))
    application.exitQgis()
