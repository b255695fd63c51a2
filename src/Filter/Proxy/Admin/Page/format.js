// Sizes, times and counts as `fastgate status` writes them, and text from clients made safe to read.

/** Text for a value that is not known. */
export const none = "–";

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

export function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** The objects of a list; empty if it is none. */
export function list(value) {
  return Array.isArray(value) ? value.filter((item) => item !== null && typeof item === "object") : [];
}

export function count(value) {
  return isNumber(value) ? value.toLocaleString("en-US", { maximumFractionDigits: 0 }) : none;
}

export function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

export function rate(value) {
  if (!isNumber(value)) return none;
  return value < 9.95 ? `${Number(value.toFixed(1))}` : count(value);
}

export function share(part, whole) {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : none;
}

export function bytes(value) {
  if (!isNumber(value)) return none;
  let unit = 0;
  // 999.5 and more would round to four digits.
  for (; value >= 999.5 && unit < byteUnits.length - 1; unit++) value /= 1000;
  return unit === 0 ? `${Math.round(value)} B` : rounded(value, byteUnits[unit]);
}

/** Formats seconds: 41 µs, 1.2 ms, 3m05s. */
export function time(seconds) {
  if (!isNumber(seconds) || seconds < 0) return none;
  if (seconds < 999.5e-6) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return rounded(seconds * 1e3, "ms");
  if (seconds < 59.95) return rounded(seconds, "s");
  return duration(seconds);
}

/** Formats whole seconds as the two largest units: 12 s, 3m05s, 2h10m, 5d03h. */
export function duration(seconds) {
  if (!isNumber(seconds) || seconds < 0) return none;
  const whole = Math.round(seconds);
  const two = (value) => `${Math.floor(value)}`.padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}h${two((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86400)}d${two((whole % 86400) / 3600)}h`;
}

/**
 * Escapes control and format characters, which could reverse the direction of the text around them, and cuts the
 * middle out of a long text, since both ends of a path say more.
 */
export function clean(text, lengthMax = 120) {
  const all = [...String(text)].slice(0, 10_000);
  const tail = Math.floor((lengthMax - 1) / 2);
  const shown = all.length <= lengthMax ? all : [...all.slice(0, lengthMax - 1 - tail), "…", ...all.slice(-tail)];
  return shown.map(escaped).join("");
}

function escaped(character) {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(character)
    ? `\\u{${character.codePointAt(0).toString(16).toUpperCase()}}`
    : character;
}

function rounded(value, unit) {
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
