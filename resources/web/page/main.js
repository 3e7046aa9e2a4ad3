// Puts the page together: the connection, the gauges this person chose, and the words for how it all stands.

import { showAlarms } from "./alarms.js";
import { Choices, chooseTheme, theme } from "./choices.js";
import { Live } from "./live.js";
import { about, Closer, pick, steps } from "./sheets.js";
import { Tile } from "./tile.js";
import { Track } from "./trend.js";
import { learn, number, preferred, t } from "./words.js";

const SLOWLY = 250; // ms between looks at ages, trends and words
const byId = (id) => document.getElementById(id);

const live = new Live();
const choices = new Choices();
const closer = new Closer(choices);
const dials = new Map(); // the catalogue: name -> dial
const values = new Map(); // name -> what was sent last
const tracks = new Map(); // name -> Track
let tiles = [];
let heard = { at: 0, wall: 0 }; // when the last values came, ms, by two clocks
let alarms = [];
let status = null;
let mark = ""; // of the catalogue we have

const LINK_ICONS = {
  "no adapter": "plug-off",
  "adapter only": "plug",
  "bus asleep": "asleep",
  connected: "ok",
  stale: "stale",
};

// What comes in -------------------------------------------------------------------------------------------------------

live.addEventListener("signals", ({ detail }) => {
  heard = { at: performance.now(), wall: Date.now() };
  for (const [name, sent] of Object.entries(detail.data)) {
    values.set(name, sent);
    if (sent.state === "live") track(name).add(heard.at / 1000 - sent.age_s, sent.value);
  }
  for (const tile of tiles) tile.show(values.get(tile.dial.name), 0);
  if (closer.tile) closer.show(values.get(closer.tile.dial.name), 0);
});

live.addEventListener("status", ({ detail }) => {
  status = detail;
  showLink();
  if (detail.catalogue !== mark) fetchCatalogue();
});

live.addEventListener("alarms", ({ detail }) => {
  alarms = detail.alarms;
  showAlarms(byId("alarms"), alarms, dials);
});

live.addEventListener("connection", () => {
  if (live.state === "open") mark = ""; // the terminal may have been restarted meanwhile, with another car
  showLink();
  showLost();
});

async function fetchCatalogue() {
  const asked = status.catalogue;
  try {
    const reply = await fetch(`/api/v1/catalogue?language=${encodeURIComponent(preferred())}`);
    const catalogue = await reply.json();
    mark = catalogue.mark;
    dials.clear();
    for (const dial of catalogue.signals) dials.set(dial.name, dial);
    choices.load(status.vehicle_id, [...dials.keys()]);
    layOut();
    showAlarms(byId("alarms"), alarms, dials);
  } catch {
    setTimeout(() => asked === status.catalogue && fetchCatalogue(), 2000);
  }
}

function track(name) {
  if (!tracks.has(name)) tracks.set(name, new Track());
  return tracks.get(name);
}

// What is shown -------------------------------------------------------------------------------------------------------

function layOut() {
  const shown = choices.tiles.filter((tile) => dials.has(tile.name));
  tiles = shown.map(({ name, wide }) => new Tile(dials.get(name), track(name), wide, openCloser));
  byId("tiles").replaceChildren(...tiles.map((tile) => tile.element));
  live.watch(shown.map(({ name }) => name));
  showSlowly();
  showExplanation();
}

function openCloser(name) {
  closer.open(dials.get(name), track(name));
  showSlowly();
}

/** Seconds since the last values came. The first clock stands still while a phone sleeps, the second can be set. */
const elapsed = () => Math.max(0, performance.now() - heard.at, Date.now() - heard.wall) / 1000;

function showSlowly() {
  const now = performance.now() / 1000;
  const age = elapsed();
  for (const tile of tiles) tile.showSlowly(values.get(tile.dial.name), age, now);
  if (closer.tile) closer.showSlowly(values.get(closer.tile.dial.name), age, now);
  if (live.state !== "open") showLost();
}

function showLink() {
  const connected = live.state === "open" && status !== null;
  const chip = byId("link");
  chip.dataset.state = connected ? status.state : live.tries > 0 ? "lost" : "connecting";
  document.body.dataset.link = chip.dataset.state;
  byId("vehicle").textContent = status?.vehicle ?? t("Bayline");
  byId("link-words").textContent = connected ? status.words : live.tries > 0 ? t("Reconnecting") : t("Connecting");
  byId("link-icon").className = `icon icon-${connected ? (LINK_ICONS[status.state] ?? "help") : "network-off"}`;
  document.title = connected ? `${status.vehicle} – Bayline` : t("Bayline");
  showExplanation();
}

/** With no gauge to show, say why and what to do; with gauges, the link's own line at the top is enough. */
function showExplanation() {
  const section = byId("explain");
  const troubled = status !== null && live.state === "open" && status.state !== "connected";
  const empty = tiles.length === 0 && status !== null && live.state === "open";
  section.hidden = !troubled && !empty;
  if (section.hidden) return;
  const title = document.createElement("h1");
  const words = document.createElement("p");
  if (troubled) {
    title.textContent = status.words;
    words.textContent = status.detail;
    section.replaceChildren(title, words, ...steps(status));
  } else {
    title.textContent = dials.size > 0 ? t("No gauges chosen") : t("No values yet");
    words.textContent = dials.size > 0 ? t("Tap Signals below and choose what you want to see.") : t("The car has not said yet what it offers.");
    section.replaceChildren(title, words);
  }
}

/** The strip that says the terminal is out of reach; it appears only when that lasts, not at a blink. */
function showLost() {
  const strip = byId("lost");
  strip.hidden = live.state === "open" || live.tries < 2;
  if (strip.hidden) return;
  const seconds = Math.max(0, Math.ceil((live.retryAt - performance.now()) / 1000));
  byId("lost-title").textContent = live.refused || t("The terminal is out of reach.");
  byId("lost-words").textContent = live.state === "waiting" && seconds > 0 ? t("Trying again in {n} s.", { n: number(seconds, 0) }) : t("Trying now.");
  byId("retry").textContent = t("Try now");
}

function showTheme() {
  const name = theme();
  byId("theme-words").textContent = name === "night" ? t("Day") : t("Night");
  document.querySelector("meta[name=theme-color]").content = getComputedStyle(document.body).backgroundColor;
}

// What people do ------------------------------------------------------------------------------------------------------

byId("choose").addEventListener("click", () => pick(dials, values, choices));
byId("link").addEventListener("click", () => about(status, live));
byId("retry").addEventListener("click", () => live.retry());
byId("theme").addEventListener("click", () => {
  chooseTheme(theme() === "night" ? "day" : "night");
  showTheme();
});
matchMedia("(prefers-color-scheme: light)").addEventListener("change", showTheme);
choices.listeners.push(layOut);

/** Browsers keep the screen on only for pages from this device or over HTTPS; elsewhere there is no button. */
function offerWakeLock() {
  if (!("wakeLock" in navigator) || !isSecureContext) return;
  const button = byId("awake");
  let lock = null;
  const show = () => button.setAttribute("aria-pressed", String(lock !== null));
  const take = async () => {
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", show);
    } catch {
      lock = null; // the battery is low: the phone decides
    }
    show();
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (lock === null) return take();
    await lock.release();
    lock = null;
    return show();
  });
  document.addEventListener("visibilitychange", () => lock !== null && !document.hidden && take());
}

await learn();
showTheme();
showLink();
offerWakeLock();
setInterval(showSlowly, SLOWLY);
live.connect();
