// Charts: <figure class="chart" data-chart="bar|line|radar|diverging" data-source="id of a json_script"> in the page,
// with the same figures as a table in <details class="chart-table"> beside it.
//
//   bar        {categories: [text], series: [{name, values: [number|null], tone?}], unit?, highlight?: category, horizontal?}
//   line       {categories: [text], series: [{name, values: [number|null], tone?}], unit?, from_zero?: bool}
//   radar      {axes: [{name, max, min?}], series: [{name, values: [number|null]}], unit?}
//   diverging  {rows: [{label, value: number|null, note?}], unit?}
//
// tone: a light (green, yellow, red, blue, grey, done). Missing figures are null: a gap or words, never 0.
// The colours are the page's tokens; series also differ by dash, symbol or hatch. Strict CSP: SVG renderer, richText.
"use strict";
(() => {
  const { echarts, portal, gettext } = window;
  if (!echarts) return;
  const TONES = { green: "--green", yellow: "--amber", red: "--red", blue: "--brand", grey: "--grey", done: "--ink-2" };
  const DASHES = ["solid", [6, 4], [2, 3], [10, 4, 2, 4], [12, 5], [4, 2]];
  const OCTAGON = "path://M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z";
  const SYMBOLS = ["circle", "triangle", "rect", "diamond", "roundRect", "pin"];
  const TONE_MARKS = { green: ["circle", "solid"], yellow: ["triangle", [6, 4]], red: [OCTAGON, [2, 3]], blue: ["diamond", [10, 4, 2, 4]] };
  const HATCHES = [
    null,
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: 0 },
    { symbol: "circle", symbolSize: 0.6, dashArrayX: [[6, 6]], dashArrayY: [6, 0] },
  ];
  const mounted = new Map();

  function tokens() {
    const style = getComputedStyle(document.documentElement);
    const value = (name) => style.getPropertyValue(name).trim();
    const size = parseFloat(style.fontSize) * 0.8;
    return { value, size, font: getComputedStyle(document.body).fontFamily, series: [1, 2, 3, 4, 5, 6].map((n) => value(`--chart-${n}`)) };
  }

  const numbers = new Intl.NumberFormat(portal.lang, { maximumFractionDigits: 2 });
  const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
  const say = (value, unit) => (known(value) ? `${numbers.format(value)}${unit ? ` ${unit}` : ""}` : gettext("no data"));
  const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${numbers.format(Math.abs(value))}`;
  const colour = (t, series, index) => t.value(TONES[series.tone] || `--chart-${(index % 6) + 1}`);

  // A rough width in pixels, enough to keep room for a label.
  const width = (text, size) => [...String(text)].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e7f ? size : size * 0.58), 0);

  function common(t) {
    return {
      animation: !portal.calm() && !matchMedia("print").matches,
      animationDuration: 350,
      backgroundColor: "transparent",
      textStyle: { fontFamily: t.font, fontSize: t.size, color: t.value("--ink-2") },
      aria: { enabled: false }, // the canvas has its own label, and the table beside it has the figures
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: t.value("--surface"),
        borderColor: t.value("--line-2"),
        borderWidth: 1,
        padding: [8, 10],
        textStyle: { color: t.value("--ink"), fontFamily: t.font, fontSize: t.size },
      },
    };
  }

  function legend(t, series, extra) {
    if (series.length < 2) return undefined;
    return { itemWidth: 22, itemHeight: 10, itemGap: 14, textStyle: { color: t.value("--ink-2"), fontSize: t.size }, ...extra };
  }

  function categoryAxis(t, names, extra) {
    return {
      type: "category",
      data: names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: t.value("--line-2") } },
      axisLabel: { color: t.value("--ink-2"), fontSize: t.size, hideOverlap: true },
      ...extra,
    };
  }

  function valueAxis(t, unit, extra) {
    return {
      type: "value",
      name: unit || "",
      nameTextStyle: { color: t.value("--ink-3"), fontSize: t.size, align: "left", padding: [0, 0, 0, -18] },
      axisLabel: { color: t.value("--ink-3"), fontSize: t.size, formatter: (v) => numbers.format(v) },
      splitLine: { lineStyle: { color: t.value("--line") } },
      splitNumber: 4,
      ...extra,
    };
  }

  const axisTip = (data) => (points) => {
    const head = points[0].axisValueLabel;
    return [head, ...points.map((p) => `${p.seriesName}  ${say(data.series[p.seriesIndex].values[p.dataIndex], data.unit)}`)].join("\n");
  };

  // --- The four kinds ---

  function bar(data, t, box) {
    const lone = data.series.length === 1;
    const turned = Boolean(data.horizontal);
    const names = turned ? categoryAxis(t, data.categories, { inverse: true, axisLabel: wrapped(t, box) }) : categoryAxis(t, data.categories);
    const values = valueAxis(t, data.unit, turned ? { name: "", splitNumber: 3 } : {});
    const series = data.series.map((s, i) => ({
      type: "bar",
      name: s.name,
      barMaxWidth: turned ? 16 : 30,
      barGap: "12%",
      label: {
        show: lone || turned,
        position: turned ? "right" : "top",
        color: t.value("--ink"),
        fontSize: t.size,
        formatter: (p) => say(s.values[p.dataIndex]),
      },
      itemStyle: { color: colour(t, s, i), borderRadius: turned ? [0, 2, 2, 0] : [2, 2, 0, 0], decal: lone ? null : HATCHES[i % 4] && { ...HATCHES[i % 4], color: t.value("--hatch") } },
      data: s.values.map((v, n) => {
        const other = data.highlight && data.categories[n] !== data.highlight;
        return { value: known(v) ? v : lone || turned ? 0 : "-", itemStyle: other ? { color: t.value("--chart-3") } : {} };
      }),
    }));
    return {
      ...common(t),
      legend: legend(t, data.series, { top: 0, right: 0 }),
      grid: { left: 4, right: turned ? 56 : 8, top: turned ? (lone ? 4 : 30) : 34, bottom: 4, containLabel: true },
      xAxis: turned ? values : names,
      yAxis: turned ? names : values,
      tooltip: { ...common(t).tooltip, trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: t.value("--brand-soft"), opacity: 0.5 } }, formatter: axisTip(data) },
      series,
    };
  }

  function line(data, t, box) {
    const small = box.clientHeight < 200;
    const room = small || data.series.length === 1 ? 14 : Math.max(...data.series.map((s) => width(s.name, t.size))) * 1.08 + 16;
    const series = data.series.map((s, i) => {
      const [symbol, dash] = TONE_MARKS[s.tone] || [SYMBOLS[i % 6], DASHES[i % 6]];
      const tint = colour(t, s, i);
      return {
        type: "line",
        name: s.name,
        data: s.values.map((v) => (known(v) ? v : "-")),
        connectNulls: false,
        ...(known(s.values[0]) ? {} : { animation: false }), // ECharts would start the end label at the missing point
        symbol,
        symbolSize: small ? 4 : 6,
        showSymbol: s.values.length <= 40,
        itemStyle: { color: tint },
        lineStyle: { color: tint, width: 2, type: dash },
        endLabel: { show: room > 14, formatter: () => s.name, color: tint, fontWeight: 700, fontSize: t.size, distance: 6 },
        emphasis: { focus: "series" },
      };
    });
    return {
      ...common(t),
      grid: { left: 4, right: room, top: small ? 22 : 30, bottom: 4, containLabel: true },
      xAxis: categoryAxis(t, data.categories, { boundaryGap: false }),
      yAxis: valueAxis(t, data.unit, { scale: !data.from_zero, splitNumber: small ? 2 : 4 }),
      tooltip: { ...common(t).tooltip, trigger: "axis", formatter: axisTip(data) },
      series,
    };
  }

  /** Moves the labels at the ends of the lines apart, so that close values can still be told. */
  function spreadLabels(chart, data, t) {
    const step = t.size * 1.35;
    const ends = data.series
      .map((s, index) => ({ index, value: s.values[s.values.length - 1] }))
      .filter((end) => known(end.value))
      .map((end) => ({ ...end, y: chart.convertToPixel({ yAxisIndex: 0 }, end.value) }))
      .sort((a, b) => a.y - b.y || a.index - b.index);
    let last = -Infinity;
    for (const end of ends) last = end.at = Math.max(end.y, last + step);
    let floor = chart.getHeight() - step / 2; // what ran over the bottom moves up again
    for (const end of [...ends].reverse()) {
      end.at = Math.min(end.at, floor);
      floor = end.at - step;
    }
    const series = data.series.map(() => ({}));
    for (const end of ends) series[end.index] = { endLabel: { offset: [0, Math.round(end.at - end.y)] } };
    chart.setOption({ series });
  }

  /** Axes on which every series has a figure; the others are named under the chart, not drawn as 0. */
  function complete(data) {
    const keep = data.axes.map((_, i) => data.series.every((s) => known(s.values[i])));
    return {
      left_out: data.axes.filter((_, i) => !keep[i]).map((axis) => axis.name),
      axes: data.axes.filter((_, i) => keep[i]),
      series: data.series.map((s) => ({ ...s, values: s.values.filter((_, i) => keep[i]) })),
    };
  }

  function radar(data, t, box) {
    const { axes, series } = complete(data);
    const narrow = box.clientWidth < 420;
    return {
      ...common(t),
      legend: legend(t, series, narrow ? { bottom: 0, left: "center" } : { orient: "vertical", top: 0, right: 0 }),
      radar: {
        indicator: axes.map((a) => ({ name: a.name, max: a.max, min: a.min || 0 })),
        center: ["50%", narrow ? "46%" : "52%"],
        radius: narrow ? "58%" : "68%",
        splitNumber: 4,
        axisName: { color: t.value("--ink-2"), fontSize: t.size },
        axisLine: { lineStyle: { color: t.value("--line") } },
        splitLine: { lineStyle: { color: t.value("--line") } },
        splitArea: { show: false },
      },
      tooltip: {
        ...common(t).tooltip,
        trigger: "item",
        formatter: (p) => [p.name, ...axes.map((a, i) => `${a.name}  ${say(p.value[i], data.unit)}`)].join("\n"),
      },
      series: [
        {
          type: "radar",
          data: series.map((s, i) => {
            const tint = colour(t, s, i);
            return {
              name: s.name,
              value: s.values,
              symbol: SYMBOLS[i % 6],
              symbolSize: 5,
              itemStyle: { color: tint },
              lineStyle: { color: tint, width: 2, type: DASHES[i % 6] },
              areaStyle: i === 0 ? { color: tint, opacity: 0.12 } : undefined,
            };
          }),
        },
      ],
    };
  }

  function wrapped(t, box) {
    return { color: t.value("--ink"), fontSize: t.size, width: Math.min(176, box.clientWidth * 0.36), overflow: "break", lineHeight: t.size * 1.3, interval: 0, showMinLabel: true, showMaxLabel: true };
  }

  function diverging(data, t, box) {
    const biggest = Math.max(1e-9, ...data.rows.filter((r) => known(r.value)).map((r) => Math.abs(r.value)));
    const reach = biggest * (box.clientWidth < 420 ? 1.75 : 1.28); // room for the labels at the ends
    return {
      ...common(t),
      grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
      xAxis: valueAxis(t, "", { min: -reach, max: reach, splitNumber: 2, axisLabel: { show: false }, splitLine: { show: false } }),
      yAxis: categoryAxis(t, data.rows.map((r) => r.label), {
        inverse: true,
        axisLabel: wrapped(t, box),
        axisLine: { onZero: false, show: false },
      }),
      tooltip: {
        ...common(t).tooltip,
        trigger: "item",
        formatter: (p) => {
          const row = data.rows[p.dataIndex];
          return [row.label, say(row.value, data.unit), row.note || ""].filter(Boolean).join("\n");
        },
      },
      series: [
        {
          type: "bar",
          barMaxWidth: 16,
          data: data.rows.map((r) => ({
            value: known(r.value) ? r.value : 0,
            itemStyle: { color: t.value(r.value < 0 ? "--amber" : "--brand"), borderRadius: 2 },
            label: { position: r.value < 0 ? "left" : "right", color: t.value(known(r.value) ? "--ink" : "--ink-3") },
          })),
          label: { show: true, fontSize: t.size, formatter: (p) => (known(data.rows[p.dataIndex].value) ? signed(data.rows[p.dataIndex].value) : data.rows[p.dataIndex].note || gettext("no data")) },
          markLine: { silent: true, symbol: "none", animation: false, label: { show: false }, lineStyle: { color: t.value("--ink-3"), type: "solid", width: 1 }, data: [{ xAxis: 0 }] },
        },
      ],
    };
  }

  // Pages bring further kinds (portal.chartKinds, filled before this file): {name: {option(data, t, box, kit), height?(data, t, box)}}.
  const KINDS = { bar, line, radar, diverging };
  const KIT = { common, categoryAxis, valueAxis, wrapped, known, say, signed, numbers };
  for (const [name, kind] of Object.entries(portal.chartKinds || {})) {
    KINDS[name] = (data, t, box) => kind.option(data, t, box, KIT);
    KINDS[name].height = kind.height;
  }

  // --- Life of a chart in its figure ---

  function canvasOf(figure) {
    let canvas = figure.querySelector(".chart-canvas");
    if (!canvas) {
      canvas = document.createElement("div");
      canvas.className = "chart-canvas";
      figure.prepend(canvas);
    }
    return canvas;
  }

  function nameOf(figure) {
    const title = figure.querySelector("figcaption") || (figure.closest(".card") || figure).querySelector("h2, h3");
    return figure.getAttribute("aria-label") || (title ? title.textContent.trim() : gettext("Chart"));
  }

  // Rows as high as their label needs: long names break into lines.
  function height(kind, data, box) {
    if (KINDS[kind].height) return KINDS[kind].height(data, tokens(), box);
    const labels = kind === "diverging" ? data.rows.map((r) => r.label) : kind === "bar" && data.horizontal ? data.categories : [];
    if (!labels.length) return "";
    const t = tokens();
    const room = wrapped(t, box).width;
    const lines = Math.max(...labels.map((text) => Math.ceil((width(text, t.size) * 1.15) / room)));
    const row = Math.max(32 * (kind === "bar" ? Math.max(1, data.series.length * 0.7) : 1), lines * t.size * 1.3 + 6);
    return `${Math.round(labels.length * row + (data.series && data.series.length > 1 ? 40 : 16))}px`;
  }

  function noteMissing(figure, kind, data) {
    const names = kind === "radar" ? complete(data).left_out : [];
    if (!names.length || figure.querySelector(".chart-missing")) return;
    const note = document.createElement("p");
    note.className = "chart-missing small muted";
    note.textContent = portal.fill(gettext("Not drawn for lack of data: {names}"), { names: names.join(" · ") });
    figure.append(note);
  }

  function draw(figure) {
    const source = document.getElementById(figure.dataset.source);
    const build = KINDS[figure.dataset.chart];
    if (!source || !build) return;
    const data = JSON.parse(source.textContent);
    const canvas = canvasOf(figure);
    const own = height(figure.dataset.chart, data, canvas);
    if (own) canvas.style.height = own;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", nameOf(figure));
    noteMissing(figure, figure.dataset.chart, data);
    let chart = mounted.get(figure);
    if (!chart) {
      chart = echarts.init(canvas, null, { renderer: "svg", locale: portal.lang.startsWith("zh") ? "ZH" : "EN" });
      mounted.set(figure, chart);
      if (sizes) sizes.observe(canvas);
    }
    const t = tokens();
    chart.setOption(build(data, t, canvas), { notMerge: true });
    if (figure.dataset.chart === "line" && data.series.length > 1) spreadLabels(chart, data, t);
  }

  const sizes = window.ResizeObserver
    ? new ResizeObserver((entries) => {
        for (const { target } of entries) {
          const chart = echarts.getInstanceByDom(target);
          if (chart && (chart.getWidth() !== target.clientWidth || chart.getHeight() !== target.clientHeight)) {
            chart.resize();
            draw(target.closest("[data-chart]"));
          }
        }
      })
    : null;

  function drawAll(root) {
    for (const figure of root.querySelectorAll("[data-chart]")) draw(figure);
    for (const [figure, chart] of mounted) {
      if (figure.isConnected) continue;
      chart.dispose();
      mounted.delete(figure);
    }
  }

  const redraw = () => mounted.forEach((_, figure) => draw(figure));
  document.addEventListener("themechange", redraw);
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
  matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", redraw);

  // Paper is light, whatever the screen is.
  let theme = null;
  window.addEventListener("beforeprint", () => {
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    mounted.forEach((chart, figure) => {
      chart.resize({ animation: { duration: 0 } });
      draw(figure);
    });
  });
  window.addEventListener("afterprint", () => {
    if (theme) document.documentElement.dataset.theme = theme;
    mounted.forEach((chart) => chart.resize());
    redraw();
  });

  drawAll(document);
})();
