/** Keys and pointer. What a key does while nothing is edited, and the few that matter while something is. */

const GO = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const FAR = 1e6;

export class Keyboard {
  /** `does` holds the actions: undo, redo, save, filter, help, drawer, fill, today, collapse, clear. */
  constructor({ view, editor, does }) {
    Object.assign(this, { view, editor, does, leaving: false });
    view.input.addEventListener("keydown", (event) => this.key(event));
    view.scroller.addEventListener("pointerdown", (event) => this.down(event));
    view.scroller.addEventListener("dblclick", (event) => this.twice(event));
  }

  key(event) {
    // 229: the key belongs to the input method, whatever its name is (Enter on macOS, Process on Windows).
    if (event.isComposing || event.keyCode === 229 || this.editor.composing) return;
    const handled = this.editor.edit ? this.editing(event) : this.walking(event);
    if (handled) event.preventDefault();
    if (event.key !== "Escape" && event.key !== "Tab" && event.key !== "Shift") this.leaving = false;
  }

  editing(event) {
    const { editor, view } = this;
    const { key, shiftKey, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (key === "Escape") return editor.close(false);
    if (key === "Enter" && altKey) return this.newline();
    if (key === "Enter") {
      const several = editor.edit.column.editor === "choices";
      if (several && editor.token.trim() && editor.pick(editor.at, false)) return true;
      editor.close(true);
      view.move(shiftKey ? -1 : 1, 0);
      return true;
    }
    if (key === "Tab") {
      if (editor.found && editor.edit.column.editor === "choice" && editor.token.trim()) editor.pick(editor.at, false);
      editor.close(true);
      return this.tab(shiftKey);
    }
    if (command && key.toLowerCase() === "s") {
      editor.close(true);
      return this.does.save();
    }
    if (editor.found && (key === "ArrowDown" || key === "ArrowUp")) {
      editor.point(key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (key in GO && editor.edit.mode === "type" && !command && !shiftKey && !altKey) {
      editor.close(true);
      view.move(...GO[key]);
      return true;
    }
    return false;
  }

  newline() {
    const { input } = this.view;
    input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end");
    this.editor.grow();
    return true;
  }

  walking(event) {
    const { view, editor, does } = this;
    const { key, shiftKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (key in GO) return this.arrow(event, command);
    if (key === "Tab") return this.leaving ? this.leave(shiftKey) : this.tab(shiftKey);
    if (command) return this.command(key.toLowerCase(), shiftKey);
    if (key === "Enter" && event.altKey) return does.drawer();
    if (key === "Enter" || key === "F2") {
      if (!view.current) return does.collapse();
      editor.open(this.view.model.text(view.current, view.cursor.name), "edit");
      return true;
    }
    const { page } = view;
    const steps = { PageUp: [-page, 0], PageDown: [page, 0], Home: [0, -FAR], End: [0, FAR] };
    if (key in steps) {
      view.move(...steps[key], shiftKey);
      return true;
    }
    if (key === "Delete" || key === "Backspace") return does.clear();
    if (key === "Escape") {
      this.leaving = true;
      does.unmark();
      return true;
    }
    if (key === "F1") return does.help();
    return false;
  }

  arrow(event, command) {
    const [down, right] = GO[event.key];
    if (event.altKey) return this.does.collapse(right < 0);
    this.view.move(command ? down * FAR : down, command ? right * FAR : right, event.shiftKey);
    return true;
  }

  command(key, shift) {
    const { view, does } = this;
    if (key === "home" || key === "end") {
      const by = key === "home" ? -FAR : FAR;
      view.move(by, by, shift);
      return true;
    }
    if (key === "a") {
      const { names } = view.layout;
      view.cursor = { line: view.lines[0]?.key ?? "", name: names[0] };
      view.anchor = { line: view.lines.at(-1)?.key ?? "", name: names.at(-1) };
      view.select();
      view.dispatchEvent(new Event("cursor"));
      return true;
    }
    const actions = { z: shift ? does.redo : does.undo, y: does.redo, d: does.fill, s: does.save, f: does.filter, ";": does.today, enter: does.drawer };
    return key in actions ? actions[key]() : false;
  }

  /** Cell by cell; at the end of the row (and after Escape at once) the focus leaves the grid. */
  tab(back) {
    const { names } = this.view.layout;
    const c = names.indexOf(this.view.cursor.name) + (back ? -1 : 1);
    if (c < 0 || c >= names.length) return this.leave(back);
    this.view.go(this.view.cursor.line, names[c]);
    return true;
  }

  leave(back) {
    this.leaving = false;
    const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
    const open = stops.filter((node) => node.offsetParent && !node.disabled && (!this.view.scroller.contains(node) || node === this.view.input));
    const next = open[open.indexOf(this.view.input) + (back ? -1 : 1)];
    next?.focus();
    return Boolean(next);
  }

  // --- Pointer ---

  down(event) {
    if (event.button > 0 || event.target === this.view.input) return;
    const { view } = this;
    const grip = event.target.closest("[data-grip]");
    if (grip) return this.drag(event, grip.dataset.grip);
    const head = event.target.closest("[data-head]");
    if (head) {
      event.preventDefault();
      return event.shiftKey ? this.column(head.dataset.head) : this.does.sort(head.dataset.head);
    }
    const at = this.cellAt(event.clientX, event.clientY, event.target);
    if (!at) return undefined;
    // The focus stays in the input without the page selecting anything: a selection put back would end a composition.
    event.preventDefault();
    this.editor.close(true);
    view.focus();
    if (event.target.closest(".tg-twist")) {
      view.go(at.line, at.name);
      return this.does.collapse();
    }
    view.go(at.line, at.name, event.shiftKey);
    return this.sweep(event);
  }

  cellAt(x, y, target = document.elementFromPoint(x, y)) {
    const cell = target?.closest?.(".tg-body .tg-cell");
    if (!cell) return null;
    const n = Number(cell.parentNode.getAttribute("aria-rowindex")) - 2;
    return this.view.lines[n] ? { line: this.view.lines[n].key, name: cell.dataset.name } : null;
  }

  /** Drag over cells; at the edge the grid scrolls on. */
  sweep(event) {
    const { view } = this;
    const box = view.scroller;
    let point = { x: event.clientX, y: event.clientY };
    const follow = () => {
      const edge = box.getBoundingClientRect();
      const push = (at, low, high) => (at < low + 24 ? -20 : at > high - 24 ? 20 : 0);
      box.scrollTop += push(point.y, edge.top + view.head.offsetHeight, edge.bottom);
      if (point.x > edge.right - 24 || point.x < edge.left) box.scrollLeft += push(point.x, edge.left, edge.right);
      const within = (v, low, high) => Math.max(low + 2, Math.min(high - 14, v));
      const y = within(point.y, edge.top + view.head.offsetHeight, edge.bottom);
      const at = this.cellAt(within(point.x, edge.left, edge.right), y);
      if (!at || (at.line === view.cursor.line && at.name === view.cursor.name)) return;
      view.cursor = at;
      view.paint();
      view.dispatchEvent(new Event("cursor"));
    };
    let moved = false;
    const timer = setInterval(() => moved && follow(), 40);
    const track = (e) => {
      moved ||= Math.abs(e.clientX - point.x) + Math.abs(e.clientY - point.y) > 3;
      if (moved) point = { x: e.clientX, y: e.clientY };
    };
    this.until(track, () => {
      clearInterval(timer);
      if (moved) follow();
    });
  }

  drag(event, name) {
    event.preventDefault();
    const { layout } = this.view;
    const from = layout.width(name) - event.clientX;
    this.until((e) => {
      layout.rules.get(name).style.width = `${Math.max(40, from + e.clientX)}px`;
    }, (e) => layout.resize(name, from + e.clientX));
  }

  until(onmove, onend) {
    const end = (event) => {
      removeEventListener("pointermove", onmove);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      onend(event);
    };
    addEventListener("pointermove", onmove);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  column(name) {
    const { view } = this;
    view.cursor = { line: view.lines[0]?.key ?? "", name };
    view.anchor = { line: view.lines.at(-1)?.key ?? "", name };
    view.focus();
    view.select();
    view.dispatchEvent(new Event("cursor"));
  }

  twice(event) {
    if (!event.target.closest(".tg-body, .tg-input") || this.editor.edit) return;
    if (this.view.current) this.editor.open(this.view.model.text(this.view.current, this.view.cursor.name), "edit");
    else this.does.collapse();
  }
}
