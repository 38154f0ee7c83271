// The road map: one page that fetches its rows once and paints only those in the window.
// Parts in load order: roadmap/dates, routes, rows, paint, labels, keys, drag, state, drawer, and this one.
"use strict";

(() => {
  const root = document.getElementById("rm");
  if (!root) return;
  const { gettext } = window;
  const { fill } = window.portal;
  const R = window.roadmap;
  const { HEIGHT, HEAD, Axis, state } = R;
  const SPARE = 8; // rows painted above and below the window
  const SHOWN_LINKS = 600; // dependencies painted at once; the rest is told in the foot
  const part = (name) => document.querySelector(`[data-rm="${name}"]`);
  const [grid, headBox, labelBox, plotBox, foot, live] = ["grid", "head", "labels", "plot", "foot", "live"].map(part);
  const toolbar = document.querySelector("[data-rm-toolbar]");

  let query = new URLSearchParams(location.search);
  let view = state.read(query);
  let data = null;
  let fetched = null;
  let axis = null;
  let layout = null;
  let layers = null;
  let painted = new Map();
  let paintedLinks = new Map();
  let current = { key: "", stone: "", bar: false };

  // --- Fetching ---

  async function load() {
    root.setAttribute("aria-busy", "true");
    let fresh = null;
    try {
      const answer = await fetch(`${root.dataset.source}?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
      fresh = await answer.json();
      fetched = new Date();
      notice("");
    } catch (error) {
      useCopy(error);
    }
    if (fresh) data = R.prepare(fresh);
    if (data) relayout();
    root.removeAttribute("aria-busy");
  }

  function useCopy(error) {
    const gone = /^(401|403|404|200)$/.test(error.message);
    const text = gone
      ? gettext("Your session has ended or you may not see this any more. Load the page again.")
      : gettext("The server cannot be reached. What you see is the copy of {time}.");
    notice(data || gone ? fill(text, { time: fetched ? fetched.toLocaleTimeString(window.portal.lang) : "" }) : gettext("The server cannot be reached. Check the connection and load the page again."));
  }

  function notice(text) {
    const box = part("notice");
    box.hidden = !text;
    box.querySelector("[data-text]").textContent = text;
  }

  // --- Layout ---

  const labelWidth = () => labelBox.offsetWidth;
  const room = () => Math.max(root.clientWidth - labelWidth(), 300);

  function makeAxis() {
    const [first, last] = data.years;
    const years = last - first + 1;
    const wanted = view.zoom === "fit" ? room() : view.perYear * years;
    return new Axis(first, last, Math.max(Math.floor(wanted), 300));
  }

  /** Everything anew: axis, rows, window. Keeps the focus and the scrolled place. */
  function relayout() {
    axis = makeAxis();
    layout = R.layOut(data, view, axis);
    const height = layout.rows.length * HEIGHT;
    headBox.replaceChildren(R.head(axis, data));
    const svg = R.el("svg", { class: "rm-svg", width: axis.width, height, role: "group", "aria-label": plotBox.dataset.label });
    layers = { links: R.el("g", { "aria-hidden": "true" }), rows: R.el("g"), top: R.el("g", { "aria-hidden": "true" }) };
    const today = R.todayLine(axis, data, height);
    svg.append(R.backdrop(axis, data, height, view), layers.links, ...(today ? [today] : []), layers.rows, layers.top);
    plotBox.replaceChildren(svg);
    labelBox.replaceChildren();
    labelBox.style.height = `${height}px`;
    grid.style.gridTemplateColumns = `${labelWidth()}px ${axis.width}px`;
    painted = new Map();
    paintedLinks = new Map();
    state.mark(toolbar, view);
    paint();
    restoreFocus();
    tellFoot();
  }

  // --- The window ---

  function visible() {
    const first = Math.floor(root.scrollTop / HEIGHT);
    const count = Math.ceil((root.clientHeight - HEAD) / HEIGHT);
    return [Math.max(first - SPARE, 0), Math.min(first + count + SPARE, layout.rows.length)];
  }

  function paint() {
    const [first, last] = visible();
    const keep = document.activeElement && document.activeElement.closest && document.activeElement.closest("#rm [data-key]");
    for (const [index, node] of painted) {
      if ((index < first || index >= last) && !(keep && keep.dataset.key === node.key)) {
        node.group.remove();
        node.label.remove();
        painted.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) if (!painted.has(index)) paintRow(index);
    paintLinks(first, last);
    pointAway();
  }

  function paintRow(index) {
    const row = layout.rows[index];
    const group = R.paintRow(row, axis, data, view);
    const label = R.paintLabel(row, data);
    const after = nextPainted(index);
    layers.rows.insertBefore(group, after ? after.group : null);
    labelBox.insertBefore(label, after ? after.label : null);
    painted.set(index, { key: row.key, group, label });
  }

  /** Reading order stays the order of the rows, whatever is painted first. */
  function nextPainted(index) {
    let best = null;
    for (const [other, node] of painted) if (other > index && (best === null || other < best[0])) best = [other, node];
    return best && best[1];
  }

  function paintLinks(first, last) {
    const wanted = new Set();
    for (const entry of layout.links.found) {
      if (entry.bottom >= first && entry.top < last && wanted.size < SHOWN_LINKS) wanted.add(entry);
    }
    for (const [entry, node] of paintedLinks) {
      if (!wanted.has(entry)) {
        node.remove();
        paintedLinks.delete(entry);
      }
    }
    for (const entry of wanted) {
      if (!paintedLinks.has(entry)) {
        const node = R.paintLink(entry, layout, view);
        paintedLinks.set(entry, node);
        layers.links.append(node);
      }
    }
    lightLinks();
  }

  /** Dependencies of the milestone or task that has the focus stand out. */
  function lightLinks() {
    if (!paintedLinks.size) return;
    for (const [{ link }, node] of paintedLinks) {
      const own = current.stone ? link.from === current.stone || link.to === current.stone : current.code && (link.a.task === current.code || link.b.task === current.code);
      node.classList.toggle("is-focus", Boolean(own));
    }
  }

  /** Rows whose drawing lies outside the window get an arrow at its edge. */
  function pointAway() {
    const left = root.scrollLeft;
    const right = left + room();
    for (const [index, node] of painted) {
      const row = layout.rows[index];
      const xs = row.stones.map(({ x }) => [x, x]);
      if (row.bar) xs.push([row.bar.x, row.bar.end + row.bar.late]);
      const side = !xs.length ? "" : Math.max(...xs.map(([, b]) => b)) < left + 6 ? "left" : Math.min(...xs.map(([a]) => a)) > right - 6 ? "right" : "";
      if (!side) {
        if (node.away) node.away.remove();
        node.away = null;
        continue;
      }
      if (!node.away) node.away = node.group.appendChild(awayMark(row));
      node.away.setAttribute("transform", side === "left" ? `translate(${left + 12} 17)` : `translate(${right - 12} 17) scale(-1 1)`);
    }
  }

  function awayMark(row) {
    const mark = R.el("g", { class: "rm-away", "aria-hidden": "true" }, R.el("rect", { x: -12, y: -12, width: 24, height: 24 }), R.el("path", { d: "M-6 0L4 -6V6Z" }));
    mark.addEventListener("click", () => showX(row.bar ? row.bar.x : row.stones[0].x));
    return mark;
  }

  function tellFoot() {
    const texts = [];
    if (layout.links.hidden) texts.push(fill(gettext("Dependencies that end in a folded group: {count}"), { count: layout.links.hidden }));
    if (data.problem) texts.push(data.problem === "cycle" ? gettext("The critical path is not shown: milestones wait for each other in a ring.") : gettext("The critical path is not shown: a date lies outside the years of the calendars."));
    if (data.restricted) texts.push(fill(gettext("Dependencies to rows you may not see: {count}"), { count: data.restricted }));
    if (layout.links.found.length > SHOWN_LINKS) texts.push(gettext("Very many dependencies: only those of the rows in the window are drawn, and not all of them."));
    foot.textContent = texts.join(" · ");
    state.count(data);
  }

  // --- Scrolling and zoom ---

  let waiting = 0;
  root.addEventListener("scroll", () => {
    if (!waiting && layout) waiting = requestAnimationFrame(() => { waiting = 0; paint(); });
  }, { passive: true });

  function showRow(index) {
    const top = index * HEIGHT;
    const space = root.clientHeight - HEAD;
    if (top < root.scrollTop) root.scrollTop = top;
    else if (top + HEIGHT > root.scrollTop + space) root.scrollTop = top + HEIGHT - space;
    paint();
  }

  function showX(x) {
    const space = room();
    if (x < root.scrollLeft + 20 || x > root.scrollLeft + space - 60) root.scrollLeft = Math.max(x - space / 3, 0);
  }

  function showToday() {
    root.scrollLeft = axis.middle(data.todayDay) - room() / 2;
    paint();
    live.textContent = fill(gettext("Today: {day}"), { day: data.today });
  }

  /** Another scale; the day under `at` (px in the window of the plot) stays where it is. */
  function zoomTo(zoom, perYear, at = room() / 2) {
    const day = (root.scrollLeft + at - R.EDGE) / axis.perDay;
    const [low, high] = state.PER_YEAR;
    view.zoom = zoom;
    view.perYear = Math.min(Math.max(perYear, low), high);
    relayout();
    root.scrollLeft = day * axis.perDay + R.EDGE - at;
    paint();
    remember();
  }

  const zoomBy = (factor, at) => zoomTo("free", axis.perDay * 365.25 * factor, at);

  root.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || !layout) return;
    event.preventDefault();
    const at = event.clientX - root.getBoundingClientRect().left - labelWidth();
    zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, Math.min(Math.max(at, 0), room()));
  }, { passive: false });

  new ResizeObserver(() => {
    if (layout && view.zoom === "fit" && Math.floor(room()) !== axis.width) relayout();
    else if (layout) paint();
  }).observe(root);

  // --- Focus ---

  function focused(node, row) {
    for (const other of root.querySelectorAll('[tabindex="0"]:not(#rm)')) other.tabIndex = -1;
    node.tabIndex = 0;
    current = { key: row.key, stone: node.dataset.stone || "", code: row.task ? row.task.code : "", bar: node.matches(".rm-task-bar") };
    lightLinks();
  }

  function nodeOf({ key, stone, bar }) {
    const at = layout.rows.findIndex((row) => row.key === key);
    const place = at >= 0 && painted.get(at);
    if (!place) return null;
    return (stone && place.group.querySelector(`[data-stone="${stone}"]`)) || (bar && place.group.querySelector(".rm-task-bar")) || place.label;
  }

  /** After a relayout the same thing is in the tab order, and has the focus if it had it. */
  function restoreFocus() {
    const node = nodeOf(current) || labelBox.firstElementChild;
    if (!node) return;
    node.tabIndex = 0;
    if (hadFocus) node.focus({ preventScroll: true });
    hadFocus = false;
  }

  let hadFocus = false;
  const holdFocus = () => { hadFocus = root.contains(document.activeElement) && document.activeElement !== root; };

  // --- What can be done ---

  function remember() {
    query = state.write(query, view);
    const text = query.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
    state.carry(query);
  }

  function set(name, value) {
    view[name] = value;
    if (name === "holidays" && value && !data.holidays.length) { // fetched when first asked for
      remember();
      load();
      return;
    }
    if (name === "lanes") view.closed = new Set();
    relayout();
    remember();
  }

  function toggle(row) {
    holdFocus();
    if (!view.closed.delete(row.key)) view.closed.add(row.key);
    relayout();
    remember();
  }

  /** Fold every group of a level: 1 the lanes, 2 what is inside them, 0 nothing. */
  function foldTo(level) {
    view.closed = new Set();
    if (level) {
      const open = R.layOut(data, view, axis).rows;
      view.closed = new Set(open.filter((row) => row.group && row.level === level).map((row) => row.key));
    }
    relayout();
    remember();
  }

  function filter(values) {
    for (const [name, value] of values) {
      if (value) query.set(name, value);
      else if (name !== "baseline" || !isNaN(Date.parse(query.get(name)))) query.delete(name);
    }
    view.baseline = query.get("baseline") !== "off";
    remember();
    load();
  }

  const drawer = R.drawer(document.getElementById("rm-drawer"), {
    closed: (opener) => {
      const node = (opener && document.contains(opener) && !root.contains(opener) && opener) || nodeOf(current) || opener;
      if (node) node.focus();
    },
    changed: () => load(),
    show: (id) => {
      if (!layout.places.has(id)) foldTo(0);
      R.toStone(map, id);
    },
  });

  function open(stone, code, change = {}) {
    const base = stone ? root.dataset.stone.replace("00000000-0000-0000-0000-000000000000", stone) : root.dataset.task.replace("/0/", `/${encodeURIComponent(code)}/`);
    const asked = new URLSearchParams(change);
    if (!data.live) asked.set("as_of", data.today);
    drawer.open(asked.size ? `${base}?${asked}` : base, document.activeElement);
  }

  function itemOf(node) {
    const row = layout.rows.find((other) => other.key === node.closest("[data-key]").dataset.key);
    const stone = node.dataset.stone ? data.stoneById.get(node.dataset.stone) : null;
    return row && row.task ? { row, task: row.task, stone } : null;
  }

  function linked(id, step) {
    const stone = data.stoneById.get(id);
    const others = (step > 0 ? stone.after : stone.before).filter((other) => layout.places.has(other.id));
    return others.length ? others[0].id : null;
  }

  const map = {
    rows: () => layout.rows,
    painted: (index) => painted.get(index) || (paintRow(index), painted.get(index)),
    placeOf: (id) => layout.places.get(id),
    axis: () => axis,
    layer: () => layers.top,
    plotX: (clientX) => clientX - plotBox.getBoundingClientRect().left,
    pageRows: () => Math.max(Math.floor((root.clientHeight - HEAD) / HEIGHT) - 1, 1),
    editable: () => data.live,
    focus: (node) => node.focus({ preventScroll: true }),
    say: (text) => { live.textContent = text; },
    showRow, showX, showToday, zoomBy, toggle, open, itemOf, linked, focused,
  };
  R.keys(map, root);
  R.drag(map, root);

  root.addEventListener("click", (event) => {
    const node = event.target.closest("[role=treeitem], .rm-item");
    if (!node) return;
    const row = layout.rows.find((other) => other.key === node.closest("[data-key]").dataset.key);
    focused(node, row);
    node.focus({ preventScroll: true });
    if (row.group) toggle(row);
    else open(node.dataset.stone || (row.stone ? row.stone.id : ""), row.task.code);
  });

  state.controls(toolbar, {
    zoom: (name) => zoomTo(name, state.PRESETS[name] || 0),
    zoomBy,
    set,
    foldTo,
    filter,
    today: showToday,
  });
  state.carry(query);
  window.roadmap.ready = load();
})();
