/** What the others do: asked for every 15 seconds. And the way back in when the session has ended. */

import { dialog, el, timeout } from "./dom.js";

const EVERY = 15000;

export class Live extends EventTarget {
  constructor({ view, model, queue, url, owner, say }) {
    super();
    Object.assign(this, { view, model, queue, url, owner, say, slot: "", people: [] });
    queue.addEventListener("state", () => {
      if (queue.state === "signed-out") this.signIn();
    });
    queue.addEventListener("token", () => this.ask());
    addEventListener("online", () => queue.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
  }

  start(since, every = EVERY) {
    this.since = since;
    setInterval(() => document.hidden || this.ask(), every);
    this.ask();
  }

  /** Asks now; while a question is under way, once more after it. */
  ask() {
    if (this.asking) this.waiting ??= this.asking.then(() => ((this.waiting = null), this.ask()));
    else this.asking = this.question().finally(() => (this.asking = null));
    return this.waiting ?? this.asking;
  }

  async question() {
    if (this.queue.state === "signed-out") return;
    try {
      const query = new URLSearchParams({ since: this.since, row: this.view.current?.id ?? "", slot: this.slot });
      const response = await fetch(`${this.url}?${query}`, { headers: { Accept: "application/json", "X-Background": "1" }, signal: timeout(12000) });
      if (response.status === 401) this.queue.say("signed-out");
      else if (response.ok) this.take(await response.json());
    } catch {
      // Not reachable: what is typed waits in the queue, which says so when it has something to send.
    }
  }

  take({ now, rows, gone, here, slot, csrf, status }) {
    Object.assign(this, { since: now, slot });
    document.querySelector('meta[name="csrf-token"]').content = csrf;
    if (this.status && status !== this.status) this.dispatchEvent(new Event("status"));
    this.status = status;
    this.seat(here);
    const fresh = new Set();
    let listed = false;
    for (const list of rows) {
      const theirs = this.model.read(list);
      const mine = this.model.rows.get(theirs.id);
      if (!mine) {
        this.model.insert(theirs);
        listed = true;
      } else if (theirs.ver > mine.ver && this.queue.isDue(theirs.id)) {
        this.queue.schedule(0); // the answer to what waits here brings the row, and tells who wrote it
      } else if (theirs.ver > mine.ver) {
        if (this.queue.merge(theirs.id, theirs).length || mine.conflict) fresh.add(theirs.id);
      }
    }
    for (const id of gone) {
      if (!this.model.rows.has(id)) continue;
      listed = true;
      this.model.remove(id);
      if (this.queue.entries.has(id)) this.queue.entries.get(id).gone = true;
    }
    if (fresh.size || listed) this.dispatchEvent(new CustomEvent("rows", { detail: { ids: fresh, listed } }));
  }

  /** Who else is here, and at which rows. */
  seat(here) {
    const before = new Set(this.view.here.keys());
    this.view.here = new Map();
    for (const { name, bureau, row } of here) {
      if (!row) continue;
      if (!this.view.here.has(row)) this.view.here.set(row, []);
      this.view.here.get(row).push([name, bureau].filter(Boolean).join(" · "));
    }
    this.people = [...new Map(here.map((one) => [`${one.name} ${one.bureau}`, one])).values()];
    this.view.refresh([...new Set([...before, ...this.view.here.keys()])]);
    this.dispatchEvent(new Event("people"));
  }

  /** A dialog in place; what is typed stays where it is. Only the same person goes on here. */
  signIn() {
    if (this.box?.isConnected) return;
    const name = el("input", { type: "text", name: "username", autocomplete: "username", required: true });
    const word = el("input", { type: "password", name: "password", autocomplete: "current-password", required: true });
    const note = el("p.field-error", { role: "alert", hidden: true });
    const form = el("form.form", {},
      el("p", {}, gettext("Your session has ended. What you typed is kept; sign in again to save it.")), note,
      el("label.field", {}, el("span", {}, gettext("User name")), name),
      el("label.field", {}, el("span", {}, gettext("Password")), word),
      el("div.btn-row.form-actions", {}, el("button.btn.btn-primary", { type: "submit" }, gettext("Sign in"))));
    this.box = dialog(gettext("Sign in again"), [form], [], () => {
      if (this.queue.state !== "signed-out") return;
      this.queue.say("idle"); // closed unanswered: asked again with the next attempt
      this.queue.schedule(15000);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = await this.enter(name.value, word.value).catch(() => gettext("The server cannot be reached. Check the connection and try again."));
      note.textContent = problem;
      note.hidden = !problem;
      if (problem) return;
      this.queue.resume();
      this.box.close();
      this.view.focus();
      this.ask();
    });
  }

  async enter(username, password) {
    const address = portal.signInUrl();
    const read = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");
    const page = await read(await fetch(address));
    const csrfmiddlewaretoken = page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? page.querySelector('meta[name="csrf-token"]')?.content ?? "";
    const body = new URLSearchParams({ username, password, csrfmiddlewaretoken, next: "/accounts/profile/" });
    const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrfmiddlewaretoken } });
    if (answer.status === 422 || answer.status === 429) {
      const said = (await read(answer)).querySelector("[data-error-summary], .field-error, .notice-error");
      return said?.textContent.trim().replace(/\s+/g, " ") || gettext("User name or password are not right.");
    }
    const check = await fetch(`${this.url}?${new URLSearchParams({ since: this.since })}`);
    if (!check.ok) return gettext("You may not see this book under this name.");
    const { me, csrf } = await check.json();
    if (me !== this.owner) return gettext("This is somebody else's name. What was typed here can be saved only under the first one.");
    document.querySelector('meta[name="csrf-token"]').content = csrf;
    return "";
  }
}
