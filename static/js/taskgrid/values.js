/** Texts as people type them ⇄ values as the server keeps them. Pure: no page, no state. */

const gettext = (message) => (globalThis.gettext ? globalThis.gettext(message) : message);
const fill = (message, values) => message.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

/** Full-width figures and signs as plain ones, outer blanks off. */
const plain = (text) => text.normalize("NFKC").trim();

const pad = (number) => String(number).padStart(2, "0");

function isoDate(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real && year >= 2000 && year <= 2100 ? `${year}-${pad(month)}-${pad(day)}` : undefined;
}

const DATES = [
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/,
  /^(\d{4})年(\d{1,2})月(\d{1,2})日?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
];

/** "2026.5.1", "2026年5月1日", an Excel serial → "2026-05-01"; "" → null; undefined when it is no date. */
export function parseDate(text) {
  const wanted = plain(text).replace(/\s+/g, "");
  if (!wanted) return null;
  for (const pattern of DATES) {
    const found = pattern.exec(wanted);
    if (found) return isoDate(+found[1], +found[2], +found[3]);
  }
  if (/^\d{5}$/.test(wanted)) {
    const date = new Date(Date.UTC(1899, 11, 30) + Number(wanted) * 86400000);
    return isoDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  }
  return undefined;
}

/** "70" and "70%" → 70; undefined for everything that is not a whole number from 0 to 100. */
export function parsePercent(text) {
  const wanted = plain(text).replace(/\s*%$/, "");
  if (!wanted) return 0;
  const number = Number(wanted);
  return /^\d{1,3}(\.0+)?$/.test(wanted) && number <= 100 ? number : undefined;
}

/** A weight: 0 to 100 with at most two decimals; "" → null. */
export function parseNumber(text) {
  const wanted = plain(text);
  if (!wanted) return null;
  const number = Number(wanted);
  return /^\d{1,3}(\.\d{1,2}0*)?$/.test(wanted) && number <= 100 ? number : undefined;
}

/** The choices of a column, to be found by code, by name, by what else people call them, by pinyin initials. */
export class Choices {
  constructor(options) {
    this.options = options.map(([code, label, keys = "", names = []]) => ({ code, label, keys, names }));
    this.byCode = new Map(this.options.map((option) => [option.code, option]));
    this.byName = new Map();
    for (const option of this.options) {
      for (const name of [option.label, ...option.names]) if (!this.byName.has(name)) this.byName.set(name, option);
    }
  }

  label(code) {
    return this.byCode.get(code)?.label ?? code ?? "";
  }

  find(text) {
    const wanted = text.trim();
    return this.byName.get(wanted) ?? this.byCode.get(wanted);
  }

  /** Those that fit what was typed: by initials or pinyin first letters, or anywhere in the name. */
  matching(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return this.options;
    const fits = (o) => o.label.toLowerCase().includes(wanted) || o.keys.split(" ").some((key) => key.includes(wanted));
    const rank = (o) => (o.label.toLowerCase().startsWith(wanted) || o.keys.startsWith(wanted) ? 0 : 1);
    return this.options.filter(fits).sort((a, b) => rank(a) - rank(b));
  }
}

const SEPARATORS = /[、,，;；\n]+/;

function parseChoices(choices, text) {
  const codes = [];
  for (const name of text.split(SEPARATORS).map((part) => part.trim()).filter(Boolean)) {
    const found = choices.find(name);
    if (!found) return { error: fill(gettext("There is no “{name}” to choose here."), { name: name.slice(0, 40) }) };
    if (!codes.includes(found.code)) codes.push(found.code);
  }
  return { value: codes };
}

function parseText(column, text) {
  const value = (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text).trim();
  if (column.required && !value) return { error: gettext("This must not be empty.") };
  const length = column.max && value.length > column.max ? [...value].length : 0;
  if (length > column.max) {
    return { error: fill(gettext("Too long: {n} characters of at most {max}."), { n: length, max: column.max }) };
  }
  return { value };
}

const NUMBERS = {
  date: (text) => [parseDate(text), gettext("This is not a date. Please write it like 2026-06-30.")],
  percent: (text) => [parsePercent(text), gettext("The progress is a whole number from 0 to 100.")],
  number: (text) => [parseNumber(text), gettext("A number from 0 to 100 with at most two decimals.")],
};

/** What a typed or pasted text means in a column: {value}, or {error} with a sentence for people. */
export function parse(column, text, choices) {
  if (column.editor in NUMBERS) {
    const [value, sentence] = NUMBERS[column.editor](text);
    return value === undefined ? { error: sentence } : { value };
  }
  if (column.editor === "choices") return parseChoices(choices, text);
  if (column.editor === "choice") {
    const found = choices.find(text);
    if (found) return { value: found.code };
    if (!text.trim() && !column.required) return { value: "" };
    const name = text.trim().slice(0, 40);
    return { error: name ? fill(gettext("There is no “{name}” to choose here."), { name }) : gettext("This must not be empty.") };
  }
  return parseText(column, text);
}

/** A value as the text that is shown, edited and copied. */
export function format(column, value, choices) {
  if (value === null || value === undefined) return "";
  if (column.editor === "choices") return value.map((code) => choices.label(code)).join("、");
  if (column.editor === "choice" || column.name === "light") return value === "" ? "" : choices.label(value);
  if (column.editor === "percent") return `${value}%`;
  return String(value);
}

/** Whether two values of a cell are the same. */
export function same(a, b) {
  if (Array.isArray(a) || Array.isArray(b)) return (a ?? []).join("\n") === (b ?? []).join("\n");
  return (a ?? "") === (b ?? "");
}
