// The face of a gauge: an arc with its limits on it, and a needle that glides to where the value is.

const NS = "http://www.w3.org/2000/svg";
const CENTER = { x: 100, y: 100 };
const RADIUS = 80;
const FROM = -210; // degrees; 0 points right, angles grow clockwise
const SWEEP = 240;
const GLIDE = 0.09; // s in which the needle covers two thirds of the way
const still = matchMedia("(prefers-reduced-motion: reduce)");

function element(name, attributes) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function point(fraction, radius) {
  const angle = ((FROM + SWEEP * fraction) * Math.PI) / 180;
  return `${(CENTER.x + radius * Math.cos(angle)).toFixed(2)} ${(CENTER.y + radius * Math.sin(angle)).toFixed(2)}`;
}

function arc(from, to, radius) {
  const large = SWEEP * (to - from) > 180 ? 1 : 0;
  return `M${point(from, radius)}A${radius} ${radius} 0 ${large} 1 ${point(to, radius)}`;
}

/** Draws one signal. `show(value)` moves it; `null` takes the needle away. */
export class Dial {
  constructor(dial) {
    this.low = dial.low;
    this.high = dial.high;
    this.target = null;
    this.shown = null;
    this.svg = element("svg", { viewBox: "2 2 196 168", class: "dial", "aria-hidden": "true" });
    this.#scale(dial.limits);
    const origin = this.#fraction(Math.min(Math.max(0, this.low), this.high));
    this.origin = this.low < 0 && dial.unit !== "°C" ? origin : 0;
    this.value = element("path", { class: "dial-value" });
    this.needle = element("path", { class: "dial-needle", d: `M${point(0, RADIUS - 9)}L${point(0, RADIUS + 12)}` });
    this.svg.append(this.value, this.needle);
    this.#draw();
  }

  show(value) {
    this.target = value === null ? null : this.#fraction(value);
    if (this.shown === null || this.target === null || still.matches) {
      this.shown = this.target;
      this.#draw();
    } else gliding.add(this);
    glide();
  }

  /** One step of the animation, `seconds` long. Returns whether it has arrived. */
  step(seconds) {
    if (this.target === null || this.shown === null) return true;
    const rest = this.target - this.shown;
    const there = Math.abs(rest) < 0.0005;
    this.shown = there ? this.target : this.shown + rest * (1 - Math.exp(-seconds / GLIDE));
    this.#draw();
    return there;
  }

  #fraction(value) {
    return Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low)));
  }

  #scale(limits) {
    this.svg.append(element("path", { class: "dial-track", d: arc(0, 1, RADIUS) }));
    for (const [from, to, kind] of this.#zones(limits)) {
      if (to - from > 0.001) this.svg.append(element("path", { class: `dial-zone ${kind}`, d: arc(from, to, RADIUS + 13) }));
    }
    for (const [edge, kind] of this.#edges(limits)) {
      const mark = `M${point(edge, RADIUS - 6.5)}L${point(edge, RADIUS + 16)}`;
      this.svg.append(element("path", { class: `dial-edge ${kind}`, d: mark }));
    }
  }

  #zones({ warn_low, warn_high, crit_low, crit_high }) {
    const at = (value, otherwise) => (value === null ? otherwise : this.#fraction(value));
    return [
      [at(warn_high, 1), at(crit_high, 1), "warning"],
      [at(crit_high, 1), 1, "critical"],
      [at(crit_low, 0), at(warn_low, 0), "warning"],
      [0, at(crit_low, 0), "critical"],
    ];
  }

  #edges({ warn_low, warn_high, crit_low, crit_high }) {
    const given = [[warn_low, "warning"], [warn_high, "warning"], [crit_low, "critical"], [crit_high, "critical"]];
    return given.filter(([value]) => value !== null).map(([value, kind]) => [this.#fraction(value), kind]);
  }

  #draw() {
    const nowhere = this.shown === null;
    this.value.toggleAttribute("hidden", nowhere);
    this.needle.toggleAttribute("hidden", nowhere);
    if (nowhere) {
      this.value.setAttribute("d", "");
      return;
    }
    const from = Math.min(this.origin, this.shown);
    const to = Math.max(this.origin, this.shown);
    this.value.setAttribute("d", to - from < 0.002 ? "" : arc(from, to, RADIUS));
    this.needle.setAttribute("transform", `rotate(${(SWEEP * this.shown).toFixed(2)} ${CENTER.x} ${CENTER.y})`);
  }
}

const gliding = new Set();
let frame = 0;
let before = 0;

function glide() {
  if (frame === 0 && gliding.size > 0) {
    before = performance.now();
    frame = requestAnimationFrame(animate);
  }
}

function animate(now) {
  const seconds = Math.min(0.1, Math.max(0, (now - before) / 1000));
  before = now;
  for (const dial of gliding) if (dial.step(seconds)) gliding.delete(dial);
  frame = gliding.size > 0 ? requestAnimationFrame(animate) : 0;
}
