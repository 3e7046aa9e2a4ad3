// The alarms raised now: what, how bad, how far and since when. Severity is a shape, a word and a colour.

import { locale, number, t } from "./words.js";

const RANK = { critical: 0, warning: 1 };

export function showAlarms(section, alarms, dials) {
  const active = alarms.filter((alarm) => alarm.state !== "closed");
  active.sort((one, other) => RANK[one.severity] - RANK[other.severity] || other.raised_at - one.raised_at);
  section.hidden = active.length === 0;
  section.replaceChildren(...active.map((alarm) => banner(alarm, dials.get(alarm.signal))));
}

function banner(alarm, dial) {
  const made = document.createElement("div");
  made.className = `alarm ${alarm.severity}`;
  made.dataset.state = alarm.state;
  const icon = document.createElement("span");
  icon.className = `icon icon-${alarm.severity}`;
  const words = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = `${alarm.severity_words}: ${alarm.words}`;
  const small = document.createElement("small");
  const since = new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(alarm.raised_at * 1000);
  const peak = `${number(alarm.peak, dial?.decimals ?? 1)}\u00a0${t(alarm.unit)}`;
  small.textContent = [t("Peak {value}", { value: peak }), t("since {time}", { time: since }), alarm.state === "active" ? "" : alarm.state_words]
    .filter(Boolean)
    .join(" · ");
  words.append(strong, small);
  made.append(icon, words);
  return made;
}
