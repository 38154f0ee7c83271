/** Which rows are listed and in which order. Everything stands in the address, so that a view can be sent as a link. */

const NAMES = ["q", "field", "measure", "lead", "support", "light", "state", "horizon", "country", "overdue", "sort", "view", "region"];
const RANK = ["red", "yellow", "blue", "green", "grey", "done"];

const TESTS = {
  field: (row, values) => values.includes(row.field),
  measure: (row, values) => values.includes(row.measure),
  lead: (row, values) => values.includes(row.lead),
  support: (row, values) => row.units.some((unit) => values.includes(unit)),
  light: (row, values) => values.includes(row.light),
  state: (row, values) => values.includes(row.state),
  horizon: (row, values) => values.includes(row.horizon),
  country: (row, values) => row.countries.some((country) => values.includes(country)),
  overdue: (row, values, today) => Boolean(row.due) && row.due < today && row.state !== "completed",
};

export class Filters extends EventTarget {
  constructor({ model, today, form }) {
    super();
    Object.assign(this, { model, today, form, params: new URLSearchParams(location.search) });
    for (const name of ["change", "input", "submit"]) form?.addEventListener(name, (event) => this.typed(event), true);
    addEventListener("popstate", () => {
      this.params = new URLSearchParams(location.search);
      this.show();
      this.dispatchEvent(new Event("change"));
    });
    this.show();
  }

  get sort() {
    return this.params.get("sort") || "code";
  }

  get view() {
    return this.params.get("view") === "official" ? "official" : "dispatch";
  }

  get isFiltered() {
    return NAMES.some((name) => this.params.get(name) && !["sort", "view"].includes(name));
  }

  /** The form of the page belongs to the grid now; htmx does not see what happens in it. */
  typed(event) {
    event.stopImmediatePropagation();
    if (event.type === "submit") event.preventDefault();
    const { name, value } = event.target;
    if (NAMES.includes(name)) this.set(name, value ? [value] : [], event.type === "input");
  }

  /** Give a parameter other values; `quietly` makes no new entry in the history (while somebody types). */
  set(name, values, quietly = false) {
    this.params.delete(name);
    for (const value of values) this.params.append(name, value);
    const query = this.params.toString();
    history[quietly ? "replaceState" : "pushState"](null, "", query ? `?${query}` : location.pathname);
    this.show();
    this.dispatchEvent(new Event("change"));
  }

  flip(name, value) {
    const values = this.params.getAll(name);
    this.set(name, values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  }

  clear() {
    for (const name of NAMES) if (!["sort", "view"].includes(name)) this.params.delete(name);
    this.set("page", []);
  }

  show() {
    for (const control of this.form?.elements ?? []) {
      if (!control.name || control.type === "hidden" || document.activeElement === control) continue;
      control.value = this.params.get(control.name) ?? "";
    }
  }

  passes(row, without = "") {
    for (const name of Object.keys(TESTS)) {
      const values = this.params.getAll(name).filter(Boolean);
      if (values.length && name !== without && !TESTS[name](row, values, this.today)) return false;
    }
    const wanted = (this.params.get("q") ?? "").trim().toLowerCase();
    if (!wanted) return true;
    const lead = this.model.choices.lead.byCode.get(row.lead);
    return row.code.startsWith(wanted) || [row.content, row.objective, lead?.label ?? ""].some((text) => text.toLowerCase().includes(wanted));
  }

  count(name, value) {
    const test = TESTS[name];
    let n = 0;
    for (const row of this.model.rows.values()) if (test(row, [value], this.today) && this.passes(row, name)) n += 1;
    return n;
  }

  /** The lines of the grid: in the book's order the tasks stand under their measures, else in one list. */
  lines(collapsed) {
    const found = this.model.order.map((id) => this.model.rows.get(id)).filter((row) => this.passes(row));
    this.found = found.length;
    if (this.sort !== "code" && this.sort !== "-code") return this.sorted(found).map((row) => ({ key: row.id, kind: "row" }));
    if (this.sort === "-code") found.reverse();
    const groups = new Map();
    for (const row of found) {
      if (!groups.has(row.measure)) groups.set(row.measure, []);
      groups.get(row.measure).push(row);
    }
    const lines = [];
    for (const [measure, rows] of groups) {
      lines.push(summed(measure, rows, this.model.choices.measure.label(measure)));
      if (!collapsed.has(lines.at(-1).key)) for (const row of rows) lines.push({ key: row.id, kind: "row", nested: true });
    }
    return lines;
  }

  sorted(rows) {
    const name = this.sort.replace("-", "");
    const turn = this.sort.startsWith("-") ? -1 : 1;
    const places = new Map((this.model.choices[name]?.options ?? []).map((option, n) => [option.code, n]));
    const key = (row) => {
      if (name === "light") return RANK.indexOf(row.light);
      if (places.size && !Array.isArray(row[name])) return places.get(row[name]) ?? -1;
      return row[name] ?? null;
    };
    const order = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === null || y === null || x === "" || y === "") return (x === null || x === "") - (y === null || y === "");
      return turn * (typeof x === "number" ? x - y : String(x).localeCompare(String(y), "zh-CN"));
    };
    return rows.sort(order);
  }
}

function summed(measure, rows, title) {
  const light = RANK.find((code) => rows.some((row) => row.light === code)) ?? "grey";
  const progress = Math.round(rows.reduce((sum, row) => sum + row.progress, 0) / rows.length);
  const code = title.startsWith(measure) ? measure : "";
  return { key: `g:${measure}`, kind: "group", code, title: code ? title.slice(code.length).trim() : title, count: rows.length, light, progress };
}
