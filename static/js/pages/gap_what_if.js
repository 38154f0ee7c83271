// Sliders of the what-if page: every move asks the server for point results; the latest answer wins.
"use strict";
(() => {
  const page = document.getElementById("what-if");
  if (!page) return;
  const { portal, gettext } = window;
  const { names } = JSON.parse(document.getElementById("what-if-start").textContent);
  const sliders = [...page.querySelectorAll("input[data-node]")];
  const kind = document.getElementById("id_kind");
  const rows = document.getElementById("what-if-rows");
  const form = document.getElementById("what-if-run");
  const own = rows.querySelector(".is-mine th")?.textContent;
  const shown = (name) => page.querySelector(`[data-out="${name}"]`);
  const one = new Intl.NumberFormat(portal.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const say = (value) => (value === null || value === undefined ? "–" : one.format(value));
  let asked = 0;
  let waiting = null;

  // A slider that was not moved stands for the exact weight, not for what it shows rounded.
  const weight = (slider) => Number(slider.value === slider.defaultValue ? slider.dataset.weight : slider.value);

  function choice() {
    const [type, region] = kind.value.split(":");
    return { weights: Object.fromEntries(sliders.map((s) => [s.dataset.node, weight(s)])), kind: type, region: region || null };
  }

  function show(answer) {
    shown("score").textContent = say(answer.own.score);
    shown("rank").textContent = answer.own.rank === null ? "–" : `${answer.own.rank} / ${answer.own.n_ranked}`;
    shown("gap").textContent = say(answer.gap);
    shown("benchmark").textContent = answer.benchmark.region ? names[answer.benchmark.region] : kind.selectedOptions[0].textContent;
    const order = [...answer.regions].sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || a.code.localeCompare(b.code));
    rows.replaceChildren(
      ...order.map((region) => {
        const row = document.createElement("tr");
        if (names[region.code] === own) row.className = "is-mine";
        const cells = [["td", region.rank ?? "–", "num"], ["th", names[region.code]], ["td", say(region.score), "num"]];
        for (const [tag, text, css] of cells) {
          const cell = document.createElement(tag);
          cell.textContent = text;
          if (css) cell.className = css;
          if (tag === "th") cell.scope = "row";
          row.append(cell);
        }
        return row;
      }),
    );
  }

  async function ask() {
    waiting = null;
    const number = ++asked;
    const body = JSON.stringify(choice());
    if (form) form.elements.choice.value = body;
    try {
      const answer = await fetch(page.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": portal.csrfToken() },
        body,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (number === asked) show(found); // an older answer that comes late is dropped
    } catch {
      if (number === asked) portal.toast({ text: gettext("The server cannot be reached. Check the connection and try again."), tone: "error" });
    }
  }

  function soon() {
    if (waiting === null) waiting = setTimeout(ask, 30);
  }

  for (const slider of sliders) {
    slider.addEventListener("input", () => {
      slider.parentElement.querySelector("output").textContent = one.format(Number(slider.value));
      soon();
    });
  }
  kind.addEventListener("change", soon);
  document.getElementById("what-if-reset").addEventListener("click", () => {
    for (const slider of sliders) {
      slider.value = slider.defaultValue;
      slider.parentElement.querySelector("output").textContent = one.format(Number(slider.value));
    }
    for (const option of kind.options) option.selected = option.defaultSelected;
    soon();
  });
  ask();
})();
