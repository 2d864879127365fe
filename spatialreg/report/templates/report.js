"use strict";
// Tables sort on a click on a column's head: by number where every value is one, else by text.
document.querySelectorAll("table.sortable thead button").forEach((button) => {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const table = head.closest("table");
    const column = [...head.parentNode.children].indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th").forEach((th) => th.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const number = head.classList.contains("number");
    const value = (row) => row.cells[column].textContent;
    const order = (a, b) => {
      if (value(a) === "" || value(b) === "") return (value(a) === "") - (value(b) === "");
      const by = number ? Number(value(a)) - Number(value(b)) : value(a).localeCompare(value(b));
      return down ? -by : by;
    };
    [...body.rows].sort(order).forEach((row) => body.appendChild(row));
  });
});
// A link to a table opens it.
window.addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
});

(function drawMap() {
  const holder = document.getElementById("map-data");
  if (!holder) return;
  const data = JSON.parse(holder.textContent);
  const map = L.map("map", { preferCanvas: false, zoomSnap: 0.25, attributionControl: false });
  map.createPane("cells").style.zIndex = 350;  // below lines and points
  L.control.scale({ imperial: false }).addTo(map);
  const drawn = new Map();
  let chosen = null;

  function element(tag, text, parent) {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  function showDetails(layer, i) {
    const details = document.getElementById("details");
    details.replaceChildren();
    element("h3", layer.title, details);
    const table = element("table", undefined, details);
    layer.columns.forEach((name, c) => {
      const row = element("tr", undefined, table);
      element("th", name, row);
      const value = layer.rows[i][c];
      element("td", value === null ? "no data" : String(value), row);
    });
  }

  // Cells of a raster under the borders of the regions, which do not answer clicks here.
  function buildCells(layer) {
    const cells = L.imageOverlay(layer.image, layer.bounds, { pane: "cells", className: "cells" });
    const regions = data.layers.find((other) => !other.image && isArea(other));
    if (!regions) return L.featureGroup([cells]);
    const borders = L.geoJSON(data.geometries[regions.geometry].filter((geometry) => geometry), {
      interactive: false, style: { color: "#777", weight: 0.7, fill: false } });
    return L.featureGroup([cells, borders]);
  }

  function build(layer) {
    if (layer.image) return buildCells(layer);
    const features = data.geometries[layer.geometry]
      .map((geometry, i) => ({ type: "Feature", geometry, properties: { i } }))
      .filter((feature) => feature.geometry !== null);
    const line = (feature) => feature.geometry.type.includes("LineString");
    const thin = features.length > 500;
    return L.geoJSON({ type: "FeatureCollection", features }, {
      style: (feature) => line(feature)
        ? { color: layer.colours[feature.properties.i], weight: 2 }
        : { color: "#777", weight: thin ? 0.25 : 0.7, fillOpacity: 0.9,
            fillColor: layer.colours[feature.properties.i] },
      pointToLayer: (feature, at) => L.circleMarker(at, {
        radius: 3, weight: 0.5, color: "#fff", fillOpacity: 1,
        fillColor: layer.colours[feature.properties.i] }),
      onEachFeature: (feature, shape) => shape.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        if (chosen) chosen.group.resetStyle(chosen.shape);
        chosen = { group: drawn.get(layer), shape };
        shape.setStyle({ color: "#000", weight: 2.5 });
        showDetails(layer, feature.properties.i);
      }),
    });
  }

  function showLegend(layer) {
    const legend = document.getElementById("legend");
    legend.replaceChildren();
    element("h3", layer.title, legend);
    layer.legend.forEach(([label, colour]) => {
      const row = element("div", undefined, legend);
      const swatch = element("span", undefined, row);
      swatch.className = "swatch";
      swatch.style.background = colour;
      row.appendChild(document.createTextNode(label));
    });
    if (layer.abstract) element("p", layer.abstract, legend).className = "note";
  }

  function toggle(layer, on) {
    if (!drawn.has(layer)) drawn.set(layer, build(layer));
    const group = drawn.get(layer);
    if (on) { group.addTo(map); showLegend(layer); } else { group.remove(); }
  }

  const list = document.getElementById("layer-list");
  const isArea = (layer) => Boolean(layer.image) || data.geometries[layer.geometry]
    .some((geometry) => geometry && geometry.type.includes("Polygon"));
  const first = data.layers.find((layer) => layer.visible && isArea(layer)) || data.layers[0];
  let group = null;
  data.layers.forEach((layer) => {
    if (layer.group !== group) element("h3", (group = layer.group), list);
    const label = element("label", undefined, list);
    const box = element("input", undefined, label);
    // areas hide one another, so one is shown at a time; lines and points lie over them
    box.type = isArea(layer) ? "radio" : "checkbox";
    box.name = isArea(layer) ? "area" : layer.title;
    box.checked = layer === first || (layer.visible && !isArea(layer));
    if (box.checked) toggle(layer, true);
    box.addEventListener("change", () => {
      if (isArea(layer)) data.layers.filter(isArea).forEach((other) => toggle(other, other === layer));
      else toggle(layer, box.checked);
      if (isArea(layer)) drawn.get(layer).bringToBack();
    });
    label.appendChild(document.createTextNode(" " + layer.title));
  });
  showLegend(first);
  if (isArea(first)) drawn.get(first).bringToBack();
  map.fitBounds(drawn.get(first).getBounds());
  window.spatialregMap = { map, drawn };
})();
