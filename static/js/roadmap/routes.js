// The road map, part 2: dependencies as elbow lines. Down through columns that are free of bars, along the gaps
// between rows. The same rule as planning/roadmap/engine/routes.py, on intervals instead of bit masks.
"use strict";

(() => {
  const HEIGHT = 36;
  const STUB = 8; // half of a diamond and a little air
  const AIR = 4; // px kept free beside a bar
  const BEND = 30; // what a bend costs, as way sideways

  /** Free intervals of a row of `width` px whose bars are `spans`. */
  function freeOf(spans, width) {
    const taken = spans.map(([a, b]) => [a - AIR, b + AIR]).sort((a, b) => a[0] - b[0]);
    const free = [];
    let from = 0;
    for (const [a, b] of taken) {
      if (a > from) free.push([from, a]);
      from = Math.max(from, b);
    }
    if (from < width) free.push([from, width]);
    return free;
  }

  function common(left, right) {
    const found = [];
    for (let i = 0, j = 0; i < left.length && j < right.length; ) {
      const a = Math.max(left[i][0], right[j][0]);
      const b = Math.min(left[i][1], right[j][1]);
      if (b - a >= 1) found.push([a, b]);
      if (left[i][1] < right[j][1]) i += 1;
      else j += 1;
    }
    return found;
  }

  /** The free place nearest to x; null if there is none. */
  function nearest(free, x) {
    let best = null;
    for (const [a, b] of free) {
      const at = Math.min(Math.max(x, a + 0.5), b - 0.5);
      if (best === null || Math.abs(at - x) < Math.abs(best - x)) best = at;
    }
    return best;
  }

  /** From above `row` some rows down, at most to above `stop`: [row reached, x taken], the cheapest way per row. */
  function descend(row, stop, x, freeRow) {
    let best = [row + 1, x];
    let cost = Infinity;
    let free = null;
    for (let reached = row; reached < stop; reached += 1) {
      free = free ? common(free, freeRow(reached)) : freeRow(reached);
      const at = nearest(free, x);
      if (at === null) break;
      const price = (Math.abs(at - x) + (at === x ? 0 : BEND)) / (reached + 1 - row);
      if (price <= cost) [best, cost] = [[reached + 1, at], price];
    }
    return best;
  }

  /** Corners from a diamond {x, row} to another in a row further down or up; `lane` shifts the line in the gaps. */
  function route(from, to, freeRow, lane = 0) {
    if (from.row > to.row) {
      const points = route(to, from, freeRow, lane);
      return points.reverse();
    }
    const middle = (row) => row * HEIGHT + HEIGHT / 2 - 1;
    const points = [[from.x, middle(from.row) + STUB]];
    let { x } = from;
    for (let row = from.row + 1; row < to.row; ) {
      const [reached, taken] = descend(row, to.row, x, freeRow);
      if (taken !== x) {
        points.push([x, row * HEIGHT + lane], [taken, row * HEIGHT + lane]);
        x = taken;
      }
      row = reached;
    }
    if (x !== to.x) points.push([x, to.row * HEIGHT + lane], [to.x, to.row * HEIGHT + lane]);
    points.push([to.x, middle(to.row) - STUB]);
    return points;
  }

  function path(points) {
    let text = `M${points[0][0].toFixed(1)} ${points[0][1]}`;
    for (let i = 1; i < points.length; i += 1) {
      text += points[i][0] === points[i - 1][0] ? `V${points[i][1]}` : `H${points[i][0].toFixed(1)}`;
    }
    return text;
  }

  Object.assign(window.roadmap, { HEIGHT, freeOf, route, path });
})();
