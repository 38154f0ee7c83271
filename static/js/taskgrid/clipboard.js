/** Copy, cut and paste of ranges. A paste is looked at as a whole first, and asked about when it is large or wrong. */

import { dialog, el, fill } from "./dom.js";
import { readHtml, readTable, writeTable } from "./tsv.js";

const ASK_FROM = 200; // cells

/**
 * What a paste would do from a place on: {cells, bad, locked, hidden, over, wide}. Rows out of sight in a folded
 * measure are passed by, locked cells are left as they are, what stands beyond the last row or column is left out.
 */
export function plan({ view, model, table }) {
  const { names } = view.layout;
  const { top, bottom, left, right } = view.range;
  const rows = view.lines.slice(top).filter((line) => line.kind === "row");
  const inRange = view.lines.slice(top, bottom + 1).filter((line) => line.kind === "row").length;
  // One row of texts fills a range of several; one text fills all of it.
  const height = table.length === 1 && inRange > 1 ? inRange : table.length;
  const wide = table[0].length === 1 && table.length === 1 ? right - left + 1 : 0;
  const result = { cells: [], bad: [], locked: 0, over: Math.max(0, height - rows.length), wide: 0, hidden: 0 };
  const reasons = new Map();
  for (let r = 0; r < Math.min(height, rows.length); r += 1) {
    const row = model.rows.get(rows[r].key);
    const texts = table[r % table.length];
    const width = wide || texts.length;
    for (let c = 0; c < width; c += 1) {
      const name = names[left + c];
      if (!name) {
        result.wide += 1;
        continue;
      }
      const key = row.may ? name : "";
      if (!reasons.has(key)) reasons.set(key, model.lock(row, name));
      if (reasons.get(key)) {
        result.locked += 1;
        continue;
      }
      const cell = { id: row.id, name, to: model.meaning(name, texts[wide ? 0 : c]) };
      if (cell.to.bad) result.bad.push({ ...cell, code: row.code });
      result.cells.push(cell);
    }
  }
  const last = rows[Math.min(height, rows.length) - 1];
  const spanned = last ? view.lines.slice(top, view.place.get(last.key)) : [];
  result.hidden = spanned.filter((line) => line.kind === "group" && view.collapsed.has(line.key)).reduce((n, line) => n + line.count, 0);
  return result;
}

export class Clipboard {
  constructor({ view, model, editor, say }) {
    Object.assign(this, { view, model, editor, say });
    for (const name of ["copy", "cut", "paste"]) {
      view.input.addEventListener(name, (event) => {
        if (!editor.edit) this[name](event);
      });
    }
  }

  copy(event) {
    const { rows, names } = this.view.chosen;
    if (!rows.length) return false;
    event.preventDefault();
    event.clipboardData.setData("text/plain", writeTable(rows.map((row) => names.map((name) => this.model.text(row, name)))));
    this.view.marked = this.view.range;
    this.view.select();
    this.say(fill(gettext("Copied: {rows} × {columns} cells."), { rows: rows.length, columns: names.length }));
    return true;
  }

  cut(event) {
    if (this.copy(event)) this.clear();
  }

  paste(event) {
    event.preventDefault();
    const data = event.clipboardData;
    const text = data.getData("text/plain");
    const table = text ? readTable(text) : readHtml(data.getData("text/html"));
    if (table.length && table[0].length) this.put(table);
  }

  put(table) {
    const found = plan({ view: this.view, model: this.model, table });
    if (found.cells.length > ASK_FROM || found.bad.length) this.ask(found);
    else this.apply(found);
  }

  apply(found) {
    const changed = this.model.act(found.cells);
    const parts = [fill(gettext("Pasted: {n} cells changed"), { n: changed })];
    const more = [
      [found.bad.length, gettext("{n} are not valid and not saved")],
      [found.locked, gettext("{n} locked cells skipped")],
      [found.hidden, gettext("{n} hidden rows skipped")],
      [found.over, gettext("{n} rows beyond the last one left out")],
      [found.wide, gettext("{n} cells beyond the last column left out")],
    ];
    for (const [n, words] of more) if (n) parts.push(fill(words, { n }));
    this.say(`${parts.join("；")}。`, parts.length > 1 ? "warn" : "info");
  }

  ask(found) {
    const facts = [
      [found.cells.length - found.bad.length, gettext("cells are valid")],
      [found.bad.length, gettext("cells are not valid: they are kept and marked, and not saved")],
      [found.locked, gettext("locked cells are skipped")],
      [found.hidden, gettext("hidden rows are skipped")],
      [found.over, gettext("rows reach beyond the last one and are left out")],
    ].filter(([n]) => n);
    const list = el("ul.tg-facts", {}, ...facts.map(([n, words]) => el("li", {}, el("strong.num", {}, String(n)), ` ${words}`)));
    const wrong = el("ul.tg-wrongs", {}, ...found.bad.slice(0, 8).map(({ code, name, to }) => {
      const text = to.bad.text.length > 40 ? `${to.bad.text.slice(0, 40)}…` : to.bad.text;
      return el("li", {}, el("strong", {}, `${code} ${this.model.column.get(name).label}`), ` “${text}” ${to.bad.why}`);
    }));
    dialog(gettext("Paste"), [list, found.bad.length ? wrong : null].filter(Boolean), [
      [gettext("Paste"), "btn-primary", () => this.apply(found)],
      [gettext("Cancel"), "btn-quiet"],
    ], () => this.view.focus());
  }

  /** Empty the chosen cells (of those that may be). */
  clear() {
    this.fillWith(() => "");
    return true;
  }

  /** Ctrl+D: the first row of the range into those below it. */
  fillDown() {
    const { rows } = this.view.chosen;
    if (rows.length < 2) return true;
    const [first, ...others] = rows;
    this.fillWith((name) => this.model.text(first, name), others);
    return true;
  }

  fillWith(text, rows = this.view.chosen.rows, names = this.view.chosen.names) {
    let locked = 0;
    let reason = "";
    let bad = 0;
    const cells = [];
    for (const name of names) {
      const to = this.model.meaning(name, text(name));
      for (const row of rows) {
        const lock = this.model.lock(row, name);
        if (lock) {
          locked += 1;
          reason = lock;
        } else if (to.bad) {
          bad += 1;
          reason = to.bad.why;
        } else cells.push({ id: row.id, name, to });
      }
    }
    const changed = this.model.act(cells);
    const parts = [fill(gettext("{n} cells changed"), { n: changed })];
    if (locked) parts.push(fill(gettext("{n} locked cells skipped"), { n: locked }));
    if (locked + bad) parts.push(reason);
    if (changed || parts.length > 1) this.say(`${parts.join("；")}`, locked + bad ? "warn" : "info");
  }
}
