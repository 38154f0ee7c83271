/**
 * What is typed and not saved yet: one entry a row, kept in the tab's storage so that a reload loses nothing.
 *
 * A field of an entry knows its value, what stood there before (base), and what was last sent. An entry is named by a
 * token that changes with its content: an answer that gets lost on the way is asked for again and saved once.
 */

import { timeout } from "./dom.js";
import { same } from "./values.js";

const QUIET = 800; // milliseconds after the last key
const AGAIN = [2, 5, 15, 60]; // seconds between attempts
const MOST = 200; // rows in one request

export class Queue extends EventTarget {
  /** `merge(id, list, who)` puts a row of the server into the model; `send` is fetch. */
  constructor({ model, url, owner, book, storage = sessionStorage }) {
    super();
    Object.assign(this, { model, url, storage, entries: new Map(), failures: 0, state: "idle", savedAt: null });
    this.place = `taskgrid:${owner}:${book}`;
    this.flying = new Set();
    model.onput = (row, name, before, to) => (to.bad ? this.holdBad(row, name, before, to.bad) : this.put(row, name, before, to.value));
  }

  entry(id) {
    if (!this.entries.has(id)) this.entries.set(id, { fields: {}, token: "" });
    return this.entries.get(id);
  }

  put(row, name, before, value) {
    const entry = this.entry(row.id);
    const field = (entry.fields[name] ??= { base: before });
    field.value = value;
    field.held = field.bad = "";
    this.touched(row.id, entry, name);
  }

  /** Kept with the tab, never sent: what was typed is no value of its column. */
  holdBad(row, name, before, bad) {
    const entry = this.entry(row.id);
    const field = (entry.fields[name] ??= { base: before });
    Object.assign(field, { value: before, held: bad.why, bad: bad.text });
    this.touched(row.id, entry, name);
  }

  touched(id, entry, name) {
    const field = entry.fields[name];
    const settled = !field.bad && same(field.value, field.base) && field.sent === undefined && !this.flying.has(id);
    if (settled) delete entry.fields[name];
    if (settled && !Object.keys(entry.fields).length) this.entries.delete(id);
    entry.token = "";
    if (!this.keeping) this.schedule(QUIET);
    this.keep();
  }

  /** Fields of a row that wait to be sent. */
  waiting(entry) {
    return Object.entries(entry.fields).filter(([, field]) => !field.held);
  }

  sendable() {
    return [...this.entries].filter(([id, entry]) => !entry.conflict && !entry.gone && this.model.rows.has(id) && this.waiting(entry).length);
  }

  /** Whether something of a row is on its way, or about to be. */
  isDue(id) {
    const entry = this.entries.get(id);
    return this.flying.has(id) || Boolean(entry && !entry.conflict && this.waiting(entry).length);
  }

  /** How many cells are not on the server yet (held ones included). */
  get open() {
    let cells = 0;
    for (const entry of this.entries.values()) cells += Object.keys(entry.fields).length;
    return cells;
  }

  schedule(wait) {
    clearTimeout(this.timer);
    if (this.state === "signed-out") return;
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Once for everything that happens in one go: a paste of ten thousand cells is one write. */
  keep() {
    if (this.keeping) return;
    this.keeping = true;
    // A very large action is painted first and written right after.
    queueMicrotask(() => (this.entries.size > 300 ? setTimeout(() => this.write()) : this.write()));
  }

  write() {
    this.keeping = false;
    try {
      if (this.entries.size) this.storage.setItem(this.place, JSON.stringify([...this.entries]));
      else this.storage.removeItem(this.place);
    } catch {
      return this.say("full"); // storage is full: what is typed stays in this page
    }
    return this.say(this.state === "full" ? "idle" : this.state);
  }

  /** What an earlier page of this tab left behind goes back into its cells. Call after the model is loaded. */
  restore() {
    for (const [id, entry] of JSON.parse(this.storage.getItem(this.place) ?? "[]")) {
      this.entries.set(id, entry);
      const row = this.model.rows.get(id);
      if (!row) {
        entry.gone = true;
        continue;
      }
      delete entry.conflict;
      this.merge(id, row);
    }
    this.model.changed([...this.entries.keys()].map((id) => ({ id })));
    this.schedule(0);
    this.say();
  }

  /**
   * Bring a row of the server together with what is typed here. Fields that only one side changed go through in
   * silence; where both changed the same field the entry waits for a decision. Answers the names that changed.
   */
  merge(id, theirs, who = {}) {
    const row = this.model.rows.get(id);
    const entry = this.entries.get(id);
    const fresh = [];
    const clash = {};
    for (const name of this.model.fields) {
      const field = entry?.fields[name];
      if (!field) {
        if (!same(row[name], theirs[name]) && name !== "changed" && name !== "ver") fresh.push(name);
        row[name] = theirs[name];
        continue;
      }
      const now = theirs[name];
      if (field.bad) row.bad[name] = { text: field.bad, why: field.held };
      else if (same(now, field.value)) {
        delete entry.fields[name];
        delete row.refused[name];
      } else if (field.held) row.refused[name] = field.held;
      else if (!same(now, field.base) && !(field.sent !== undefined && same(now, field.sent))) {
        clash[name] = { before: field.base, theirs: now, mine: field.value };
      }
      row[name] = field.bad ? now : field.value;
      if (!(name in clash)) field.base = now;
    }
    if (entry && Object.keys(clash).length) entry.conflict = { fields: clash, ...who };
    else if (entry) delete entry.conflict;
    if (entry && !Object.keys(entry.fields).length) this.entries.delete(id);
    row.conflict = this.entries.get(id)?.conflict ?? null;
    this.keep();
    return fresh;
  }

  /** The decision about a conflict: {name: "mine" | "theirs" | a value of its own}. */
  settle(id, choices) {
    const row = this.model.rows.get(id);
    const entry = this.entries.get(id);
    for (const [name, { theirs, mine }] of Object.entries(entry?.conflict?.fields ?? {})) {
      const field = entry.fields[name];
      if (!field) continue;
      field.base = theirs;
      if (choices[name] === "theirs") {
        row[name] = theirs;
        delete entry.fields[name];
      } else row[name] = field.value = choices[name] === "mine" ? mine : choices[name].value;
      delete field.sent;
    }
    delete entry.conflict;
    row.conflict = null;
    if (!Object.keys(entry.fields).length) this.entries.delete(id);
    this.model.changed([{ id }]);
    this.keep();
    this.schedule(0);
  }

  /** Forget what was typed into a row that is no longer there. */
  drop(id) {
    this.entries.delete(id);
    this.keep();
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.state === "saving" || this.state === "signed-out") return;
    const batch = this.sendable().slice(0, MOST);
    if (!batch.length) return this.say();
    const sent = new Map(batch.map(([id, entry]) => [id, this.snapshot(id, entry)]));
    this.flying = new Set(sent.keys());
    this.say("saving");
    let answer;
    try {
      const edits = [...sent].map(([id, one]) => ({ id, ver: one.ver, fields: one.fields, edit: one.token }));
      answer = await this.post({ edits });
    } catch {
      answer = { status: 0 };
    }
    this.flying = new Set();
    this.state = "idle";
    this.take(answer, sent);
  }

  snapshot(id, entry) {
    const fields = Object.fromEntries(this.waiting(entry).map(([name, field]) => [name, field.value]));
    for (const name of Object.keys(fields)) entry.fields[name].sent = fields[name];
    entry.token ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.keep();
    return { ver: this.model.rows.get(id).ver, fields, token: entry.token };
  }

  async post(body) {
    const response = await fetch(this.url, {
      method: "PATCH",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": portal.csrfToken() },
      body: JSON.stringify(body),
      signal: timeout(20000),
    });
    const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
    const found = isJson ? await response.json() : {};
    const signedOut = response.status === 401 || response.redirected;
    return { status: signedOut ? 401 : response.status, ...found };
  }

  take({ status, results, detail, now }, sent) {
    if (results) {
      this.failures = 0;
      for (const result of results) this.takeRow(result, sent.get(result.id));
      this.savedAt = new Date(now); // the server's clock: this computer's may be wrong
      this.model.changed(results);
      this.dispatchEvent(new CustomEvent("saved", { detail: results }));
      this.keep();
      return this.sendable().length ? this.schedule(0) : undefined;
    }
    if (status === 401) return this.say("signed-out");
    if (status === 400 || status === 404 || status === 413) {
      for (const [id, { fields }] of sent) this.hold(id, Object.keys(fields), detail ?? gettext("The server could not read this."));
      this.model.changed([...sent.keys()].map((id) => ({ id })));
      return this.keep();
    }
    const wait = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
    this.failures += 1;
    this.schedule(wait * 1000);
    if (status === 403) this.dispatchEvent(new Event("token"));
    this.say(status ? "failed" : "offline");
  }

  takeRow(result, { fields }) {
    const { id, status, row, errors, reason } = result;
    const entry = this.entries.get(id);
    const mine = this.model.rows.get(id);
    if (!row) {
      if (entry) entry.gone = true;
      return;
    }
    const theirs = this.model.read(row);
    if (status === "saved" || status === "same") {
      for (const name of Object.keys(fields)) {
        const field = entry?.fields[name];
        if (!field) continue;
        if (same(field.value, fields[name])) delete entry.fields[name];
        else Object.assign(field, { base: fields[name], sent: fields[name] });
        delete mine.refused[name];
      }
    }
    if (status === "denied") this.hold(id, Object.keys(fields), reason);
    if (status === "refused") this.refuse(id, fields, errors);
    this.merge(id, theirs, { by: result.by, bureau: result.bureau, at: result.at });
  }

  /** The fields with an error wait for the person; the others are sent again. */
  refuse(id, fields, errors) {
    const wrong = Object.keys(errors).filter((name) => name in fields);
    if (wrong.length) for (const name of wrong) this.hold(id, [name], errors[name].join(" "));
    else this.hold(id, Object.keys(fields), Object.values(errors).flat().join(" "));
  }

  hold(id, names, why) {
    const entry = this.entries.get(id);
    const row = this.model.rows.get(id);
    for (const name of names) {
      if (!entry?.fields[name]) continue;
      entry.fields[name].held = why;
      delete entry.fields[name].sent;
      row.refused[name] = why;
    }
  }

  /** Signed in again: go on. */
  resume() {
    this.state = "idle";
    this.failures = 0;
    this.schedule(0);
  }

  say(state = this.state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
