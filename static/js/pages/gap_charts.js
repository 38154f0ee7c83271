// Chart kinds of gap reports, for charts.js (loaded before it):
//
//   waterfall  {start: {label, value}, steps: [{label, value}], end: {label, value}, unit?}   bars that add up
//   ranges     {rows: [{label, low, high, mark: number|null, own?}], min, max, unit?}         interval with a mark
//   quadrant   {points: [{label, x, y, quadrant}], x, y, names: {code: text}}                 level and trend
"use strict";
(() => {
  const { portal } = window;
  if (!portal) return;
  const ROW = 30;
  const QUADRANTS = {
    strength: ["--green", "circle"],
    watch: ["--amber", "triangle"],
    catching_up: ["--brand", "diamond"],
    critical: ["--red", "rect"],
  };

  // --- Waterfall: lying, so that long names have room ---

  function pieces(data) {
    const rows = [{ label: data.start.label, from: 0, to: data.start.value, total: true }];
    let at = data.start.value;
    for (const step of data.steps) {
      rows.push({ label: step.label, from: at, to: at + step.value, step: step.value });
      at += step.value;
    }
    rows.push({ label: data.end.label, from: 0, to: data.end.value, total: true });
    return rows;
  }

  function waterfall(data, t, box, kit) {
    const rows = pieces(data);
    const ends = rows.flatMap((r) => [r.from, r.to]);
    const tint = (r) => t.value(r.total ? "--chart-3" : r.step > 0 ? "--amber" : "--brand");
    const bar = (params, api) => {
      const row = rows[params.dataIndex];
      const start = api.coord([Math.min(row.from, row.to), params.dataIndex]);
      const end = api.coord([Math.max(row.from, row.to), params.dataIndex]);
      const height = Math.min(16, api.size([0, 1])[1] * 0.6);
      const next = rows[params.dataIndex + 1];
      const x = api.coord([row.to, params.dataIndex])[0];
      const children = [
        { type: "rect", shape: { x: start[0], y: start[1] - height / 2, width: Math.max(1, end[0] - start[0]), height, r: 2 }, style: { fill: tint(row) } },
        { type: "text", style: { x: end[0] + 6, y: start[1], text: row.total ? kit.numbers.format(Math.round(row.to * 10) / 10) : kit.signed(Math.round(row.step * 10) / 10), fill: t.value("--ink"), fontSize: t.size, fontFamily: t.font, verticalAlign: "middle" } },
      ];
      if (next) children.push({ type: "line", shape: { x1: x, y1: start[1], x2: x, y2: start[1] + api.size([0, 1])[1] }, style: { stroke: t.value("--line-2"), lineDash: [2, 2] } });
      return { type: "group", children };
    };
    return {
      ...kit.common(t),
      grid: { left: 4, right: 62, top: 4, bottom: 4, containLabel: true },
      xAxis: kit.valueAxis(t, "", { min: Math.min(0, ...ends), max: Math.max(...ends), splitNumber: 3 }),
      yAxis: kit.categoryAxis(t, rows.map((r) => r.label), { inverse: true, axisLabel: kit.wrapped(t, box) }),
      tooltip: {
        ...kit.common(t).tooltip,
        trigger: "item",
        formatter: (p) => {
          const row = rows[p.dataIndex];
          return [row.label, row.total ? kit.say(row.to, data.unit) : `${kit.signed(row.step)} ${data.unit || ""}`].join("\n");
        },
      },
      series: [{ type: "custom", renderItem: bar, encode: { x: [0, 1], y: 2 }, data: rows.map((r, i) => [r.from, r.to, i]) }],
    };
  }

  // --- Ranges ---

  function ranges(data, t, box, kit) {
    const render = (params, api) => {
      const row = data.rows[params.dataIndex];
      const low = api.coord([row.low, params.dataIndex]);
      const high = api.coord([row.high, params.dataIndex]);
      const tint = t.value(row.own ? "--brand" : "--chart-3");
      const children = [
        { type: "line", shape: { x1: low[0] - 4, y1: low[1], x2: high[0] + 4, y2: high[1] }, style: { stroke: tint, lineWidth: 8, lineCap: "round", opacity: 0.55 } },
      ];
      if (kit.known(row.mark)) {
        const at = api.coord([row.mark, params.dataIndex]);
        children.push({ type: "polygon", shape: { points: [[at[0], at[1] - 7], [at[0] + 6, at[1]], [at[0], at[1] + 7], [at[0] - 6, at[1]]] }, style: { fill: tint, stroke: t.value("--surface"), lineWidth: 1 } });
      }
      return { type: "group", children };
    };
    return {
      ...kit.common(t),
      grid: { left: 4, right: 16, top: 4, bottom: 4, containLabel: true },
      xAxis: kit.valueAxis(t, "", { min: data.min, max: Math.max(data.max, data.min + 1), minInterval: 1, inverse: true, axisLabel: { color: t.value("--ink-3"), fontSize: t.size } }),
      yAxis: kit.categoryAxis(t, data.rows.map((r) => r.label), { inverse: true, axisLabel: kit.wrapped(t, box) }),
      tooltip: {
        ...kit.common(t).tooltip,
        trigger: "item",
        formatter: (p) => {
          const row = data.rows[p.dataIndex];
          return [row.label, `${kit.known(row.mark) ? row.mark : "–"}  (${row.low}–${row.high})`].join("\n");
        },
      },
      series: [{ type: "custom", renderItem: render, encode: { x: [0, 1], y: 2 }, data: data.rows.map((r, i) => [r.low, r.high, i]) }],
    };
  }

  // --- Quadrants ---

  function reach(values) {
    return Math.max(1e-6, ...values.map(Math.abs)) * 1.25;
  }

  function quadrant(data, t, box, kit) {
    const x = reach(data.points.map((p) => p.x));
    const y = reach(data.points.map((p) => p.y));
    const few = data.points.length <= 14;
    const corner = (code, left, top) => ({ type: "text", ...left, ...top, silent: true, style: { text: data.names[code], fill: t.value(QUADRANTS[code][0]), fontSize: t.size, fontWeight: 700, fontFamily: t.font } });
    return {
      ...kit.common(t),
      grid: { left: 48, right: 16, top: 30, bottom: 44 },
      graphic: [
        corner("catching_up", { left: 56 }, { top: 8 }),
        corner("strength", { right: 18 }, { top: 8 }),
        corner("critical", { left: 56 }, { bottom: 48 }),
        corner("watch", { right: 18 }, { bottom: 48 }),
      ],
      xAxis: { ...kit.valueAxis(t, data.x, { min: -x, max: x }), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: t.value("--ink-2"), fontSize: t.size, align: "center" }, axisLine: { show: true, onZero: true, lineStyle: { color: t.value("--line-2") } }, axisLabel: { show: false } },
      yAxis: { ...kit.valueAxis(t, data.y, { min: -y, max: y }), nameLocation: "middle", nameGap: 26, nameTextStyle: { color: t.value("--ink-2"), fontSize: t.size, align: "center" }, axisLine: { show: true, onZero: true, lineStyle: { color: t.value("--line-2") } }, axisLabel: { show: false } },
      tooltip: {
        ...kit.common(t).tooltip,
        trigger: "item",
        formatter: (p) => {
          const point = data.points[p.dataIndex];
          return [point.label, `${data.x}  ${kit.signed(point.x)}`, `${data.y}  ${kit.signed(point.y)}`, data.names[point.quadrant] || ""].filter(Boolean).join("\n");
        },
      },
      series: [
        {
          type: "scatter",
          symbolSize: 12,
          data: data.points.map((p) => {
            const [colour, symbol] = QUADRANTS[p.quadrant] || ["--ink-3", "circle"];
            return { value: [p.x, p.y], symbol, itemStyle: { color: t.value(colour) } };
          }),
          label: { show: few, position: "right", color: t.value("--ink"), fontSize: t.size, formatter: (p) => data.points[p.dataIndex].label },
          labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
        },
      ],
    };
  }

  const rowsHigh = (count) => `${Math.round(count * ROW + 30)}px`;
  portal.chartKinds = {
    waterfall: { option: waterfall, height: (data) => rowsHigh(data.steps.length + 2) },
    ranges: { option: ranges, height: (data) => rowsHigh(data.rows.length * 0.85) },
    quadrant: { option: quadrant, height: () => "380px" },
  };
})();
