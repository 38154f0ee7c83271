/**
 * Typing into a cell. One textarea has the focus all the time and lies over the current cell, so that an input method
 * works from the first key. An edit opens on the first input or composition, never on a key, and belongs to a row by
 * its key: whatever happens to the list meanwhile, the text lands in its task.
 */

import { el } from "./dom.js";

export class Editor {
  constructor({ view, model, say }) {
    Object.assign(this, { view, model, say, input: view.input, edit: null, composing: false, refusing: false });
    this.list = el("ul.tg-list", { role: "listbox", id: "tg-list", "aria-label": gettext("Choices"), hidden: true });
    view.host.append(this.list);
    const { input } = this;
    input.addEventListener("compositionstart", () => {
      this.composing = true;
      if (!this.edit) this.open("", "type");
    });
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.typed();
    });
    input.addEventListener("input", () => this.typed());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.pick(Number(option.dataset.n), true);
    });
  }

  typed() {
    if (this.refusing) {
      if (!this.composing) this.clear();
      return;
    }
    if (!this.edit) this.open(this.input.value, "type");
    if (!this.edit) return;
    this.grow();
    this.suggest();
  }

  /** Begin to edit the current cell: "type" replaces what is there, "edit" goes on with it. */
  open(text, mode) {
    const { view } = this;
    const row = view.current;
    const name = view.cursor.name;
    const reason = row ? this.model.lock(row, name) : gettext("The rows of a measure are summed up and cannot be typed into.");
    if (reason) {
      this.say(reason, "warn");
      if (this.composing) this.refusing = true;
      else this.clear();
      return false;
    }
    this.edit = { line: row.id, name, mode, column: this.model.column.get(name) };
    view.editing = this.edit;
    if (mode === "edit") {
      this.input.value = text;
      this.input.setSelectionRange(text.length, text.length);
    }
    this.input.classList.add("is-editing");
    this.input.setAttribute("aria-label", `${row.code} ${this.edit.column.label}`);
    this.grow();
    this.suggest(mode === "edit");
    return true;
  }

  grow() {
    const { input, view } = this;
    input.style.height = `${view.layout.height}px`;
    if (input.scrollHeight > view.layout.height) input.style.height = `${Math.min(220, input.scrollHeight + 2)}px`;
  }

  clear() {
    this.refusing = false;
    this.input.value = "";
  }

  /** End the edit; with `keep` its text becomes the cell's. Answers false when there was none. */
  close(keep) {
    const { edit, input } = this;
    if (!edit) return false;
    const text = input.value;
    this.edit = this.view.editing = null;
    input.classList.remove("is-editing");
    input.setAttribute("aria-label", this.view.grid.getAttribute("aria-label"));
    this.hide();
    this.clear();
    if (keep) this.commit(edit, text);
    this.view.select();
    return true;
  }

  commit({ line, name, column, picked }, text) {
    if (!this.model.rows.has(line)) {
      this.say(gettext("This task was taken out of the book; your text was not saved."), "error", text);
      return;
    }
    // A half-typed name means the first choice it finds.
    const choices = this.model.choices[name];
    let to = this.model.meaning(name, text);
    const meant = column.editor === "choice" && (picked ?? (to.bad && text.trim() ? choices.matching(text)[0] : null));
    if (meant) to = { value: meant.code };
    this.model.act([{ id: line, name, to }]);
    if (to.bad) this.say(to.bad.why, "error");
  }

  // --- Choices: the same textarea, and a list that follows what is typed ---

  get token() {
    const text = this.input.value;
    return this.edit.column.editor === "choices" ? text.slice(text.search(/[^、,，;；\n]*$/)) : text;
  }

  suggest(all = false) {
    const { edit } = this;
    if (!edit || !edit.column.editor.startsWith("choice")) return;
    this.found = this.model.choices[edit.name].matching(all && edit.column.editor === "choice" ? "" : this.token).slice(0, 60);
    this.at = this.found.length ? 0 : -1;
    if (all && edit.column.editor === "choice") this.at = Math.max(0, this.found.findIndex((o) => o.label === this.input.value));
    this.list.replaceChildren(...this.found.map((option, n) => el("li", { role: "option", id: `tg-o-${n}`, "data-n": n }, option.label)));
    if (!this.found.length) this.list.append(el("li.muted", { role: "option", "aria-disabled": "true" }, gettext("Nothing fits.")));
    this.list.hidden = false;
    this.view.listing = true;
    this.place();
    this.point();
  }

  place() {
    const cell = this.input.getBoundingClientRect();
    const host = this.view.host.getBoundingClientRect();
    const above = cell.bottom + this.list.offsetHeight > Math.min(host.bottom, innerHeight) && cell.top - host.top > this.list.offsetHeight;
    this.list.style.left = `${Math.max(0, Math.min(cell.left - host.left, host.width - this.list.offsetWidth - 4))}px`;
    this.list.style.top = `${above ? cell.top - host.top - this.list.offsetHeight : cell.bottom - host.top}px`;
  }

  point(by = 0) {
    if (by) this.at = Math.max(0, Math.min(this.found.length - 1, this.at + by));
    this.edit.picked = by ? this.found[this.at] : undefined;
    [...this.list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === this.at)));
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `tg-o-${this.at}`);
  }

  /** Take a choice into the text; of a single choice the edit is done. */
  pick(n, done) {
    const option = this.found?.[n];
    if (!option) return false;
    const { input, edit } = this;
    if (edit.column.editor === "choices") {
      input.value = `${input.value.slice(0, input.value.length - this.token.length)}${option.label}、`;
      this.grow();
      this.suggest();
      return true;
    }
    input.value = option.label;
    return done ? this.close(true) : true;
  }

  hide() {
    this.list.hidden = true;
    this.view.listing = false;
    this.found = null;
  }
}
