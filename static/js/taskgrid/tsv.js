/** Tables as spreadsheets put them on the clipboard: cells parted by tabs, quoted when they hold tabs, quotes, breaks. */

/** A text from the clipboard as rows of texts. A quote counts only where a cell begins. */
export function readTable(text) {
  if (!text.includes('"')) return text.replace(/\r?\n$/, "").split(/\r\n?|\n/).map((line) => line.split("\t"));
  const rows = [];
  let row = [];
  let at = 0;
  const end = text.length;
  while (at < end) {
    let cell;
    if (text[at] === '"' && closing(text, at) > 0) {
      const close = closing(text, at);
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    } else {
      let stop = at;
      while (stop < end && text[stop] !== "\t" && text[stop] !== "\n" && text[stop] !== "\r") stop += 1;
      cell = text.slice(at, stop);
      at = stop;
    }
    row.push(cell.replace(/\r\n?/g, "\n"));
    if (text[at] === "\t") {
      at += 1;
      if (at === end) row.push("");
      continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    rows.push(row);
    row = [];
  }
  if (row.length) rows.push(row);
  return rows;
}

/** Where the quoted cell that begins at `start` closes, or 0: the quote is then a plain character. */
function closing(text, start) {
  let at = start + 1;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return 0;
    if (text[at + 1] === '"') {
      at += 2;
      continue;
    }
    const next = text[at + 1];
    return next === undefined || next === "\t" || next === "\n" || next === "\r" ? at : 0;
  }
}

/** Rows of texts for the clipboard. */
export function writeTable(rows) {
  const cell = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\r\n");
}

/** A pasted web table as rows of texts (for clipboards that hold nothing plainer). */
export function readHtml(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const rows = [...page.querySelectorAll("tr")].map((tr) => [...tr.cells].map((td) => td.textContent.trim()));
  return rows.length ? rows : [[page.body.textContent.trim()]];
}
