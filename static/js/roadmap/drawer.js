// The road map, part 9: the drawer with one task or milestone, filled by the server.
"use strict";

(() => {
  const { gettext } = window;

  window.roadmap.drawer = (node, { closed, changed }) => {
    const body = node.querySelector("[data-drawer-body]");
    let opener = null;

    function close() {
      if (node.hidden) return;
      node.hidden = true;
      body.replaceChildren();
      closed(opener);
    }

    /** Load an address into the drawer and give it the focus; `from` gets it back on closing. */
    function open(address, from) {
      opener = from || opener;
      node.hidden = false;
      body.setAttribute("aria-busy", "true");
      window.htmx.ajax("GET", address, { target: body, swap: "innerHTML" }).then(() => {
        body.removeAttribute("aria-busy");
        const heading = node.querySelector("h2[tabindex]");
        if (heading) heading.focus();
      });
    }

    node.addEventListener("click", (event) => {
      if (event.target.closest("[data-drawer-close]")) close();
    });
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) close();
    });
    document.body.addEventListener("roadmap-changed", () => changed());
    body.addEventListener("htmx:afterSwap", () => {
      const message = body.querySelector("[data-say]");
      if (message) window.portal.toast({ text: message.textContent, tone: message.dataset.say || "ok" });
    });
    node.setAttribute("aria-label", gettext("Details"));
    return { open, close, isOpen: () => !node.hidden };
  };
})();
