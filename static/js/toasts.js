// Short notices in a live region, with undo. Server side: dalian_coop.ui.pages.notify and with_toast.
"use strict";
(() => {
  const region = document.getElementById("toasts");
  if (!region) return;
  const template = document.getElementById("toast-template");
  const SECONDS = { ok: 6, success: 6, info: 6, warn: 12, warning: 12, undo: 12 }; // errors stay until they are closed

  const ICONS = { ok: "circle-check", success: "circle-check", warn: "alert", warning: "alert", error: "error" };

  function setIcon(toast, name) {
    const use = toast.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  }

  /** Close `toast` after its time, but never while it is pointed at or holds the focus. */
  function expire(toast, seconds) {
    if (!seconds) return;
    let timer = 0;
    const start = () => {
      timer = setTimeout(() => toast.remove(), seconds * 1000);
    };
    const stop = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("pointerleave", start);
    toast.addEventListener("focusout", start);
    start();
  }

  function undo(url, target) {
    if (target && window.htmx) {
      window.htmx.ajax("POST", url, { target, swap: "outerHTML" });
      return;
    }
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = window.portal.csrfToken();
    form.append(token);
    document.body.append(form);
    form.submit();
  }

  /** @param {{text: string, tone?: string, undo?: string, target?: string, link?: {href: string, text: string}}} notice */
  function show(notice) {
    const tone = notice.tone || "info";
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.classList.add(`toast-${tone}`);
    toast.querySelector(".toast-text").textContent = notice.text;
    setIcon(toast, ICONS[tone] || "info");
    if (tone === "error") toast.setAttribute("role", "alert");
    const button = toast.querySelector("[data-toast-undo]");
    if (notice.undo) {
      button.hidden = false;
      button.addEventListener("click", () => {
        undo(notice.undo, notice.target);
        toast.remove();
      });
    }
    if (notice.link) {
      const link = document.createElement("a");
      link.className = "btn btn-sm";
      link.href = notice.link.href;
      link.textContent = notice.link.text;
      button.after(link);
    }
    region.append(toast);
    expire(toast, notice.link ? 0 : SECONDS[notice.undo ? "undo" : tone]);
  }

  window.portal.toast = show;
  document.addEventListener("toast", (event) => show(event.detail)); // HX-Trigger: {"toast": {…}}
  region.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  });
  for (const toast of region.querySelectorAll("[data-toast]")) {
    if (!toast.classList.contains("toast-error")) expire(toast, toast.querySelector("form") ? 12 : 6);
  }
})();
