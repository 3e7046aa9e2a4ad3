// The page's words in the browser's language, as the terminal knows them; English is what the script itself holds.

let known = {};
let tongue = "en";

/** Fetch the words. Resolves also when that fails: English is better than an empty page. */
export async function learn() {
  try {
    const reply = await fetch(`/page/words.json?language=${encodeURIComponent(preferred())}`);
    const found = await reply.json();
    known = found.words;
    tongue = found.language;
  } catch {
    known = {};
  }
  document.documentElement.lang = tongue;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
}

/** The language asked of the terminal. */
export const preferred = () => (navigator.language || "en").slice(0, 35);

/** The language in use, for numbers and times. The region is the browser's: 1.5 or 1,5 is a matter of habit. */
export const locale = () => (preferred().startsWith(tongue) ? preferred() : tongue);

/** `text` in the language in use, with {name} fields filled in. */
export function t(text, values = {}) {
  return (known[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const formats = new Map();

/** A number with that many decimals, as this language writes it; no separator in four digits. */
export function number(value, decimals) {
  const key = `${locale()}/${decimals}`;
  if (!formats.has(key)) {
    formats.set(
      key,
      new Intl.NumberFormat(locale(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "min2" }),
    );
  }
  return formats.get(key).format(value).replace("-", "\u2212");
}

/** How long ago, short: 4 s, 3 min, 2 h. */
export function ago(seconds) {
  if (seconds < 90) return t("{n} s", { n: number(Math.floor(seconds), 0) });
  if (seconds < 5400) return t("{n} min", { n: number(Math.round(seconds / 60), 0) });
  return t("{n} h", { n: number(Math.round(seconds / 3600), 0) });
}
