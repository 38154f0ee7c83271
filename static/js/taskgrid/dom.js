/** Small helpers for the page. */

/** An element: el("div.tg-cell", {role: "gridcell"}, "text", child…). Attributes that are null are left out. */
export function el(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const pieces = new Map();

/** A copy of what the page holds in <template id="tg-…">. */
export function piece(name) {
  if (!pieces.has(name)) pieces.set(name, document.getElementById(`tg-${name}`)?.content.firstElementChild ?? el("span"));
  return pieces.get(name).cloneNode(true);
}

export const fill = (text, values) => portal.fill(text, values);

/** A signal that ends a request after some milliseconds (AbortSignal.timeout is too young for the oldest browsers). */
export function timeout(milliseconds) {
  const control = new AbortController();
  setTimeout(() => control.abort(), milliseconds);
  return control.signal;
}

/** A time of today as a clock shows it here. */
export const clock = (date) => date.toLocaleTimeString("zh-CN", { hour12: false });

/** A dialog with a heading, content and buttons [[text, style, action]]; it goes away when it is closed. */
export function dialog(title, content, buttons, onclose = () => {}) {
  const label = `tg-dialog-${Math.random().toString(36).slice(2)}`;
  const bar = el("div.btn-row.form-actions");
  const close = el("button.icon-btn", { type: "button", "data-closes": true, "aria-label": gettext("Close") }, "×");
  const head = el("div.dialog-head", {}, el("h2", { id: label }, title), close);
  const box = el("dialog.dialog.tg-dialog", { "aria-labelledby": label }, head, ...content, bar);
  for (const [text, style, action] of buttons) {
    const button = el(`button.btn${style ? `.${style}` : ""}`, { type: "button" }, text);
    button.addEventListener("click", () => {
      if (action?.() !== false) box.close();
    });
    bar.append(button);
  }
  box.addEventListener("close", () => {
    box.remove();
    onclose();
  });
  document.body.append(box);
  box.showModal();
  return box;
}
