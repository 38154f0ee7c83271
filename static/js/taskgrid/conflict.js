/** Two people changed the same field: both texts side by side, field by field. The other rows go on being saved. */

import { clock, el, fill } from "./dom.js";
import { format } from "./values.js";

export class ConflictPanel {
  constructor({ view, model, queue, say }) {
    Object.assign(this, { view, model, queue, say });
    this.box = el("section.tg-conflict", { role: "region", "aria-label": gettext("Conflict"), hidden: true });
    view.host.append(this.box);
    view.addEventListener("cursor", () => this.show());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") view.focus();
    });
  }

  /** The first row that waits for a decision, or that of the cursor. */
  show() {
    const id = this.view.current?.conflict ? this.view.cursor.line : [...this.queue.entries].find(([, e]) => e.conflict || e.gone)?.[0];
    const entry = this.queue.entries.get(id);
    this.box.hidden = !entry || !(entry.conflict || entry.gone);
    if (this.box.hidden || (this.id === id && this.drawn === entry.conflict)) return;
    Object.assign(this, { id, drawn: entry.conflict });
    if (entry.gone) this.gone(id, entry);
    else this.draw(id, entry.conflict);
  }

  words(name, value) {
    return format(this.model.column.get(name), value, this.model.choices[name]) || "—";
  }

  draw(id, { fields, by, bureau, at }) {
    const { code } = this.model.rows.get(id);
    const who = [bureau, by].filter(Boolean).join(" · ") || gettext("somebody");
    const names = Object.keys(fields);
    const text = fill(gettext("{code} was changed by {who} at {time}"), { code, who, time: at ? clock(new Date(at)) : "—" });
    const radio = (name, side, value, css) => el("td", {}, el("label.check", {},
      el("input", { type: "radio", name: `tg-take-${name}`, value: side, checked: side === "mine" }),
      el(`span.${css}`, {}, this.words(name, value))));
    const rows = names.map((name) => el("tr", { "data-name": name },
      el("th", { scope: "row" }, this.model.column.get(name).label),
      el("td.muted", {}, this.words(name, fields[name].before)),
      radio(name, "theirs", fields[name].theirs, "theirs"),
      radio(name, "mine", fields[name].mine, "mine")));
    const heads = [gettext("Name of the field"), gettext("Before"), gettext("Theirs"), gettext("Mine")].map((words) => el("th", { scope: "col" }, words));
    const button = (words, css, side) => el(`button.btn.btn-sm${css}`, { type: "button", onclick: () => this.settle(id, names, side) }, words);
    this.box.replaceChildren(
      el("h2", {}, el("span.light.light-yellow", { "aria-hidden": "true" }, "▲"), text),
      el("table.table.is-compact", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)),
      el("div.btn-row", {}, button(gettext("Take mine"), ".btn-primary", "mine"), button(gettext("Take theirs"), "", "theirs"),
        button(gettext("As chosen field by field"), "", "")),
    );
    this.say(text, "warn");
  }

  settle(id, names, side) {
    const chosen = (name) => this.box.querySelector(`[data-name="${name}"] input:checked`).value;
    this.queue.settle(id, Object.fromEntries(names.map((name) => [name, side || chosen(name)])));
    this.drawn = null;
    this.show();
    this.view.focus();
  }

  /** The row is no longer in the book: the text stays readable until somebody lets it go. */
  gone(id, entry) {
    const texts = Object.entries(entry.fields).map(([name, field]) => `${this.model.column.get(name).label}：${field.bad || this.words(name, field.value)}`);
    const drop = () => {
      this.queue.drop(id);
      this.drawn = null;
      this.show();
      this.view.focus();
    };
    const title = gettext("This task was taken out of the book. What you typed into it was not saved:");
    this.box.replaceChildren(
      el("h2", {}, title),
      el("p.preline", {}, texts.join("\n")),
      el("div.btn-row", {}, el("button.btn.btn-sm", { type: "button", onclick: drop }, gettext("Let it go"))),
    );
    this.say(title, "error");
  }
}
