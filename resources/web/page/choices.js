// What this person chose on this phone: which gauges, in which order and size. Kept in the browser, a vehicle at a time.

const USUAL = [
  "engine_speed", "vehicle_speed", "coolant_temperature", "engine_load", "throttle_position",
  "intake_air_temperature", "control_module_voltage", "fuel_level",
];
const FIRST_TIME = 7;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // nothing kept, or a browser that keeps nothing
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The choice still holds until the page is closed.
  }
}

/** The gauges shown: a list of {name, wide}. */
export class Choices {
  constructor() {
    this.tiles = [];
    this.listeners = [];
    this.key = "";
    this.own = false;
  }

  /** Take up what was chosen for `vehicle`; `offered` are the signal names to choose from the first time. */
  load(vehicle, offered) {
    const key = `bayline.tiles.${vehicle}`;
    if (key === this.key && (this.own || this.tiles.length >= Math.min(FIRST_TIME, offered.length))) return;
    this.key = key;
    const kept = read(key);
    const good = Array.isArray(kept) ? kept.filter((tile) => typeof tile?.name === "string") : [];
    this.own = good.length > 0;
    this.tiles = this.own ? good.map(({ name, wide }) => ({ name, wide: Boolean(wide) })) : firstTime(offered);
  }

  has(name) {
    return this.tiles.some((tile) => tile.name === name);
  }

  toggle(name) {
    this.change(this.has(name) ? this.tiles.filter((tile) => tile.name !== name) : [...this.tiles, { name, wide: false }]);
  }

  widen(name) {
    this.change(this.tiles.map((tile) => (tile.name === name ? { ...tile, wide: !tile.wide } : tile)));
  }

  isWide(name) {
    return this.tiles.some((tile) => tile.name === name && tile.wide);
  }

  /** Move a gauge by `step` places; at the end it stays. */
  move(name, step) {
    const from = this.tiles.findIndex((tile) => tile.name === name);
    const to = from + step;
    if (from < 0 || to < 0 || to >= this.tiles.length) return;
    const moved = [...this.tiles];
    moved.splice(to, 0, ...moved.splice(from, 1));
    this.change(moved);
  }

  change(tiles) {
    this.tiles = tiles;
    this.own = true;
    write(this.key, tiles);
    this.tell();
  }

  tell() {
    for (const listener of this.listeners) listener();
  }
}

function firstTime(offered) {
  const usual = USUAL.filter((name) => offered.includes(name));
  const names = [...usual, ...offered.filter((name) => !usual.includes(name))].slice(0, FIRST_TIME);
  return names.map((name, place) => ({ name, wide: place === 0 }));
}

/** "night", "day", or what the phone prefers when nothing was chosen. */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: light)").matches ? "day" : "night");
}

export function chooseTheme(name) {
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem("bayline.theme", name);
  } catch {
    // Until the page is closed, then.
  }
}
