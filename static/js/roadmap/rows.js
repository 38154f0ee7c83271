// The road map, part 3: from the server's data to rows, lane by lane, and the geometry of each row.
"use strict";

(() => {
  const { gettext } = window;
  const { HEIGHT, freeOf, toDay } = window.roadmap;

  /** Adds day numbers to what the server sent, once. */
  function prepare(data) {
    data.todayDay = toDay(data.today);
    data.stoneById = new Map();
    data.holidays = data.holidays.map(([country, first, last, name, sure]) => ({ country, first: toDay(first), last: toDay(last), name, sure }));
    for (const task of data.tasks) {
      task.from = task.start ? toDay(task.start) : null;
      task.to = task.due ? toDay(task.due) : null;
      task.stones = [];
      if (task.base) task.baseDays = task.base.map((iso) => (iso ? toDay(iso) : null));
      task.moved = task.baseDays && task.baseDays[1] !== null && task.to !== null ? task.to - task.baseDays[1] : 0;
    }
    const tasks = new Map(data.tasks.map((task) => [task.code, task]));
    for (const stone of data.stones) {
      stone.day = toDay(stone.due);
      stone.baseDay = stone.base ? toDay(stone.base) : null;
      stone.forecastDay = stone.forecast ? toDay(stone.forecast) : null;
      stone.doneDay = stone.done && stone.done !== stone.due ? toDay(stone.done) : null;
      stone.moved = stone.baseDay === null ? 0 : stone.day - stone.baseDay;
      stone.owner = tasks.get(stone.task);
      stone.after = [];
      stone.before = [];
      stone.owner.stones.push(stone);
      data.stoneById.set(stone.id, stone);
    }
    for (const link of data.links) {
      link.a = data.stoneById.get(link.from);
      link.b = data.stoneById.get(link.to);
      link.a.after.push(link.b);
      link.b.before.push(link.a);
    }
    return data;
  }

  // --- Lanes: which groups a task stands in, outermost first: [[key, title], …] for each place ---

  const LANES = {
    field: (task, data) => [[[task.field, data.fields[task.field]], [task.measure, data.measures[task.measure], true]]],
    bureau: (task, data) => [[[`b-${task.lead}`, data.bureaus[task.lead] || gettext("No lead bureau")]]],
    partner: (task, data) => partners(task, data),
    horizon: (task, data) => [[[`h-${task.horizon || "none"}`, data.horizons[task.horizon] || gettext("No horizon")]]],
  };

  /** A task stands with every place it names, and with a country as a whole if it names none of its places. */
  function partners(task, data) {
    const whole = gettext("The whole country");
    const lane = (country, key, name) => [[`c-${country}`, data.countries[country] || country], [`p-${key}`, name]];
    const named = task.places.map((code) => [code, ...data.places[code]]);
    const found = named.map(([code, name, country]) => lane(country, code, code === country ? whole : name));
    for (const country of task.countries) {
      if (!named.some(([, , other]) => other === country)) found.push(lane(country, country, whole));
    }
    return found.length ? found : [[["c-none", gettext("No partner named")]]];
  }

  function tree(data, lanes) {
    const roots = new Map();
    for (const task of data.tasks) {
      for (const way of LANES[lanes](task, data)) {
        let level = roots;
        let group = null;
        for (const [key, title, numbered] of way) {
          if (!level.has(key)) level.set(key, { key, title, numbered, groups: new Map(), tasks: [], all: [] });
          group = level.get(key);
          group.all.push(task);
          level = group.groups;
        }
        group.tasks.push(task);
      }
    }
    if (lanes === "horizon") return ordered(roots, ["h-short", "h-medium", "h-long", "h-none"]);
    return [...roots.values()];
  }

  function ordered(roots, keys) {
    return keys.filter((key) => roots.has(key)).map((key) => roots.get(key));
  }

  /** The rows to show: {kind, key, level, …}. A closed group shows its own row only. */
  function rowsOf(data, view) {
    const rows = [];
    const add = (row, siblings, place) => rows.push({ ...row, index: rows.length, size: siblings, place: place + 1 });
    const walk = (groups, level) => {
      groups.forEach((group, place) => {
        const closed = view.closed.has(group.key);
        add({ kind: level === 1 ? "group" : "measure", key: group.key, level, group, closed }, groups.length, place);
        if (closed) return;
        if (group.groups.size) walk([...group.groups.values()], level + 1);
        group.tasks.forEach((task, n) => {
          add({ kind: "task", key: `${group.key}/${task.code}`, level: level + 1, task }, group.tasks.length, n);
          if (!view.stoneRows) return;
          task.stones.forEach((stone, m) => {
            add({ kind: "stone", key: `${group.key}/${stone.id}`, level: level + 2, stone, task }, task.stones.length, m);
          });
        });
      });
    };
    walk(tree(data, view.lanes), 1);
    return rows;
  }

  // --- Geometry ---

  /** {x, end, done, late, openStart, openEnd} of a task; null without dates. */
  function barOf(task, axis, today) {
    if (task.from === null && task.to === null) return null;
    const x = task.from === null ? axis.x(axis.first) : axis.x(task.from);
    const end = task.to === null ? axis.end(axis.last) : axis.end(task.to);
    const width = Math.max(end - x, 2);
    const overdue = task.to !== null && task.state !== "completed" && today > task.to;
    const late = overdue ? Math.max(axis.end(Math.min(today, axis.last)) - end, 0) : 0;
    const done = task.state === "completed" ? width : (width * task.progress) / 100;
    return { x, width, end, done, late, openStart: task.from === null, openEnd: task.to === null };
  }

  function spanOf(group, axis) {
    let [low, high] = [Infinity, -Infinity];
    for (const task of group.all) {
      for (const day of [task.from, task.to]) {
        if (day !== null) [low, high] = [Math.min(low, day), Math.max(high, day)];
      }
    }
    return low === Infinity ? null : { x: axis.x(low), end: axis.end(high) };
  }

  /** Fills each row with its geometry: bar, span, stones with x; and where every stone stands (its first place). */
  function layOut(data, view, axis) {
    const rows = rowsOf(data, view);
    const places = new Map();
    const put = (stone, row, list) => {
      const x = axis.middle(stone.day);
      const at = (day) => (day === null ? null : axis.middle(day));
      list.push({ stone, x, base: at(stone.baseDay), forecast: at(stone.forecastDay), actual: at(stone.doneDay) });
      if (!places.has(stone.id)) places.set(stone.id, { x, row: row.index });
    };
    for (const row of rows) {
      row.y = row.index * HEIGHT;
      row.stones = [];
      if (row.kind === "task") {
        row.bar = barOf(row.task, axis, data.todayDay);
        if (!view.stoneRows) for (const stone of row.task.stones) put(stone, row, row.stones);
      } else if (row.kind === "stone") {
        put(row.stone, row, row.stones);
      } else {
        row.span = spanOf(row.group, axis);
      }
    }
    return { rows, places, links: linksOf(data, view, places, rows, axis) };
  }

  /** The dependencies between rows that are shown, routed when they are first painted. */
  function linksOf(data, view, places, rows, axis) {
    const free = new Map();
    const freeRow = (index) => {
      if (!free.has(index)) free.set(index, freeOf(spansOf(rows[index]), axis.width));
      return free.get(index);
    };
    const found = [];
    let hidden = 0;
    if (!view.links) return { found, hidden, freeRow };
    data.links.forEach((link, number) => {
      const a = places.get(link.from);
      const b = places.get(link.to);
      if (!a || !b) hidden += 1;
      else if (a.row !== b.row) {
        found.push({ link, a, b, top: Math.min(a.row, b.row), bottom: Math.max(a.row, b.row), lane: (number % 5) - 2, points: null });
      }
    });
    return { found, hidden, freeRow };
  }

  function spansOf(row) {
    const spans = row.stones.map(({ x }) => [x - 7, x + 7]);
    for (const { forecast } of row.stones) if (forecast !== null) spans.push([forecast - 7, forecast + 7]);
    if (row.bar) spans.push([row.bar.x, row.bar.end + row.bar.late]);
    if (row.span) spans.push([row.span.x, row.span.end]);
    return spans;
  }

  Object.assign(window.roadmap, { prepare, layOut, barOf });
})();
