/** Which columns stand where and how wide, per person. One CSS rule a column, so that a resize touches one rule. */

import { dialog, el, fill } from "./dom.js";

export class Layout extends EventTarget {
  constructor({ columns, orders, frozen, settings, url, view }) {
    super();
    Object.assign(this, { columns: new Map(columns.map((c) => [c.name, c])), orders, frozen, url, view, sort: "code" });
    this.own = { order: [], hidden: columns.filter((c) => c.hidden).map((c) => c.name), widths: {}, height: 44, ...settings };
    this.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
    this.rules = new Map();
    for (const { name } of columns) {
      this.rules.set(name, this.sheet.cssRules[this.sheet.insertRule(`.tg-c-${name}{}`, this.sheet.cssRules.length)]);
    }
    this.arrange();
  }

  /** The official order shows every decreed column; the working order is the person's own. */
  arrange() {
    const official = this.view === "official";
    const wanted = official ? this.orders.official : [...this.own.order, ...this.orders.dispatch.filter((name) => !this.own.order.includes(name))];
    const first = ["code", "content"];
    const rest = wanted.filter((name) => !first.includes(name) && (official || !this.own.hidden.includes(name)));
    this.names = [...first, ...rest];
    this.edges = [0];
    for (const name of this.names) {
      this.edges.push(this.edges.at(-1) + this.width(name));
      this.rules.get(name).style.width = `${this.width(name)}px`;
    }
    this.rules.get("content").style.left = `${this.edges[1]}px`;
    this.dispatchEvent(new Event("change"));
  }

  get height() {
    return this.own.height;
  }

  get total() {
    return this.edges.at(-1);
  }

  left(c) {
    return this.edges[c];
  }

  width(name) {
    return this.own.widths[name] ?? this.columns.get(name).width;
  }

  header() {
    const row = el("div.tg-row.tg-titles", { role: "row", "aria-rowindex": 1 });
    this.names.forEach((name, c) => {
      const column = this.columns.get(name);
      const turn = this.sort.replace("-", "") === name ? (this.sort.startsWith("-") ? "descending" : "ascending") : null;
      const cell = el("div", { role: "columnheader", "aria-colindex": c + 1, "aria-sort": turn });
      cell.className = `tg-cell tg-c-${name}${c < this.frozen ? ` is-frozen is-frozen-${c}` : ""}`;
      cell.dataset.head = name;
      cell.append(el("span.tg-text", {}, column.label), turn ? (turn === "descending" ? " ↓" : " ↑") : "");
      cell.append(el("span.tg-grip", { "data-grip": name, "aria-hidden": "true" }));
      row.append(cell);
    });
    return row;
  }

  resize(name, width) {
    this.own.widths[name] = Math.max(40, Math.min(900, Math.round(width)));
    this.arrange();
    this.save();
  }

  setHeight(height) {
    this.own.height = height;
    document.documentElement.dataset.rows = height;
    this.dispatchEvent(new Event("change"));
    this.save();
  }

  show(view) {
    this.view = view;
    this.arrange();
  }

  /** Kept with the person, a moment after the last change. */
  save() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const body = new URLSearchParams({ settings: JSON.stringify(this.own) });
      fetch(this.url, { method: "POST", body, headers: { "X-CSRFToken": portal.csrfToken() } }).catch(() => {});
    }, 600);
  }

  /** The dialog that shows, hides and moves columns. */
  choose(onclose) {
    const names = [...this.names.slice(2), ...this.orders.dispatch.filter((name) => !this.names.includes(name))];
    const list = el("ol.tg-columns");
    for (const name of names) {
      const { label } = this.columns.get(name);
      const item = el("li", { "data-name": name });
      const box = el("input", { type: "checkbox", checked: !this.own.hidden.includes(name) });
      const step = (by, sign, words) => el("button.icon-btn.btn-sm", {
        type: "button",
        "aria-label": fill(words, { name: label }),
        onclick: (event) => {
          const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
          if (other) by < 0 ? other.before(item) : other.after(item);
          event.currentTarget.focus();
        },
      }, sign);
      item.append(el("label.check", {}, box, label), step(-1, "↑", gettext("Move “{name}” up")), step(1, "↓", gettext("Move “{name}” down")));
      list.append(item);
    }
    const heights = el("select", { "aria-label": gettext("Height of the rows") });
    for (const [value, words] of [[32, gettext("Compact rows")], [44, gettext("Two lines a row")], [64, gettext("Roomy rows")]]) {
      heights.append(el("option", { value, selected: value === this.height }, words));
    }
    const apply = () => {
      const items = [...list.children];
      this.own.order = items.map((item) => item.dataset.name);
      this.own.hidden = items.filter((item) => !item.querySelector("input").checked).map((item) => item.dataset.name);
      this.own.height = Number(heights.value);
      document.documentElement.dataset.rows = heights.value;
      this.arrange();
      this.save();
    };
    const reset = () => {
      this.own = { order: [], widths: {}, height: 44, hidden: [...this.columns.values()].filter((c) => c.hidden).map((c) => c.name) };
      document.documentElement.dataset.rows = 44;
      this.arrange();
      this.save();
    };
    const note = el("p.muted.small", {}, gettext("Number and task always stand first. The official order shows all columns."));
    dialog(gettext("Columns and rows"), [note, heights, list], [
      [gettext("Apply"), "btn-primary", apply], [gettext("As delivered"), "btn-quiet", reset], [gettext("Cancel"), "btn-quiet"],
    ], onclose);
  }
}
