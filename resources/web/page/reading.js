// What is known of a signal now: its value, how old that is, how it stands to its limits, and the words for it.

import { ago, number, t } from "./words.js";

export const STALE_AFTER = 2; // s

/** What the terminal sent `elapsed` seconds ago (undefined: nothing yet), as it stands now. */
export function reading(sent, elapsed) {
  if (sent === undefined) return { state: "waiting", value: null, age: null };
  if (sent.value === null) return { state: "no answer", value: null, age: null };
  const age = sent.age_s + elapsed;
  return { state: age > STALE_AFTER ? "stale" : "live", value: sent.value, age };
}

/** "", "warning" or "critical", and the limit that says so: 110.0 is not over 110. */
export function level(value, limits) {
  if (value === null) return { kind: "" };
  if (limits.crit_high !== null && value > limits.crit_high) return { kind: "critical", above: limits.crit_high };
  if (limits.crit_low !== null && value < limits.crit_low) return { kind: "critical", below: limits.crit_low };
  if (limits.warn_high !== null && value > limits.warn_high) return { kind: "warning", above: limits.warn_high };
  if (limits.warn_low !== null && value < limits.warn_low) return { kind: "warning", below: limits.warn_low };
  return { kind: "" };
}

/** The value as people read it: a number with its decimals, or the meaning of a code. */
export function valueText(value, dial) {
  if (value === null) return "\u2013";
  if (dial.kind === "enum") return dial.states[value] ?? t("Code {n}", { n: number(value, 0) });
  if (dial.kind === "bits") {
    const set = Object.keys(dial.states).filter((bit) => (value >> bit) & 1);
    return set.map((bit) => dial.states[bit]).join(", ") || t("None");
  }
  return number(value, dial.decimals);
}

/** What to say below the value: nothing while all is well. */
export function remark(now, found, unitWords, decimals) {
  if (now.state === "waiting") return { icon: "", words: "" };
  if (now.state === "no answer") return { icon: "help", words: t("No answer") };
  if (now.state === "stale") return { icon: "stale", words: t("Stale, {age}", { age: ago(now.age) }) };
  if (found.kind === "") return { icon: "", words: "" };
  const limit = found.above ?? found.below;
  const amount = `${number(limit, Number.isInteger(limit) ? 0 : decimals)}\u00a0${unitWords}`;
  const words = found.above === undefined ? t("Under {limit}", { limit: amount }) : t("Over {limit}", { limit: amount });
  return { icon: found.kind, words };
}
