// The road map, part 5: the label column as a tree. Only the rows in the window exist; each says where it stands.
"use strict";

(() => {
  const { gettext } = window;
  const { el, describe, describeStone, HEIGHT } = window.roadmap;

  function span(className, text) {
    const node = document.createElement("span");
    if (className) node.className = className;
    node.textContent = text;
    return node;
  }

  function glyph(light, words) {
    const svg = el("svg", { class: `glyph light-${light}`, viewBox: "0 0 16 16", role: "img", "aria-label": words });
    svg.append(el("use", { href: `#rm-l-${light}` }));
    return svg;
  }

  function counts(group, data) {
    const small = document.createElement("small");
    small.append(String(group.all.length));
    const red = group.all.filter((task) => task.light === "red").length;
    if (red) small.append(" ", span("rm-red", `${data.lights.red} ${red}`));
    return small;
  }

  function fillGroup(node, row, data) {
    const sign = span("rm-sign", row.closed ? "▸" : "▾");
    sign.setAttribute("aria-hidden", "true");
    const text = span("rm-text", row.group.title);
    if (row.group.numbered) text.prepend(span("rm-code", row.group.key), " ");
    node.append(sign, text, " ", counts(row.group, data));
    node.setAttribute("aria-expanded", String(!row.closed));
    node.setAttribute("aria-label", [row.group.numbered ? row.group.key : "", row.group.title, node.querySelector("small").textContent].join(" ").trim());
  }

  function fillTask(node, row, data) {
    const { task } = row;
    const text = span("rm-text", task.name);
    text.prepend(span("rm-code", task.code), " ");
    node.append(glyph(task.light, data.lights[task.light]), text);
    const stones = row.stones.length ? ` · ${gettext("Milestones")} ${row.stones.length}` : "";
    const dates = row.bar ? "" : ` · ${gettext("without dates")}`;
    node.setAttribute("aria-label", describe(task, data) + stones + dates);
    node.title = `${task.code} ${task.name}`;
  }

  function fillStone(node, row, data) {
    node.append(span("rm-text", row.stone.name));
    node.setAttribute("aria-label", describeStone(row.stone, data));
    node.title = row.stone.name;
  }

  const FILL = { group: fillGroup, measure: fillGroup, task: fillTask, stone: fillStone };

  /** The label of a row: an item of the tree, placed by its number. */
  function label(row, data) {
    const node = document.createElement("div");
    node.className = `rm-label rm-${row.kind} rm-level-${Math.min(row.level, 4)}`;
    node.setAttribute("role", "treeitem");
    node.setAttribute("aria-level", row.level);
    node.setAttribute("aria-setsize", row.size);
    node.setAttribute("aria-posinset", row.place);
    node.dataset.key = row.key;
    node.tabIndex = -1;
    node.style.top = `${row.index * HEIGHT}px`;
    FILL[row.kind](node, row, data);
    return node;
  }

  Object.assign(window.roadmap, { paintLabel: label });
})();
