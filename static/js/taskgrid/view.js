/** The grid on the page: only the rows in sight are elements; the current row always is. */

import { el, piece } from "./dom.js";

const BEYOND = 6; // rows kept above and below what is in sight

export class View extends EventTarget {
  /** `host` is .tg; `layout` knows which columns stand where; `model` the rows; `locks` says why a cell is locked. */
  constructor({ host, model, layout, title }) {
    super();
    Object.assign(this, { host, model, layout, lines: [], place: new Map(), shown: new Map(), marked: null, here: new Map() });
    this.collapsed = new Set();
    this.scroller = el("div.tg-scroll");
    this.head = el("div.tg-head", { role: "rowgroup" });
    this.body = el("div.tg-body", { role: "rowgroup" });
    this.grid = el("div.tg-grid", { role: "treegrid", id: "tg-grid", "aria-label": title, "aria-multiselectable": "true" }, this.head, this.body);
    this.input = el("textarea.tg-input", {
      id: "tg-input", rows: "1", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
      "aria-label": title, "aria-controls": "tg-grid", "aria-describedby": "tg-help", "data-gramm": "false",
    });
    this.scroller.append(this.grid, this.input);
    host.querySelector(".tg-foot").before(this.scroller);
    this.cursor = { line: "", name: layout.names[0] };
    this.anchor = this.cursor;
    this.scroller.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => this.soon()).observe(this.scroller);
    layout.addEventListener("change", () => this.rebuild());
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.paint();
    });
  }

  /** What is listed: [{key, kind: "row"|"group", …}]. The cursor stays on its line, or near it. */
  list(lines) {
    const before = this.place.get(this.cursor.line) ?? 0;
    this.lines = lines;
    this.place = new Map(lines.map((line, n) => [line.key, n]));
    if (!this.place.has(this.cursor.line)) {
      const near = lines[Math.min(before, lines.length - 1)];
      this.cursor = { ...this.cursor, line: near?.key ?? "" };
      this.anchor = this.cursor;
    } else if (!this.place.has(this.anchor.line)) this.anchor = this.cursor;
    this.rebuild();
  }

  rebuild() {
    const { layout } = this;
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
    if (!layout.names.includes(this.cursor.name)) this.cursor = { ...this.cursor, name: layout.names[0] };
    if (!layout.names.includes(this.anchor.name)) this.anchor = this.cursor;
    this.grid.setAttribute("aria-rowcount", this.lines.length + 1);
    this.grid.setAttribute("aria-colcount", layout.names.length);
    this.head.replaceChildren(layout.header());
    this.body.style.height = `${this.lines.length * layout.height}px`;
    this.grid.style.width = `${layout.total}px`;
    this.paint();
  }

  paint() {
    const { height } = this.layout;
    const top = this.scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / height) - BEYOND);
    const last = Math.min(this.lines.length, Math.ceil((top + this.scroller.clientHeight) / height) + BEYOND);
    const active = this.place.get(this.cursor.line);
    for (const [n, row] of this.shown) {
      if ((n < first || n >= last) && n !== active) {
        row.remove();
        this.shown.delete(n);
      }
    }
    for (let n = first; n < last; n += 1) this.show(n);
    if (active !== undefined) this.show(active);
    this.select();
  }

  show(n) {
    if (this.shown.has(n)) return;
    const row = el("div", { role: "row", "aria-rowindex": n + 2 });
    row.style.top = `${n * this.layout.height}px`;
    this.fill(row, this.lines[n], n);
    this.shown.set(n, row);
    // In the order of the lines, so that a screen reader reads them in it.
    let next = null;
    for (const [m, other] of this.shown) if (m > n && (next === null || m < next[0])) next = [m, other];
    this.body.insertBefore(row, next?.[1] ?? null);
  }

  /** Draw rows again whose content changed; `flash` shows that somebody else did it. */
  refresh(ids, flash = false) {
    for (const id of ids) {
      const n = this.place.get(id);
      const row = n === undefined ? null : this.shown.get(n);
      if (!row) continue;
      this.fill(row, this.lines[n], n);
      row.classList.toggle("is-fresh", flash);
      if (flash) setTimeout(() => row.classList.remove("is-fresh"), 2500);
    }
    this.select();
  }

  fill(node, line, n) {
    const isGroup = line.kind === "group";
    const row = isGroup ? null : this.model.rows.get(line.key);
    node.className = `tg-row${isGroup ? " is-group" : ""}`;
    node.setAttribute("aria-level", isGroup || !line.nested ? 1 : 2);
    if (isGroup) node.setAttribute("aria-expanded", String(!this.collapsed.has(line.key)));
    if (row) {
      node.classList.toggle("is-conflict", Boolean(row.conflict));
      node.classList.toggle("is-locked", !row.may);
    }
    node.replaceChildren(...this.layout.names.map((name, c) => this.cell(line, row, name, c, n)));
    const people = row && this.here.get(row.id);
    if (people) node.firstChild.append(el("span.tg-here", { title: people.join("、") }, people[0].slice(0, 1)));
  }

  cell(line, row, name, c, n) {
    const column = this.model.column.get(name);
    const node = el("div", { role: c < this.layout.frozen ? "rowheader" : "gridcell", id: `tg-c-${n}-${name}`, "aria-colindex": c + 1 });
    node.className = `tg-cell tg-c-${name}${c < this.layout.frozen ? ` is-frozen is-frozen-${c}` : ""}`;
    node.dataset.name = name;
    if (!row) {
      node.setAttribute("aria-readonly", "true");
      groupContent(node, line, name, this.collapsed.has(line.key));
      return node;
    }
    if (this.model.lock(row, name)) node.setAttribute("aria-readonly", "true");
    const wrong = row.refused[name] || row.bad[name]?.why;
    if (wrong) {
      node.classList.add("is-wrong");
      node.setAttribute("aria-invalid", "true");
      node.title = wrong;
    }
    if (row.conflict?.fields[name]) node.classList.add("is-clash");
    node.append(content(this.model, column, row, name, wrong));
    if (name === "content" && !row.may) node.prepend(piece("lock"));
    return node;
  }

  // --- Where things are ---

  /** The chosen rectangle: first and last line and column. */
  get range() {
    const { names } = this.layout;
    const lines = [this.place.get(this.cursor.line) ?? 0, this.place.get(this.anchor.line) ?? 0];
    const columns = [names.indexOf(this.cursor.name), names.indexOf(this.anchor.name)];
    return { top: Math.min(...lines), bottom: Math.max(...lines), left: Math.min(...columns), right: Math.max(...columns) };
  }

  /** The task rows and the columns of the rectangle. */
  get chosen() {
    const { top, bottom, left, right } = this.range;
    const rows = this.lines.slice(top, bottom + 1).filter((line) => line.kind === "row");
    return { rows: rows.map((line) => this.model.rows.get(line.key)), names: this.layout.names.slice(left, right + 1) };
  }

  get current() {
    return this.model.rows.get(this.cursor.line) ?? null;
  }

  /** Go to a cell; with `extend` the rectangle grows to it instead. */
  go(line, name, extend = false) {
    this.cursor = { line, name };
    if (!extend) this.anchor = this.cursor;
    this.reveal();
    this.paint();
    this.dispatchEvent(new Event("cursor"));
  }

  move(lines, columns, extend = false) {
    const { names } = this.layout;
    const n = Math.max(0, Math.min(this.lines.length - 1, (this.place.get(this.cursor.line) ?? 0) + lines));
    const c = Math.max(0, Math.min(names.length - 1, names.indexOf(this.cursor.name) + columns));
    if (this.lines[n]) this.go(this.lines[n].key, names[c], extend);
  }

  get page() {
    return Math.max(1, Math.floor((this.scroller.clientHeight - this.head.offsetHeight) / this.layout.height) - 1);
  }

  reveal() {
    const { layout, scroller } = this;
    const y = (this.place.get(this.cursor.line) ?? 0) * layout.height;
    const room = scroller.clientHeight - this.head.offsetHeight;
    if (y < scroller.scrollTop) scroller.scrollTop = y;
    else if (y + layout.height > scroller.scrollTop + room) scroller.scrollTop = y + layout.height - room;
    const c = layout.names.indexOf(this.cursor.name);
    if (c < layout.frozen) return;
    const x = layout.left(c);
    const cold = layout.left(layout.frozen);
    if (x - cold < scroller.scrollLeft) scroller.scrollLeft = x - cold;
    else if (x + layout.width(this.cursor.name) > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = x + layout.width(this.cursor.name) - scroller.clientWidth;
    }
  }

  /** Mark the rectangle and put the input over the current cell, at the cell's size. */
  select() {
    const { top, bottom, left, right } = this.range;
    const active = this.place.get(this.cursor.line);
    for (const [n, row] of this.shown) {
      const inside = n >= top && n <= bottom;
      row.classList.toggle("is-current", n === active);
      row.setAttribute("aria-selected", String(inside));
      const cells = row.children;
      for (let c = 0; c < cells.length; c += 1) {
        const list = cells[c].classList;
        list.toggle("is-chosen", inside && c >= left && c <= right && (top !== bottom || left !== right));
        list.toggle("is-copied", this.copied(n, c));
      }
    }
    this.put();
  }

  copied(n, c) {
    const m = this.marked;
    return Boolean(m && n >= m.top && n <= m.bottom && c >= m.left && c <= m.right);
  }

  put() {
    const { input, layout } = this;
    const editing = this.editing;
    const n = this.place.get(editing?.line ?? this.cursor.line);
    const name = editing?.name ?? this.cursor.name;
    const c = layout.names.indexOf(name);
    input.hidden = false;
    if (n === undefined || c < 0) return; // an edit whose row went out of the list keeps its place
    const frozen = c < layout.frozen;
    input.style.left = `${layout.left(c) + (frozen ? this.scroller.scrollLeft : 0)}px`;
    input.style.top = `${this.head.offsetHeight + n * layout.height}px`;
    input.style.width = `${layout.width(name)}px`;
    if (!editing) input.style.height = `${layout.height}px`;
    input.classList.toggle("is-frozen", frozen);
    input.classList.toggle("is-locked", Boolean(this.current && this.model.lock(this.current, name)));
    const id = `tg-c-${n}-${name}`;
    if (!this.listing) input.setAttribute("aria-activedescendant", id);
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }
}

function content(model, column, row, name, wrong) {
  const text = model.text(row, name);
  if (wrong) return el("span.tg-text", {}, piece("wrong"), text);
  if (name === "light") return piece(`light-${row.light}`);
  if (name === "state") return piece(`state-${row.state}`);
  if (name === "progress") return bar(row.progress);
  return el("span.tg-text", {}, text);
}

function bar(number) {
  const node = piece("progress");
  node.firstElementChild.value = number;
  node.lastElementChild.textContent = `${number}%`;
  return node;
}

function groupContent(node, line, name, closed) {
  if (name === "code") node.append(line.code);
  else if (name === "content") {
    node.append(el("span.tg-twist", { "aria-hidden": "true" }, closed ? "▸" : "▾"), el("span.tg-text", {}, line.title), el("span.tg-count", {}, String(line.count)));
  } else if (name === "light") node.append(piece(`light-${line.light}`));
  else if (name === "progress") node.append(bar(line.progress));
}
