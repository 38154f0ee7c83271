// The road map, part 7: dragging a bar, one of its ends, or a milestone. Nothing is written: letting go opens the
// drawer with the new dates and what they would move. Escape takes the drag back.
"use strict";

(() => {
  const { el, px, toIso } = window.roadmap;
  const { gettext } = window;
  const END = 7; // px at the ends of a bar that move one date only
  const START = 4; // px after which a press is a drag

  function grip(map, event) {
    const node = event.target.closest(".rm-item");
    if (!node || event.button !== 0) return null;
    const item = map.itemOf(node);
    if (!item || !item.task.edit || !map.editable()) return null;
    if (item.stone) {
      const expected = event.target.closest(".rm-forecast"); // from where it was taken: the forecast, or the plan
      return { node, item, part: "due", from: null, to: expected ? item.stone.forecastDay : item.stone.day };
    }
    const { task } = item;
    if (task.from === null && task.to === null) return null;
    const box = node.querySelector(".rm-bar").getBoundingClientRect();
    let part = "both";
    if (task.to !== null && box.right - event.clientX <= END) part = "due";
    else if (task.from !== null && event.clientX - box.left <= END) part = "start";
    return { node, item, part, from: task.from, to: task.to };
  }

  /** The dates after a move of so many days. */
  function moved(hold, days) {
    let from = hold.part !== "due" && hold.from !== null ? hold.from + days : hold.from;
    let to = hold.part !== "start" && hold.to !== null ? hold.to + days : hold.to;
    if (from !== null && to !== null && from > to) {
      if (hold.part === "start") from = to;
      else to = from;
    }
    return { from, to };
  }

  function ghost(map, hold, { from, to }) {
    const axis = map.axis();
    const place = hold.layer;
    place.replaceChildren();
    let at;
    if (hold.item.stone) {
      at = axis.middle(to);
      place.append(el("path", { class: "rm-ghost", d: `M${px(at)} 9l8 8l-8 8l-8 -8z` }));
    } else {
      const x = axis.x(from === null ? axis.first : from);
      const end = axis.end(to === null ? axis.last : to);
      at = hold.part === "start" ? x : end;
      place.append(el("rect", { class: "rm-ghost", x: px(x), y: 10, width: px(Math.max(end - x, 2)), height: 14, rx: 3 }));
    }
    const text = hold.part === "both" && from !== null && to !== null ? `${toIso(from)} — ${toIso(to)}` : toIso(hold.part === "start" ? from : to);
    place.append(el("text", { class: "rm-ghost-text", x: px(at + 14), y: 7 }, text));
  }

  function start(map, hold, event) {
    hold.on = true;
    hold.layer = el("g", { class: "rm-ghosts", transform: `translate(0 ${hold.item.row.y})` });
    map.layer().append(hold.layer);
    hold.node.classList.add("is-dragged");
    hold.node.setPointerCapture(event.pointerId);
  }

  function finish(map, hold, apply) {
    if (hold.layer) hold.layer.remove();
    hold.node.classList.remove("is-dragged");
    if (!hold.on || !apply || !hold.days) return;
    const { from, to } = moved(hold, hold.days);
    const change = {};
    if (hold.item.stone) change.due = toIso(to);
    else {
      if (from !== null) change.start = toIso(from);
      if (to !== null) change.due = toIso(to);
    }
    map.say(gettext("Nothing is saved yet: look at what would move, then apply."));
    map.open(hold.item.stone ? hold.item.stone.id : "", hold.item.task.code, change);
  }

  window.roadmap.drag = (map, root) => {
    let hold = null;
    let dragged = false;
    const end = (apply) => {
      const done = hold;
      hold = null;
      if (done) finish(map, done, apply);
    };
    root.addEventListener("pointerdown", (event) => {
      dragged = false;
      hold = grip(map, event);
      if (hold) hold.x = map.plotX(event.clientX);
    });
    root.addEventListener("pointermove", (event) => {
      if (!hold) return;
      const way = map.plotX(event.clientX) - hold.x;
      if (!hold.on && Math.abs(way) < START) return;
      if (!hold.on) start(map, hold, event);
      dragged = true;
      hold.days = Math.round(way / map.axis().perDay);
      ghost(map, hold, moved(hold, hold.days));
    });
    root.addEventListener("pointerup", () => end(true));
    root.addEventListener("pointercancel", () => end(false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && hold && hold.on) end(false);
    });
    // A click that ended a drag is no click.
    root.addEventListener("click", (event) => {
      if (dragged) {
        event.stopPropagation();
        event.preventDefault();
      }
    }, true);
  };
})();
