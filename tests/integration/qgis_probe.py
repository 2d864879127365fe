"""What QGIS makes of a project and of the bare layers, as JSON; run by QGIS's own Python.

``python3 qgis_probe.py PROJECT GPKG PNG [LAYER ...]`` reads PROJECT (a .qgz or a project inside a
GeoPackage), opens every layer of GPKG on its own, draws the LAYERs (titles; else the visible ones)
into PNG and prints what it found.
"""

from __future__ import annotations

import json
import sys


def main(project_uri: str, gpkg: str, png: str, titles: list[str]) -> None:
    from qgis.core import QgsApplication, QgsProject

    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    found = {"read": project.read(project_uri), "error": project.error()}
    found["title"] = project.title()
    found["crs"] = {
        "valid": project.crs().isValid(),
        "authid": project.crs().authid(),
        "proj": project.crs().toProj(),
        "name": project.crs().description(),
    }
    found["tree"] = tree(project.layerTreeRoot())
    found["drawn"] = [layer.name() for layer in project.layerTreeRoot().layerOrder()]
    of_raster = {layer for layer in project.mapLayers().values() if layer.type() == 1}
    of_vector = set(project.mapLayers().values()) - of_raster
    found["layers"] = {layer.name(): layer_facts(layer) for layer in of_vector}
    found["rasters"] = {layer.name(): raster_facts(layer, project) for layer in of_raster}
    of_raster, of_vector = None, None
    found["bare"] = bare(gpkg)
    found["image"] = draw(project, titles, png)
    # QGIS crashes on leaving where its layers outlive it
    project.clear()
    application.exitQgis()
    print(json.dumps(found))


def tree(group) -> list:
    from qgis.core import QgsLayerTreeGroup

    nodes = []
    for node in group.children():
        if isinstance(node, QgsLayerTreeGroup):
            nodes.append([node.name(), tree(node)])
        else:
            layer = node.layer()
            nodes.append([node.name(), layer is not None, node.isVisible()])
    return nodes


def layer_facts(layer) -> dict:
    return {
        "valid": layer.isValid(),
        "source": layer.source(),
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "abstract": layer.abstract(),
        "aliases": {
            field.name(): layer.attributeAlias(number)
            for number, field in enumerate(layer.fields())
        },
        "names": [f["name"] for f in layer.getFeatures()] if layer.fields().indexOf("name") >= 0
        else [],
        **renderer_facts(layer),
    }  # fmt: skip


def renderer_facts(layer) -> dict:
    """Give the renderer, its classes, and how many features each draws."""
    from qgis.core import QgsRenderContext

    renderer = layer.renderer()
    kind = renderer.type()
    if kind == "categorizedSymbol":
        classes = [[c.label(), c.symbol().color().name()] for c in renderer.categories()]
    elif kind == "graduatedSymbol":
        classes = [[c.label(), c.symbol().color().name()] for c in renderer.ranges()]
    elif kind == "RuleRenderer":
        classes = [[r.label(), r.symbol().color().name()] for r in renderer.rootRule().children()]
    else:
        classes = [["", renderer.symbol().color().name()]]
    symbol = renderer.symbols(QgsRenderContext())[0]
    symbol_layer = symbol.symbolLayer(symbol.symbolLayerCount() - 1)
    context = QgsRenderContext()
    copy = renderer.clone()
    copy.startRender(context, layer.fields())
    colours = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        symbols = copy.symbolsForFeature(feature, context)
        key = feature["code"] if layer.fields().indexOf("code") >= 0 else str(feature.id())
        colours[key] = [symbol.color().name() for symbol in symbols]
    copy.stopRender(context)
    return {
        "renderer": kind,
        "classes": classes,
        "colours": colours,
        "symbol": {key: str(value) for key, value in symbol_layer.properties().items()},
    }


def raster_facts(layer, project) -> dict:
    """Give what a raster is called, its legend, and its values on a lattice of places."""
    from qgis.core import QgsLayerTreeModel, QgsPointXY

    extent, provider = layer.extent(), layer.dataProvider()
    values = []
    for i in range(1, 10):
        for j in range(1, 10):
            x = extent.xMinimum() + extent.width() * i / 10
            y = extent.yMinimum() + extent.height() * j / 10
            value, _ = provider.sample(QgsPointXY(x, y), 1)
            values.append([x, y, value])
    node = project.layerTreeRoot().findLayer(layer.id())
    model = QgsLayerTreeModel(project.layerTreeRoot())
    legend = [part.data(0) for part in model.layerLegendNodes(node)]
    return {
        "valid": layer.isValid(),
        "source": layer.source(),
        "crs": layer.crs().authid(),
        "abstract": layer.abstract(),
        "metadata": [layer.metadata().title(), layer.metadata().abstract()],
        "renderer": layer.renderer().type(),
        "classes": [
            [label, colour.name()] for label, colour in layer.renderer().legendSymbologyItems()
        ],
        "legend": legend,
        "values": values,
    }


def bare(gpkg: str) -> dict:
    """Open each layer without the project, as by dropping the file on a new map."""
    from qgis.core import QgsProviderRegistry, QgsVectorLayer

    facts = {}
    for part in QgsProviderRegistry.instance().querySublayers(gpkg):
        layer = QgsVectorLayer(part.uri(), part.name(), "ogr")
        facts[part.name()] = layer_facts(layer)
        del layer
    return facts


def draw(project, titles: list[str], png: str) -> dict:
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    settings = QgsMapSettings()
    order = project.layerTreeRoot().layerOrder()
    visible = [layer.name() for layer in project.layerTreeRoot().checkedLayers()]
    settings.setLayers([layer for layer in order if layer.name() in (titles or visible)])
    settings.setDestinationCrs(project.crs())
    settings.setTransformContext(project.transformContext())
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(700, 600))
    settings.setOutputDpi(120)
    settings.setExtent(project.viewSettings().defaultViewExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(png)
    errors = [error.message for error in job.errors()]
    colours: dict[str, int] = {}
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            name = image.pixelColor(x, y).name()
            colours[name] = colours.get(name, 0) + 1
    most = sorted(colours.items(), key=lambda item: -item[1])[:40]
    return {"errors": errors, "colours": dict(most)}


def palettes() -> None:
    from qgis.core import QgsColorBrewerPalette

    known = {
        name: {
            k: [colour.name() for colour in QgsColorBrewerPalette.listSchemeColors(name, k)]
            for k in range(3, 10)
        }
        for name in QgsColorBrewerPalette.listSchemes()
    }
    print(json.dumps(known))


if __name__ == "__main__":
    if sys.argv[1] == "palettes":
        palettes()
    else:
        main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
