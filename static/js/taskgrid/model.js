/** The rows of the book, what is typed into them, and the way back: every action of a person is one step to undo. */

import { Choices, format, parse, same } from "./values.js";

const STEPS = 200;

export class Model extends EventTarget {
  constructor(description) {
    super();
    this.fields = description.fields;
    this.columns = description.columns;
    this.column = new Map(this.columns.map((column) => [column.name, column]));
    this.choices = Object.fromEntries(Object.entries(description.choices).map(([k, v]) => [k, new Choices(v)]));
    this.rows = new Map();
    this.order = []; // keys as the book numbers its tasks
    this.undone = [];
    this.done = [];
    this.readOnly = "";
  }

  load(lists) {
    this.rows.clear();
    for (const list of lists) {
      const row = this.read(list);
      this.rows.set(row.id, row);
    }
    this.order = [...this.rows.keys()];
  }

  /** A row as the server sends it, as an object. `bad`: what was typed and is no value; `refused`: by the server. */
  read(list) {
    const row = { bad: {}, refused: {}, conflict: null };
    for (let n = 0; n < this.fields.length; n += 1) row[this.fields[n]] = list[n];
    return row;
  }

  /** Put a row that is new on this page where its number belongs. */
  insert(row) {
    this.rows.set(row.id, row);
    const key = (code) => code.split(".").map(Number);
    const after = (a, b) => {
      for (let n = 0; n < Math.max(a.length, b.length); n += 1) if ((a[n] ?? -1) !== (b[n] ?? -1)) return (a[n] ?? -1) - (b[n] ?? -1);
      return 0;
    };
    this.order = [...this.rows.keys()].sort((a, b) => after(key(this.rows.get(a).code), key(this.rows.get(b).code)));
  }

  remove(id) {
    this.rows.delete(id);
    this.order = this.order.filter((key) => key !== id);
  }

  text(row, name) {
    return row.bad[name]?.text ?? format(this.column.get(name), row[name], this.choices[name]);
  }

  /** Why a cell cannot be changed, or "". */
  lock(row, name) {
    const column = this.column.get(name);
    if (this.readOnly) return this.readOnly;
    if (!column.editor) return gettext("This is computed and cannot be typed.");
    if (column.locked) return column.locked;
    if (!row.may) return gettext("Only the lead bureau of this task or the coordinating bureau edits it.");
    return "";
  }

  /** What typing `text` into a cell would make of it: {value} or {bad: {text, why}}. */
  meaning(name, text) {
    const found = parse(this.column.get(name), text, this.choices[name]);
    return "error" in found ? { bad: { text, why: found.error } } : found;
  }

  state(row, name) {
    return row.bad[name] ? { bad: row.bad[name] } : { value: row[name] };
  }

  /**
   * One action: cells [{id, name, to: {value}|{bad}}], done as one step. Cells that keep what they hold are left out.
   * Answers the number of cells that changed.
   */
  act(cells) {
    const step = [];
    for (const { id, name, to } of cells) {
      const row = this.rows.get(id);
      const from = row && this.state(row, name);
      if (row && !alike(from, to)) step.push({ id, name, from, to });
    }
    if (!step.length) return 0;
    this.done.push(step);
    if (this.done.length > STEPS) this.done.shift();
    this.undone = [];
    for (const { id, name, to } of step) this.put(id, name, to);
    this.changed(step);
    return step.length;
  }

  /** Take the last step back. Cells somebody else has changed since stay: {done, skipped, step} or null. */
  undo() {
    return this.again(this.done, this.undone, "to", "from");
  }

  redo() {
    return this.again(this.undone, this.done, "from", "to");
  }

  again(source, target, expected, wanted) {
    const step = source.pop();
    if (!step) return null;
    const kept = step.filter(({ id, name, [expected]: was }) => {
      const row = this.rows.get(id);
      return row && !this.lock(row, name) && alike(this.state(row, name), was);
    });
    for (const cell of kept) this.put(cell.id, cell.name, cell[wanted]);
    if (kept.length) target.push(kept);
    this.changed(kept);
    return { done: kept.length, skipped: step.length - kept.length, step: kept };
  }

  put(id, name, to) {
    const row = this.rows.get(id);
    const before = row[name];
    delete row.refused[name];
    if (to.bad) row.bad[name] = to.bad;
    else {
      delete row.bad[name];
      row[name] = to.value;
    }
    this.onput?.(row, name, before, to);
  }

  changed(cells) {
    const ids = new Set(cells.map((cell) => cell.id));
    if (ids.size) this.dispatchEvent(new CustomEvent("rows", { detail: { ids } }));
  }
}

function alike(a, b) {
  return a.bad || b.bad ? a.bad?.text === b.bad?.text : same(a.value, b.value);
}
