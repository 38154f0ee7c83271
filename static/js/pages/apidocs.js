// The documentation of the interface: sends GET requests with the reader's own session and shows the answer.
"use strict";

(function () {
  const LONGEST = 8000;
  const HEADERS = ["Content-Type", "ETag", "Link", "RateLimit", "X-Request-ID", "X-Sync-Cursor", "X-Row-Count"];

  function address(form) {
    const query = new URLSearchParams();
    let path = form.dataset.path;
    for (const input of form.querySelectorAll("input, select")) {
      const value = input.value.trim();
      if (input.dataset.place === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(value));
      else if (value) query.append(input.name, value);
    }
    const text = query.toString();
    return text ? `${path}?${text}` : path;
  }

  function pretty(text, type) {
    if (!/json/.test(type) || /ndjson/.test(type)) return text;
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch (error) {
      return text;
    }
  }

  async function send(event) {
    const form = event.target.closest("form[data-try]");
    if (!form) return;
    event.preventDefault();
    const output = form.querySelector("output");
    const url = address(form);
    output.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "*/*" } });
      const type = answer.headers.get("Content-Type") || "";
      const body = /sheet|zip/.test(type) ? "" : await answer.text();
      const lines = [`GET ${url}`, `${answer.status} ${answer.statusText}`];
      for (const name of HEADERS) {
        const value = answer.headers.get(name);
        if (value) lines.push(`${name}: ${value.slice(0, 300)}`);
      }
      const shown = pretty(body, type);
      output.querySelector("pre").textContent =
        `${lines.join("\n")}\n\n${shown.slice(0, LONGEST)}${shown.length > LONGEST ? "\n…" : ""}`;
    } catch (error) {
      output.querySelector("pre").textContent = `GET ${url}\n${error.message}`;
    }
    output.hidden = false;
    output.removeAttribute("aria-busy");
  }

  document.addEventListener("submit", send);
})();
