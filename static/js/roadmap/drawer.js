// The road map, part 9: the drawer with one task or milestone, filled by the server.
"use strict";

(() => {
  const { gettext } = window;

  window.roadmap.drawer = (node, { closed, changed, show }) => {
    const body = node.querySelector("[data-drawer-body]");
    let opener = null;

    function close() {
      if (node.hidden) return;
      node.hidden = true;
      body.replaceChildren();
      const from = opener;
      opener = null;
      closed(from);
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
      const stone = event.target.closest("[data-show-stone]"); // of the list of what moved: look at it in the drawing
      if (!stone) return;
      close();
      show(stone.dataset.showStone);
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-rm-moved]");
      if (button) open(button.dataset.rmMoved, button);
    });
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) close();
    });
    document.body.addEventListener("roadmap-changed", () => changed());
    body.addEventListener("htmx:afterSwap", (event) => {
      if (event.target.id === "rm-preview") node.scrollTop = Math.max(event.target.offsetTop - 70, 0);
      const message = body.querySelector("[data-say]");
      if (message) window.portal.toast({ text: message.textContent, tone: message.dataset.say || "ok" });
    });
    node.setAttribute("aria-label", gettext("Details"));
    return { open, close, isOpen: () => !node.hidden };
  };
})();
