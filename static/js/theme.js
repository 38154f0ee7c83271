// Runs before the first paint: marks the page as scripted and, when the cookie is lost, takes the remembered theme.
"use strict";
(() => {
  const root = document.documentElement;
  const THEMES = ["light", "dark", "system"];
  root.classList.add("has-js");

  function remembered() {
    try {
      return localStorage.getItem("portal-theme");
    } catch {
      return null; // storage is switched off
    }
  }

  function apply(theme) {
    root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-form] button[name=theme]")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  }

  function choose(theme) {
    if (!THEMES.includes(theme)) return;
    try {
      localStorage.setItem("portal-theme", theme);
    } catch {
      // The cookie alone remembers it.
    }
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; SameSite=Lax${secure}`;
    apply(theme);
  }

  const stored = remembered();
  if (!/(^|; )theme=/.test(document.cookie) && THEMES.includes(stored)) choose(stored);
  else if (!THEMES.includes(root.dataset.theme)) root.dataset.theme = "system";

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    choose(event.submitter.value);
    const menu = form.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (root.dataset.theme === "system") document.dispatchEvent(new CustomEvent("themechange", { detail: "system" }));
  });
})();
