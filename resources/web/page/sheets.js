// The three sheets that slide up: choose signals, one signal close by, and how the link is doing.

import { valueText } from "./reading.js";
import { Tile } from "./tile.js";
import { t } from "./words.js";

const byId = (id) => document.getElementById(id);

function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const icon = (name) => make("span", { className: `icon icon-${name}` });

function button(words, iconName, pressed, className = "button") {
  const made = make("button", { type: "button", className }, icon(iconName), make("span", { textContent: words }));
  made.addEventListener("click", pressed);
  return made;
}

for (const sheet of document.querySelectorAll("dialog")) {
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });
}

/** Fill a sheet and slide it up. A tap beside it closes it, like the button and the Escape key. */
function open(sheet, title, ...children) {
  const close = button(t("Done"), "ok", () => sheet.close(), "button main");
  sheet.replaceChildren(
    make("header", {}, make("h2", { id: `${sheet.id}-title`, textContent: title }), close),
    make("div", { className: "sheet-body" }, ...children),
  );
  sheet.showModal();
}

/** Choose which signals are shown: those shown first, in their order, then the others by group. */
export function pick(dials, values, choices) {
  const list = make("ul", { className: "choices" });
  const search = make("input", {
    type: "search", className: "search", placeholder: t("Search by name or PID"), autocomplete: "off", enterKeyHint: "search",
  });
  search.setAttribute("aria-label", search.placeholder);
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const matches = (dial) => [dial.title, dial.name, dial.pid].some((text) => text.toLowerCase().includes(wanted));
    const shown = choices.tiles.map((tile) => dials.get(tile.name)).filter(Boolean);
    const others = [...dials.values()].filter((dial) => !choices.has(dial.name));
    const rows = [...shown, ...others].filter(matches).map((dial) => row(dial, values.get(dial.name), choices, draw));
    list.replaceChildren(...(rows.length > 0 ? rows : [make("li", { className: "none", textContent: t("No signal of that name.") })]));
  };
  search.addEventListener("input", draw);
  draw();
  open(byId("picker"), t("Signals"), search, list);
}

function row(dial, sent, choices, redraw) {
  const box = make("input", { type: "checkbox", checked: choices.has(dial.name) });
  box.addEventListener("change", () => {
    choices.toggle(dial.name);
    redraw();
  });
  const value = sent === undefined ? "" : `${valueText(sent.value, dial)} ${sent.value === null ? "" : t(dial.unit)}`;
  const about = [dial.pid && t("PID {pid}", { pid: dial.pid }), value].filter(Boolean).join(" · ");
  const words = make("span", { className: "choice-words" }, make("strong", { textContent: dial.title }), make("small", { textContent: about }));
  return make("li", {}, make("label", { className: "choice" }, box, words));
}

/** One signal close by: large, with its last minute and what can be done with its gauge. */
export class Closer {
  constructor(choices) {
    this.choices = choices;
    this.sheet = byId("detail");
    this.sheet.addEventListener("close", () => (this.tile = null));
    this.tile = null;
  }

  open(dial, track) {
    this.tile = new Tile(dial, track, true, () => {});
    this.tile.button.disabled = true;
    const about = [dial.pid && t("PID {pid}", { pid: dial.pid }), dial.name].filter(Boolean).join(" · ");
    this.actions = make("div", { className: "actions" });
    this.#draw(dial);
    open(this.sheet, dial.title, make("ul", { className: "tiles close-by" }, this.tile.element), make("p", { className: "quiet", textContent: about }), this.actions);
  }

  #draw(dial) {
    const { choices } = this;
    const act = (work) => () => {
      work();
      this.#draw(dial);
    };
    const wide = choices.isWide(dial.name);
    const size = button(wide ? t("Make it small") : t("Make it wide"), "resize", act(() => choices.widen(dial.name)));
    const up = button(t("Move up"), "arrow-up", act(() => choices.move(dial.name, -1)));
    const down = button(t("Move down"), "arrow-down", act(() => choices.move(dial.name, 1)));
    const away = button(t("Take away"), "minus", () => {
      choices.toggle(dial.name);
      this.sheet.close();
    });
    this.actions.replaceChildren(...(dial.kind === "number" ? [size] : []), up, down, away);
  }

  show(sent, elapsed) {
    this.tile?.show(sent, elapsed);
  }

  showSlowly(sent, elapsed, now) {
    this.tile?.showSlowly(sent, elapsed, now);
  }
}

/** How the link is doing, what to try, and what this page has received. */
export function about(status, live) {
  const children = [];
  if (status) children.push(make("p", { className: "big", textContent: status.words }), make("p", { textContent: status.detail }), ...steps(status));
  const facts = [
    t("{n} messages received, {missed} lost.", { n: live.received, missed: live.missed }),
    t("The terminal sends ten times a second, and asks the car only for the gauges on this page."),
  ];
  children.push(...facts.map((textContent) => make("p", { className: "quiet", textContent })));
  children.push(make("p", {}, make("a", { href: "/docs", textContent: t("For programs: the interface of this terminal") })));
  open(byId("about"), t("Connection"), ...children);
}

/** The steps to try, as a list; nothing when there are none. */
export function steps(status) {
  if (!status.tries?.length) return [];
  return [make("ol", { className: "steps" }, ...status.tries.map((textContent) => make("li", { textContent })))];
}

