/** Puts the grid together on the page of a book. */

import { Clipboard } from "./clipboard.js";
import { ConflictPanel } from "./conflict.js";
import { clock, dialog, el, fill, piece } from "./dom.js";
import { Editor } from "./editor.js";
import { Filters } from "./filters.js";
import { Keyboard } from "./keyboard.js";
import { Layout } from "./layout.js";
import { Live } from "./live.js";
import { Model } from "./model.js";
import { Queue } from "./queue.js";
import { View } from "./view.js";

const SORTED = ["code", "light", "due", "progress", "lead", "weight"];
const host = document.querySelector(".tg");
const find = (name) => document.querySelector(`[data-tg="${name}"]`);

async function start() {
  const about = JSON.parse(document.getElementById("tg-description").textContent);
  const answer = await load(about);
  if (!answer) return;
  const started = performance.now();
  const model = new Model({ ...about, choices: answer.choices });
  const filters = new Filters({ model, today: about.today, form: document.querySelector(".task-filters") });
  const layout = new Layout({ ...about, url: about.urls.settings, view: filters.view });
  model.load(answer.rows);
  if (!about.mayEdit) model.readOnly = gettext("You may read this book. Its lead bureaus and the coordinating bureau edit it.");
  host.querySelector(".tg-wait").remove();
  host.removeAttribute("aria-busy");
  document.documentElement.dataset.rows = layout.height;
  const view = new View({ host, model, layout, title: about.title });
  const say = speaker();
  const queue = new Queue({ model, url: about.urls.rows, owner: about.me, book: about.book });
  const editor = new Editor({ view, model, say });
  const clipboard = new Clipboard({ view, model, editor, say });
  const live = new Live({ view, model, queue, url: about.urls.rows, owner: about.me, say });
  const conflict = new ConflictPanel({ view, model, queue, say });
  const parts = { about, model, filters, layout, view, say, queue, editor, clipboard, live, conflict };
  window.taskgrid = parts; // for the browser's console and the tests
  wire(parts);
  queue.restore();
  list(parts);
  live.start(answer.now, Number(host.dataset.every) || undefined);
  requestAnimationFrame(() => requestAnimationFrame(() => (parts.firstPaint = performance.now() - started)));
}

async function load({ urls }) {
  const region = new URLSearchParams(location.search).get("region");
  try {
    const response = await fetch(region ? `${urls.rows}?${new URLSearchParams({ region })}` : urls.rows);
    if (!response.ok || response.redirected) throw new Error(response.status);
    return await response.json();
  } catch {
    // The table that the server drew is still there.
    document.documentElement.classList.remove("has-grid");
    portal.toast({ text: gettext("The grid could not be loaded; this is the plain table."), tone: "warn" });
    return null;
  }
}

function list({ filters, view, model, layout }) {
  layout.sort = filters.sort;
  view.list(filters.lines(view.collapsed));
  view.host.classList.toggle("is-empty", !view.lines.length);
  find("empty").hidden = view.lines.length > 0 || !model.rows.size;
  find("none").hidden = model.rows.size > 0;
  find("shown").textContent = fill(gettext("{n} tasks shown"), { n: filters.found });
  find("clear").hidden = !filters.isFiltered;
  for (const chip of host.querySelectorAll("[data-filter]")) {
    const { filter, value } = chip.dataset;
    chip.querySelector(".count").textContent = filters.count(filter, value);
    const on = filters.params.getAll(filter).includes(value);
    chip.classList.toggle("is-on", on);
    chip.setAttribute("aria-pressed", String(on));
  }
  for (const link of document.querySelectorAll("[data-view]")) {
    const on = link.dataset.view === filters.view;
    link.classList.toggle("is-on", on);
    on ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }
}

/** Says what happened, to eyes at the foot of the grid and to screen readers. */
function speaker() {
  const line = find("said");
  return (text, tone = "info", detail = "") => {
    line.textContent = "";
    line.dataset.tone = tone;
    requestAnimationFrame(() => (line.textContent = text));
    if (tone === "error" && detail) portal.toast({ text: `${text} ${detail}`, tone });
  };
}

function wire(parts) {
  const { about, model, filters, layout, view, say, queue, editor, clipboard, live, conflict } = parts;
  const back = (result, words) => {
    if (!result) return say(gettext("There is nothing to take back.")), true;
    const [cell] = result.step;
    if (cell && view.place.has(cell.id)) view.go(cell.id, layout.names.includes(cell.name) ? cell.name : view.cursor.name);
    const skipped = result.skipped ? fill(gettext("{n} were changed by somebody else since and stay"), { n: result.skipped }) : "";
    say([fill(words, { n: result.done }), skipped].filter(Boolean).join("；"), result.skipped ? "warn" : "info");
    return true;
  };
  const does = {
    undo: () => back(model.undo(), gettext("Undone: {n} cells")),
    redo: () => back(model.redo(), gettext("Redone: {n} cells")),
    save: () => (queue.flush(), true),
    filter: () => (document.querySelector('.task-filters [name="q"]').focus(), true),
    help: () => (document.getElementById("tg-keys").showModal(), true),
    fill: () => clipboard.fillDown(),
    clear: () => clipboard.clear(),
    today: () => (clipboard.fillWith(() => about.today), true),
    unmark: () => ((view.marked = null), view.select()),
    drawer: () => drawer(about, view),
    sort: (name) => SORTED.includes(name) && filters.set("sort", [filters.sort === name ? `-${name}` : name]),
    collapse: (close) => fold(parts, close),
  };
  new Keyboard({ view, editor, does });
  const clicks = { undo: does.undo, redo: does.redo, columns: () => layout.choose(() => view.focus()), keys: does.help, clear: () => filters.clear(), "clear-all": () => filters.clear() };
  host.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tg]");
    const chip = event.target.closest("[data-filter]");
    if (chip) filters.flip(chip.dataset.filter, chip.dataset.value);
    else if (button && button.dataset.tg in clicks) clicks[button.dataset.tg]();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view]");
    if (!link) return;
    event.preventDefault();
    filters.set("view", link.dataset.view === "official" ? ["official"] : []);
  });
  find("bulk").addEventListener("submit", (event) => {
    event.preventDefault();
    bulk(parts);
  });
  filters.addEventListener("change", () => {
    if (layout.view !== filters.view) layout.show(filters.view);
    list(parts);
  });
  view.addEventListener("cursor", () => chosen(parts));
  view.input.addEventListener("focus", () => host.classList.add("has-focus"));
  view.input.addEventListener("blur", () => host.classList.remove("has-focus"));
  const redraw = (ids, flash) => {
    view.refresh(ids, flash);
    conflict.show();
    chosen(parts);
  };
  model.addEventListener("rows", ({ detail }) => redraw(detail.ids));
  live.addEventListener("rows", ({ detail }) => {
    if (detail.listed) list(parts);
    redraw(detail.ids, true);
  });
  live.addEventListener("status", () => {
    model.readOnly = gettext("The status of this book has changed. Load the page again to see what can be edited now.");
    say(model.readOnly, "warn");
    view.rebuild();
  });
  live.addEventListener("people", () => {
    find("people").textContent = live.people.length ? fill(gettext("Also here: {names}"), { names: live.people.map((one) => one.name).join("、") }) : "";
  });
  queue.addEventListener("state", () => saving(queue));
  queue.addEventListener("saved", () => document.body.dispatchEvent(new Event("task-changed")));
  addEventListener("beforeunload", (event) => {
    if (!queue.open) return;
    queue.flush();
    event.preventDefault();
  });
  saving(queue);
}

/** "Saved 09:42:10", "● not saved", "offline, 12 changes wait". */
function saving(queue) {
  const line = find("state");
  const { open, state, savedAt } = queue;
  const held = [...queue.entries.values()].some((e) => e.conflict || Object.values(e.fields).some((f) => f.held));
  const texts = {
    saving: gettext("Saving …"),
    offline: fill(gettext("Offline, {n} changes wait to be saved"), { n: open }),
    failed: fill(gettext("The server has a problem; {n} changes wait and are sent again"), { n: open }),
    "signed-out": fill(gettext("Session ended, {n} changes wait"), { n: open }),
    full: fill(gettext("{n} changes are kept in this page only: do not close it"), { n: open }),
  };
  const saved = savedAt ? fill(gettext("All saved {time}"), { time: clock(savedAt) }) : gettext("All saved");
  const waits = held ? fill(gettext("{n} not saved: see the marked cells"), { n: open }) : gettext("Not saved yet");
  line.textContent = texts[state] ?? (open ? `● ${waits}` : `✓ ${saved}`);
  line.dataset.state = texts[state] ? state : open ? "open" : "saved";
  host.classList.toggle("is-offline", ["offline", "failed", "signed-out"].includes(state));
}

function fold(parts, close) {
  const { view, model } = parts;
  const line = view.lines[view.place.get(view.cursor.line)];
  const key = line?.kind === "group" ? line.key : view.current && `g:${view.current.measure}`;
  if (!key || !view.place.has(key)) return true;
  const folded = close ?? !view.collapsed.has(key);
  view.collapsed[folded ? "add" : "delete"](key);
  if (folded && line.kind === "row") view.cursor = view.anchor = { ...view.cursor, line: key };
  list(parts);
  view.go(view.cursor.line, view.cursor.name);
  return Boolean(model);
}

/** "Chosen 3 × 2 · mean progress 58 %", and the bar that sets one value in many rows. */
function chosen({ view, model }) {
  const { rows, names } = view.chosen;
  const many = rows.length > 1;
  const mean = rows.length ? Math.round(rows.reduce((sum, row) => sum + row.progress, 0) / rows.length) : 0;
  find("chosen").textContent = many ? fill(gettext("Chosen {rows} × {columns} · mean progress {mean}%"), { rows: rows.length, columns: names.length, mean }) : "";
  find("bulk").hidden = !many;
  const row = view.current;
  const { name } = view.cursor;
  const wrong = row && (row.refused[name] || row.bad[name]?.why);
  const lock = row && model.lock(row, name);
  find("about").textContent = wrong || lock || "";
}

function bulk({ model, clipboard, say }) {
  const name = find("field").value;
  const text = find("value").value;
  const to = model.meaning(name, text);
  if (to.bad) say(to.bad.why, "error");
  else clipboard.fillWith(() => text, undefined, [name]);
}

/** The task beside the grid: its facts and its history. */
function drawer({ urls }, view) {
  const row = view.current;
  if (!row) return true;
  const address = `${urls.tasks}${encodeURIComponent(row.code)}/`;
  const content = el("div", { "aria-busy": "true" }, piece("wait"));
  const open = () => location.assign(address);
  const box = dialog(`${row.code} ${row.content}`, [content], [[gettext("Open the task's page"), "", open], [gettext("Close"), "btn-quiet"]], () => view.focus());
  box.classList.add("tg-drawer");
  fetch(address).then((response) => response.text()).then((text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    content.replaceChildren(...page.querySelectorAll("main .page-inner > :not(.page-head, .crumbs, nav)"));
    content.removeAttribute("aria-busy");
  }, () => box.close());
  return true;
}

if (host && document.documentElement.classList.contains("has-grid")) start();
