// The road map, part 10: the drawing as PNG. The server's SVG is painted on a canvas at twice its size; nothing but
// an address of this host is loaded, so the policy for images holds.
"use strict";

(() => {
  const { gettext } = window;
  const MOST = 16_000; // px a side; browsers refuse larger canvases

  function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async function png(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(2, MOST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-png]");
    if (!link) return;
    event.preventDefault();
    try {
      download(await png(link.href), `${link.dataset.png}.png`);
    } catch {
      window.portal.toast({ text: gettext("The picture could not be made. Take the SVG instead."), tone: "error" });
    }
  });
})();
