// One gauge on the page: title, face, number, and in words what is wrong with it, if anything is.

import { Dial } from "./dial.js";
import { level, reading, remark, valueText } from "./reading.js";
import { Trend } from "./trend.js";
import { number, t } from "./words.js";

function make(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

/** By its length the number gets its size, so that it never touches the arc; a point takes little room. */
const lengthOf = (text) => Math.min(6, Math.max(3, text.length - (/[.,]/.test(text) ? 0.5 : 0)));

export class Tile {
  /** `dial` is a row of the catalogue, `track` the signal's past; `pressed` is called when it is tapped. */
  constructor(dial, track, wide, pressed) {
    this.dial = dial;
    this.track = track;
    this.wide = wide;
    this.value = make("span", "number");
    this.remarkIcon = make("span", "icon");
    this.remarkWords = make("span", "");
    this.remark = make("span", "remark", this.remarkIcon, this.remarkWords);
    const longWord = dial.title.split(" ").some((word) => word.length > 20); // German has them
    this.button = make("button", "tile", make("span", longWord ? "title tight" : "title", dial.title), this.#face());
    this.button.type = "button";
    this.button.addEventListener("click", () => pressed(dial.name));
    this.element = make("li", wide ? "wide" : "", this.button);
    this.shown = {};
  }

  #face() {
    if (this.dial.kind !== "number") return make("span", "face words", this.value, this.remark);
    this.arc = new Dial(this.dial);
    const ends = make("span", "ends", make("span", "", this.#end(this.dial.low)), make("span", "", this.#end(this.dial.high)));
    const figure = make("span", "figure", this.value, make("span", "unit", t(this.dial.unit)));
    const face = make("span", "face", make("span", "arc", this.arc.svg, figure, ends, this.remark));
    if (this.wide) {
      this.trend = new Trend(this.track, this.dial);
      this.facts = make("span", "facts");
      face.append(make("span", "past", this.trend.svg, make("span", "span", t("Last minute")), this.facts));
    }
    return face;
  }

  /** There is room for five digits and a sign at either end. */
  #end(value) {
    return Math.abs(value) >= 100000 && value % 1000 === 0 ? `${number(value / 1000, 0)}k` : number(value, Number.isInteger(value) ? 0 : 1);
  }

  /** Show what the terminal sent `elapsed` seconds ago. */
  show(sent, elapsed) {
    const known = reading(sent, elapsed);
    const found = known.state === "live" && this.dial.kind === "number" ? level(known.value, this.dial.limits) : { kind: "" };
    const text = valueText(known.value, this.dial);
    this.#set("text", text, () => {
      this.value.textContent = text;
      this.value.dataset.length = Math.ceil(lengthOf(text));
    });
    const said = remark(known, found, t(this.dial.unit), this.dial.decimals);
    this.#set("remark", `${said.icon}/${said.words}`, () => {
      this.remarkIcon.className = said.icon ? `icon icon-${said.icon}` : "icon";
      this.button.dataset.remark = said.words === "" ? "no" : "yes";
      this.remarkWords.textContent = said.words;
    });
    this.#set("look", `${known.state}/${found.kind}`, () => {
      this.button.dataset.state = known.state;
      this.button.dataset.level = found.kind;
    });
    this.#set("needle", known.value, () => this.arc?.show(known.value));
    return { known, said, text };
  }

  /** The slower part, about twice a second: the trend, its figures, and what a screen reader says. */
  showSlowly(sent, elapsed, now) {
    const { said, text } = this.show(sent, elapsed);
    this.button.setAttribute("aria-label", [`${this.dial.title}: ${text} ${t(this.dial.unit)}`, said.words].filter(Boolean).join(", "));
    if (!this.trend) return;
    this.trend.draw(now);
    const facts = figures(this.track, this.dial);
    this.#set("facts", facts.join(), () => this.facts.replaceChildren(...facts.map((fact) => make("span", "", fact))));
  }

  #set(name, value, apply) {
    if (this.shown[name] === value) return;
    this.shown[name] = value;
    apply();
  }
}

/** Lowest, mean and highest since the page was opened, in words. */
export function figures(track, dial) {
  if (track.count === 0) return [];
  return [
    t("Lowest {value}", { value: number(track.lowest, dial.decimals) }),
    t("Mean {value}", { value: number(track.mean, dial.decimals) }),
    t("Highest {value}", { value: number(track.highest, dial.decimals) }),
  ];
}
