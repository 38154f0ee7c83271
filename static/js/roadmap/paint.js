// The road map, part 4: rows, axis and dependencies as SVG. Colours come from the style sheet, places from attributes.
"use strict";

(() => {
  const { gettext } = window;
  const { fill } = window.portal;
  const { HEIGHT, ticks, dayOf, yearOf, toIso, path, route } = window.roadmap;
  const NS = "http://www.w3.org/2000/svg";
  const HEAD = 60;
  const BAND = 30;
  const BAR = 10; // from the top of a row to its bar
  const THICK = 14;

  function el(name, attributes, ...children) {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
    }
    node.append(...children.filter(Boolean));
    return node;
  }

  const px = (value) => value.toFixed(2);

  // --- Axis and background ---

  function bands(axis, phases) {
    const found = [];
    phases.forEach(([label, first, last], number) => {
      const years = first === last ? first : `${first}—${last}`;
      const x = axis.x(dayOf(first, 0));
      const end = axis.x(dayOf(last + 1, 0));
      if (end > x) found.push({ x, width: end - x, number: number % 3, text: fitting([`${label} ${years}`, label], end - x - 12) });
    });
    return found;
  }

  /** The first of the texts that has room, or none. */
  const fitting = (texts, room) => texts.find((text) => width(text) <= room) || "";
  const width = (text) => [...text].reduce((sum, sign) => sum + (sign > "ÿ" ? 13.5 : 8), 0);

  /** The two lines above the plot: phases, then years or quarters, and the tag of today. */
  function head(axis, data) {
    const svg = el("svg", { class: "rm-svg", width: axis.width, height: HEAD, "aria-hidden": "true" });
    for (const band of bands(axis, data.phases)) {
      const clip = el("svg", { x: px(band.x), width: px(band.width), height: BAND });
      clip.append(el("rect", { class: `rm-band-${band.number}`, width: "100%", height: BAND }));
      clip.append(el("text", { class: "rm-phase", x: 10, y: 20 }, band.text));
      svg.append(clip);
    }
    for (const tick of ticks(axis)) {
      svg.append(el("line", { class: "rm-tick", x1: px(tick.x), x2: px(tick.x), y1: BAND, y2: HEAD }));
      const room = tick.text.length * 7.5 + 8;
      if (tick.width >= room) svg.append(el("text", { class: "rm-year", x: px(tick.x + 7), y: BAND + 19 }, tick.text));
    }
    if (axis.holds(data.todayDay)) svg.append(todayTag(axis, data));
    return svg;
  }

  function todayTag(axis, data) {
    const text = data.live ? gettext("Today") : data.today.slice(5);
    const width = Math.max(44, text.length * 9 + 10);
    const x = Math.min(Math.max(axis.middle(data.todayDay), width / 2), axis.width - width / 2);
    return el("g", { transform: `translate(${px(x)} ${BAND})` },
      el("rect", { class: "rm-now-tag", x: -width / 2, y: 5, width, height: 20, rx: 4 }),
      el("text", { class: "rm-now-text", y: 19.5 }, text));
  }

  const LONG = 3; // days; shorter stretches are left out where a day is narrower than a pixel

  /** Days off of the three countries, each in its own colour over the whole height; the title names them. */
  function holidays(axis, data, height) {
    const group = el("g", { class: "rm-holidays" });
    for (const { country, first, last, name, sure } of data.holidays) {
      if (!axis.holds(first) || (axis.perDay < 1 && last - first + 1 < LONG)) continue;
      const x = axis.x(first);
      const width = Math.max(axis.end(last) - x, 1.5);
      const words = [data.countries[country], name || gettext("Day off"), toIso(first) + (last > first ? ` — ${toIso(last)}` : ""), sure ? "" : gettext("not decreed yet")];
      group.append(el("rect", { class: `rm-holiday is-${country}`, x: px(x), width: px(width), height }, el("title", null, words.filter(Boolean).join(" · "))));
    }
    return group;
  }

  function backdrop(axis, data, height, view) {
    const group = el("g", { "aria-hidden": "true" });
    for (const band of bands(axis, data.phases)) {
      group.append(el("rect", { class: `rm-tint-${band.number}`, x: px(band.x), width: px(band.width), height }));
    }
    const lines = ticks(axis).map((tick) => `M${px(tick.x)} 0V${height}`).join("");
    group.append(el("path", { class: "rm-line", d: lines }));
    if (view.holidays) group.append(holidays(axis, data, height));
    return group;
  }

  function todayLine(axis, data, height) {
    if (!axis.holds(data.todayDay)) return null;
    const x = px(axis.middle(data.todayDay));
    return el("line", { class: "rm-now", x1: x, x2: x, y1: 0, y2: height, "aria-hidden": "true" });
  }

  // --- Rows ---

  function row(item, axis, data, view) {
    const group = el("g", { class: `rm-row is-${item.kind}`, transform: `translate(0 ${item.y})`, "data-key": item.key });
    if (item.kind === "group") group.append(el("rect", { class: "rm-stripe", width: axis.width, height: HEIGHT }));
    group.append(el("line", { class: "rm-line", x2: axis.width, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }));
    if (item.span) group.append(span(item));
    if (item.kind === "task") task(group, item, axis, data, view);
    for (const place of item.stones) group.append(...diamond(place, item, axis, data, view));
    return group;
  }

  function span({ span: { x, end }, kind }) {
    const [top, thick, drop] = kind === "group" ? [14, 6, 7] : [16, 3, 5];
    const width = Math.max(end - x, 2);
    if (width <= 12) return el("rect", { class: "rm-span", x: px(x), y: top, width: px(width), height: thick });
    const d = `M${px(x)} ${top}h${px(width)}v${thick + drop}l-6 ${-drop}H${px(x + 6)}l-6 ${drop}z`;
    return el("path", { class: "rm-span", d });
  }

  function task(group, item, axis, data, view) {
    const { bar, task: it } = item;
    if (view.baseline) group.append(...baseline(it, axis));
    if (!bar) return;
    const kind = ["rm-bar"];
    if (bar.openStart || bar.openEnd) kind.push("rm-open");
    if (view.critical && it.critical) kind.push("is-critical");
    const words = describe(it, data);
    const button = el("g", { class: "rm-item rm-task-bar", role: "button", tabindex: -1, "aria-label": words, "data-code": it.code });
    button.append(el("title", null, words));
    button.append(el("rect", { class: kind.join(" "), x: px(bar.x), y: BAR, width: px(bar.width), height: THICK, rx: 3 }));
    if (bar.done) button.append(el("rect", { class: "rm-done", x: px(bar.x), y: BAR, width: px(bar.done), height: THICK, rx: 3 }));
    if (bar.late) button.append(el("rect", { class: "rm-late", x: px(bar.end), y: BAR, width: px(bar.late), height: THICK, rx: 2 }));
    if (kind.includes("is-critical")) {
      button.append(el("rect", { class: "rm-edge", x: px(bar.x), y: BAR, width: px(bar.width + bar.late), height: THICK, rx: 3 }));
    }
    group.append(button, note(item, axis, data));
  }

  function baseline(it, axis) {
    if (!it.baseDays) return [];
    const [from, to] = it.baseDays;
    if (from === null && to === null) return [];
    const x = from === null ? axis.x(axis.first) : axis.x(from);
    const end = to === null ? axis.end(axis.last) : axis.end(to);
    return [el("rect", { class: "rm-base", x: px(x), y: BAR + THICK + 3, width: px(Math.max(end - x, 2)), height: 4, rx: 1 })];
  }

  function describe(it, data) {
    const parts = [`${it.code} ${it.name}`, data.lights[it.light], `${it.start || gettext("open")} — ${it.due || it.dueText || gettext("open")}`, `${it.progress}%`];
    if (it.state !== "completed" && it.to !== null && it.to < data.todayDay) parts.push(lateText(data.todayDay - it.to));
    return parts.join(" · ");
  }

  const lateText = (days) => fill(gettext("{days} days late"), { days });

  /** The text beside a bar: right of it, left of it where there is no room, or else inside its end. */
  function note(item, axis, data) {
    const { bar, task: it } = item;
    let text = data.lights[it.light];
    if (it.state !== "completed") {
      if (it.progress) text += ` · ${it.progress}%`;
      if (bar.late) text += ` · ${lateText(data.todayDay - it.to)}`;
      else if (it.moved > 0) text += ` · ${fill(gettext("moved {days} days"), { days: it.moved })}`;
    }
    const room = [...text].reduce((sum, sign) => sum + (sign > "ÿ" ? 13 : 7.5), 24);
    const xs = item.stones.flatMap(({ x, forecast, actual }) => [x, forecast, actual]).filter((place) => place !== null);
    const end = Math.max(bar.end + bar.late, ...xs);
    const begin = Math.min(bar.x, ...xs);
    let attributes = { x: px(end + 13) };
    if (end + room > axis.width) {
      attributes = begin > room ? { x: px(begin - 13), "text-anchor": "end" } : { x: px(Math.min(end, axis.width) - 14), "text-anchor": "end" };
    }
    return el("text", { class: "rm-note", y: BAR + 12, "aria-hidden": "true", ...attributes }, text);
  }

  // --- Milestones ---

  const kindOf = (stone) => (stone.done ? "reached" : ["red", "yellow"].includes(stone.light) ? "missed" : "ahead");

  function describeStone(stone, data) {
    const light = data.stoneLights[stone.light];
    const parts = [gettext("Milestone"), stone.name, stone.due, light];
    if (stone.moved) parts.push(fill(stone.moved > 0 ? gettext("{days} days later than the baseline") : gettext("{days} days earlier than the baseline"), { days: Math.abs(stone.moved) }));
    if (stone.forecast) parts.push(fill(gettext("expected on {day}"), { day: stone.forecast }));
    if (stone.done) parts.push(fill(gettext("reached on {day}"), { day: stone.done }));
    if (stone.critical) parts.push(gettext("on the critical path"));
    return parts.join(" · ");
  }

  /** What is now expected, as a dashed diamond that can be dragged too; and the day on which it really was reached. */
  function beside({ x, forecast, actual }) {
    const found = [];
    if (forecast !== null) {
      const at = forecast - x;
      found.push(el("line", { class: "rm-to-forecast", x2: px(at) }), el("g", { class: "rm-forecast", transform: `translate(${px(at)} 0)` },
        el("rect", { class: "rm-hit", x: -12, y: -12, width: 24, height: 24 }), el("path", { d: "M0 -6L6 0L0 6L-6 0Z" })));
    }
    if (actual !== null) {
      const at = px(actual - x);
      found.push(el("line", { class: "rm-to-actual", x2: at }), el("circle", { class: "rm-actual", cx: at, r: 4 }));
    }
    return found;
  }

  function diamond(place, item, axis, data, view) {
    const { stone, x, base, forecast } = place;
    const middle = HEIGHT / 2 - 1;
    const words = describeStone(stone, data);
    const kind = `rm-item rm-stone rm-${kindOf(stone)}${view.critical && stone.critical ? " is-critical" : ""}`;
    const found = [];
    if (view.baseline && base !== null && Math.abs(base - x) >= 1) {
      found.push(el("path", { class: "rm-base-stone", d: `M${px(base)} ${middle - 6}L${px(base + 6)} ${middle}L${px(base)} ${middle + 6}L${px(base - 6)} ${middle}Z` }));
      if (item.kind === "stone") found.push(el("line", { class: "rm-slip", x1: px(base), x2: px(x), y1: middle, y2: middle }));
    }
    const button = el("g", { class: kind, role: "button", tabindex: -1, "aria-label": words, "data-stone": stone.id, transform: `translate(${px(x)} ${middle})` });
    button.append(el("title", null, words), el("rect", { class: "rm-hit", x: -12, y: -12, width: 24, height: 24 }), ...beside(place), el("use", { href: `#rm-${kindOf(stone)}` }));
    found.push(button);
    if (item.kind === "stone") {
      const end = Math.max(x, forecast || 0);
      const left = end + stone.name.length * 13 + 100 > axis.width;
      found.push(el("text", { class: "rm-note", x: px(left ? x - 13 : end + 13), y: BAR + 12, "text-anchor": left ? "end" : null, "aria-hidden": "true" }, `${stone.name} ${stone.due}`));
    }
    return found;
  }

  // --- Dependencies ---

  /** A dependency as a line with its arrow; routed the first time it is seen. */
  function link(entry, layout, view) {
    if (!entry.points) entry.points = route(entry.a, entry.b, layout.links.freeRow, entry.lane);
    const [x, y] = entry.points[entry.points.length - 1];
    const down = y > entry.points[entry.points.length - 2][1];
    const tip = down ? `M${px(x - 4)} ${y - 6}h8l-4 7z` : `M${px(x - 4)} ${y + 6}h8l-4 -7z`;
    const critical = view.critical && entry.link.critical ? " is-critical" : "";
    return el("g", { class: `rm-dep${critical}`, "data-from": entry.link.from, "data-to": entry.link.to },
      el("path", { class: "rm-link", d: path(entry.points) }), el("path", { class: "rm-tip", d: tip }));
  }

  Object.assign(window.roadmap, { HEAD, el, px, head, backdrop, todayLine, paintRow: row, paintLink: link, describe, describeStone, yearOf });
})();
