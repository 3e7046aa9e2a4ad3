// What a signal did in the last minute, as a line; and since the page was opened, as lowest, mean and highest.

const NS = "http://www.w3.org/2000/svg";
export const SPAN = 60; // s
const GAP = 3; // s without a sample: the line breaks, because nobody knows what the value did

/** The recent past of one signal. Times are seconds of `performance.now()`. */
export class Track {
  constructor() {
    this.samples = []; // [t, value], oldest first
    this.lowest = Infinity;
    this.highest = -Infinity;
    this.sum = 0;
    this.count = 0;
  }

  add(t, value) {
    const last = this.samples.at(-1);
    if (last && t - last[0] < 0.05) return; // the same sample again, its age rounded
    this.samples.push([t, value]);
    while (this.samples.length > 0 && this.samples[0][0] < t - SPAN - GAP) this.samples.shift();
    this.lowest = Math.min(this.lowest, value);
    this.highest = Math.max(this.highest, value);
    this.sum += value;
    this.count += 1;
  }

  get mean() {
    return this.count > 0 ? this.sum / this.count : null;
  }
}

/** A line of the last minute. */
export class Trend {
  constructor(track, dial) {
    this.track = track;
    this.least = (dial.high - dial.low) * 0.05; // so that noise on a constant value does not fill the picture
    this.svg = document.createElementNS(NS, "svg");
    this.svg.setAttribute("class", "trend");
    this.svg.setAttribute("viewBox", "0 0 600 200");
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.setAttribute("aria-hidden", "true");
    this.area = this.#path("trend-area");
    this.line = this.#path("trend-line");
  }

  /** Redraw as of `now`. */
  draw(now) {
    const seen = this.track.samples.filter(([t]) => t >= now - SPAN);
    const [low, high] = this.#range(seen);
    const x = (t) => (600 * (1 - (now - t) / SPAN)).toFixed(1);
    const y = (value) => (190 - (180 * (value - low)) / (high - low)).toFixed(1);
    let line = "";
    let area = "";
    let start = null;
    let last = null;
    for (const [t, value] of seen) {
      if (last === null || t - last > GAP) {
        if (start !== null) area += `L${x(last)} 200L${x(start)} 200Z`;
        line += `M${x(t)} ${y(value)}`;
        area += `M${x(t)} ${y(value)}`;
        start = t;
      } else {
        line += `L${x(t)} ${y(value)}`;
        area += `L${x(t)} ${y(value)}`;
      }
      last = t;
    }
    if (start !== null) area += `L${x(last)} 200L${x(start)} 200Z`;
    this.line.setAttribute("d", line);
    this.area.setAttribute("d", area);
  }

  #range(seen) {
    let low = Infinity;
    let high = -Infinity;
    for (const [, value] of seen) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (!(low <= high)) return [0, 1];
    const short = Math.max(0, this.least - (high - low)) / 2;
    return [low - short, high + short || high + 1];
  }

  #path(name) {
    const made = document.createElementNS(NS, "path");
    made.setAttribute("class", name);
    made.setAttribute("vector-effect", "non-scaling-stroke");
    this.svg.append(made);
    return made;
  }
}
