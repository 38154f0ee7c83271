// The wall display's clock. The figures are fetched anew every five minutes by htmx.
"use strict";

for (const clock of document.querySelectorAll("[data-clock]")) {
  const show = () => {
    const now = new Date();
    const text = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
    if (clock.textContent !== text) clock.textContent = text;
  };
  show();
  setInterval(show, 1000);
}
