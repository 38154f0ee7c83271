// The road map, part 8: what is shown, kept in the address, and the controls above the drawing.
"use strict";

(() => {
  const PRESETS = { quarter: 480, year: 260, phase: 110 };
  const DEFAULTS = { zoom: "fit", lanes: "field", stones: "bars", links: "on", critical: "on", holidays: "off" };
  const PER_YEAR = [20, 6000];

  /** The view as the address says it. */
  function read(query) {
    const value = (name) => query.get(name) || DEFAULTS[name];
    const scale = Number(query.get("scale"));
    return {
      zoom: scale ? "free" : value("zoom"),
      perYear: scale || PRESETS[value("zoom")] || 0,
      lanes: value("lanes"),
      stoneRows: value("stones") === "rows",
      links: value("links") !== "off",
      critical: value("critical") !== "off",
      holidays: value("holidays") === "on",
      baseline: query.get("baseline") !== "off",
      closed: new Set((query.get("closed") || "").split(",").filter(Boolean)),
    };
  }

  /** The address with the view in it; what is usual is left out. */
  function write(query, view) {
    const values = {
      zoom: view.zoom === "free" ? "" : view.zoom,
      scale: view.zoom === "free" ? Math.round(view.perYear) : "",
      lanes: view.lanes,
      stones: view.stoneRows ? "rows" : "bars",
      links: view.links ? "on" : "off",
      critical: view.critical ? "on" : "off",
      holidays: view.holidays ? "on" : "off",
      closed: [...view.closed].sort().join(","),
    };
    for (const [name, value] of Object.entries(values)) {
      if (!value || value === DEFAULTS[name]) query.delete(name);
      else query.set(name, value);
    }
    return query;
  }

  /** Buttons and lists show what is on. */
  function mark(toolbar, view) {
    for (const button of toolbar.querySelectorAll("[data-zoom]")) press(button, button.dataset.zoom === view.zoom);
    for (const button of toolbar.querySelectorAll("[data-switch]")) press(button, view[button.dataset.switch]);
    for (const key of document.querySelectorAll("[data-rm-holiday]")) key.hidden = !view.holidays;
    const lanes = toolbar.querySelector("[data-lanes]");
    if (lanes) lanes.value = view.lanes;
  }

  function press(button, on) {
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("is-on", on);
  }

  /** Links to the table, paper and files go with the same filter and view. */
  function carry(query) {
    for (const link of document.querySelectorAll("a[data-carries]")) {
      const own = new URL(link.href, location.href);
      const merged = new URLSearchParams(query);
      for (const name of (link.dataset.carries || "").split(" ").filter(Boolean)) {
        const fixed = own.searchParams.get(name);
        if (fixed) merged.set(name, fixed);
      }
      own.search = merged.toString();
      link.href = own.pathname + own.search;
    }
  }

  /** Wire the controls: `act` has zoom, zoomBy, set, foldTo, filter. */
  function controls(toolbar, act) {
    toolbar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { zoom, zoomBy, switch: name, fold } = button.dataset;
      if (zoom) act.zoom(zoom);
      else if (zoomBy) act.zoomBy(Number(zoomBy));
      else if (name) act.set(name, button.getAttribute("aria-pressed") !== "true");
      else if (fold !== undefined) act.foldTo(Number(fold));
      else if (button.matches("[data-today]")) act.today();
    });
    toolbar.addEventListener("change", (event) => {
      if (event.target.matches("[data-lanes]")) act.set("lanes", event.target.value);
      else if (event.target.matches("[data-baseline]")) act.filter([["baseline", event.target.value]]);
      else if (event.target.form) act.filter(new FormData(event.target.form));
    });
    toolbar.addEventListener("submit", (event) => {
      event.preventDefault();
      act.filter(new FormData(event.target));
    });
  }

  /** Numbers below the drawing: each equals the rows its link opens. */
  function count(data) {
    for (const link of document.querySelectorAll("[data-count]")) link.textContent = String(data.counts[link.dataset.count] || 0);
    for (const name of ["undated", "hidden"]) {
      const line = document.querySelector(`[data-rm="${name}"]`);
      if (!line) continue;
      const text = line.querySelector("[data-text]");
      line.hidden = !data[name];
      text.textContent = window.portal.fill(text.dataset.text, { count: data[name] });
    }
  }

  window.roadmap.state = { PRESETS, PER_YEAR, read, write, mark, carry, count, controls };
})();
