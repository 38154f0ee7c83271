// The road map, part 6: the keyboard. ↑↓ rows, ←→ bars, milestones and ends of dependencies, Alt+←→ fold, Enter opens,
// T today, + − zoom. One element of the drawing is in the tab order at a time.
"use strict";

(() => {
  /** What can have the focus in a row, from left to right: its label, its bar, its milestones. */
  function stops(map, row) {
    const { label, group } = map.painted(row.index);
    const items = [...group.querySelectorAll(".rm-item")].map((node) => ({ node, x: node.getBBox().x + shift(node), stone: node.dataset.stone }));
    items.sort((a, b) => a.x - b.x || (a.stone ? 1 : -1));
    return [{ node: label, x: -Infinity }, ...items];
  }

  function shift(node) {
    const move = node.transform.baseVal;
    return move.numberOfItems ? move.getItem(0).matrix.e : 0;
  }

  function rowOf(map, node) {
    const holder = node.closest("[data-key]");
    return holder ? map.rows().find((row) => row.key === holder.dataset.key) : null;
  }

  function focusStop(map, row, choose) {
    map.showRow(row.index);
    const all = stops(map, row);
    const stop = choose(all) || all[0];
    map.focus(stop.node);
    if (stop.x > -Infinity) map.showX(stop.x);
  }

  /** Up and down keep to the label, or to the bar or milestone that lies nearest. */
  function vertical(map, row, node, target) {
    const next = map.rows()[Math.min(Math.max(target, 0), map.rows().length - 1)];
    if (!next || next === row) return;
    const here = stops(map, row).find((stop) => stop.node === node);
    focusStop(map, next, (all) => {
      if (!here || here.x === -Infinity || all.length === 1) return all[0];
      return all.slice(1).reduce((a, b) => (Math.abs(b.x - here.x) < Math.abs(a.x - here.x) ? b : a));
    });
  }

  /** Left and right: the neighbour in the row, and at its end the other end of a dependency. */
  function horizontal(map, row, node, step) {
    const all = stops(map, row);
    const at = all.findIndex((stop) => stop.node === node);
    const next = all[at + step];
    if (next) {
      map.focus(next.node);
      if (next.x > -Infinity) map.showX(next.x);
      return;
    }
    const other = node.dataset.stone && map.linked(node.dataset.stone, step);
    if (other) toStone(map, other);
  }

  function toStone(map, id) {
    const place = map.placeOf(id);
    if (place) focusStop(map, map.rows()[place.row], (all) => all.find((stop) => stop.stone === id));
  }

  function fold(map, row, close) {
    if (row.group && row.closed !== close) map.toggle(row);
    else if (!row.group && close) {
      const parent = map.rows().slice(0, row.index).reverse().find((other) => other.level < row.level);
      if (parent) focusStop(map, parent, (all) => all[0]);
    }
  }

  function open(map, row, node) {
    if (row.group) map.toggle(row);
    else map.open(node.dataset.stone || (row.stone ? row.stone.id : ""), row.task.code);
  }

  const PLAIN = {
    ArrowDown: (map, row, node) => vertical(map, row, node, row.index + 1),
    ArrowUp: (map, row, node) => vertical(map, row, node, row.index - 1),
    PageDown: (map, row, node) => vertical(map, row, node, row.index + map.pageRows()),
    PageUp: (map, row, node) => vertical(map, row, node, row.index - map.pageRows()),
    Home: (map, row, node) => vertical(map, row, node, 0),
    End: (map, row, node) => vertical(map, row, node, map.rows().length - 1),
    ArrowRight: (map, row, node) => horizontal(map, row, node, 1),
    ArrowLeft: (map, row, node) => horizontal(map, row, node, -1),
    Enter: open,
    " ": open,
    t: (map) => map.showToday(),
    T: (map) => map.showToday(),
    "+": (map) => map.zoomBy(1.25),
    "=": (map) => map.zoomBy(1.25),
    "-": (map) => map.zoomBy(0.8),
  };

  const WITH_ALT = {
    ArrowLeft: (map, row) => fold(map, row, true),
    ArrowRight: (map, row) => fold(map, row, false),
  };

  function onKey(map, event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    const node = event.target.closest("[role=treeitem], .rm-item");
    const row = node && rowOf(map, node);
    const act = (event.altKey ? WITH_ALT : PLAIN)[event.key];
    if (!row || !act) return;
    event.preventDefault();
    act(map, row, node);
  }

  window.roadmap.keys = (map, root) => {
    root.addEventListener("keydown", (event) => onKey(map, event));
    root.addEventListener("focusin", (event) => {
      const node = event.target.closest("[role=treeitem], .rm-item");
      if (node) map.focused(node, rowOf(map, node));
    });
  };
  window.roadmap.toStone = toStone;
})();
