// Behaviour of every page: texts, htmx, menus, focus, keys. No inline code, no eval (the CSP forbids both).
"use strict";

const portal = (() => {
  const source = document.getElementById("script-texts");
  const texts = source ? JSON.parse(source.textContent) : {};
  const meta = (name) => (document.querySelector(`meta[name="${name}"]`) || {}).content || "";

  return {
    /** The message in the page's language; called with a literal, so that the catalogue finds it. */
    gettext: (message) => texts[message] || message,
    /** "{name} was saved" with {name: …} filled in. */
    fill: (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all)),
    csrfToken: () => meta("csrf-token"),
    signInUrl: () => meta("sign-in-url"),
    lang: document.documentElement.lang || "zh-Hans",
    calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    /** Replaced by toasts.js. */
    toast: () => {},
  };
})();
const gettext = portal.gettext;
window.portal = portal;
window.gettext = gettext;

// --- htmx: token, refused saves, lost sessions, failures ---

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = portal.csrfToken();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const signIn = portal.signInUrl();
  const path = xhr.responseURL ? new URL(xhr.responseURL).pathname : "";
  if (signIn && path === signIn && location.pathname !== signIn) {
    // The answer is the sign-in page: keep what was typed and let the person sign in first.
    event.detail.shouldSwap = false;
    const next = encodeURIComponent(location.pathname + location.search);
    portal.toast({
      text: gettext("Your session has ended. What you typed is still here."),
      tone: "warn",
      link: { href: `${signIn}?next=${next}`, text: gettext("Sign in") },
    });
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  const texts = {
    403: gettext("You are not allowed to do this. Ask the lead bureau or the coordinator."),
    404: gettext("This entry no longer exists, or you may not see it. Load the page again."),
    429: gettext("Too many requests. Wait a moment and try again."),
  };
  const otherwise = gettext("The server could not do this. Nothing was saved; try again in a moment.");
  portal.toast({ text: texts[status] || otherwise, tone: "error" });
});

document.addEventListener("htmx:sendError", () => {
  portal.toast({ text: gettext("The server cannot be reached. Check the connection and try again."), tone: "error" });
});

for (const [name, busy] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.addEventListener(name, (event) => {
    const target = event.detail.target;
    if (!target || target === document.body) return;
    if (busy) target.setAttribute("aria-busy", "true");
    else target.removeAttribute("aria-busy");
  });
}

// --- Forms: the summary of errors takes the focus; a select that submits its form ---

function focusErrors(root) {
  const summary = root.querySelector ? root.querySelector("[data-error-summary]") : null;
  const first = root.querySelector ? root.querySelector("[aria-invalid=true]") : null;
  if (summary) summary.focus();
  else if (first) first.focus();
}

document.addEventListener("htmx:afterSettle", (event) => focusErrors(event.detail.elt || document));

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
  (control || field).focus();
});

// --- Menus: one open at a time, Escape and a click outside close them ---

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    closeMenus();
    menu.querySelector("summary").focus();
    return;
  }
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.target.closest("input, textarea, select, [contenteditable=true]")) return;
    const box = document.querySelector('[data-hotkey="/"]');
    if (!box || box.offsetParent === null) return;
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// --- Dialogs: <button data-opens="id">, <button data-closes> ---

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog) dialog.showModal();
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    const dialog = closer.closest("dialog");
    if (dialog) dialog.close();
  }
  const printer = event.target.closest("[data-print]");
  if (printer) window.print();
});

// After a refused form the errors have the focus when the page opens.
document.addEventListener("DOMContentLoaded", () => focusErrors(document));
