// The connection to the terminal: subscribes, notices when it is gone, comes back by itself, counts what was missed.

import { preferred } from "./words.js";

const RATE = 10; // Hz
const BACK_OFF = [0.5, 1, 2, 4, 8, 15]; // s; jitter is added, so that ten phones do not come back in step
const SILENT = 4; // s without any message until we ask, and as long again until we give the connection up

export class Live extends EventTarget {
  constructor() {
    super();
    this.names = [];
    this.socket = null;
    this.state = "connecting"; // "connecting" | "open" | "waiting"
    this.tries = 0;
    this.retryAt = 0;
    this.seq = 0;
    this.missed = 0; // messages lost between the terminal and here: none, unless something is wrong
    this.received = 0;
    this.lastHeard = 0;
    this.refused = "";
    setInterval(() => this.#look(), 1000);
    document.addEventListener("visibilitychange", () => this.#visible());
    addEventListener("online", () => this.retry());
    addEventListener("pageshow", (event) => event.persisted && this.retry());
  }

  /** Watch these signals from now on. */
  watch(names) {
    this.names = names;
    this.#subscribe();
  }

  /** Connect now instead of after the pause. */
  retry() {
    if (this.state === "open" || document.hidden) return;
    this.tries = 0;
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    this.#drop();
    this.#become("connecting");
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.socket = socket;
    socket.onopen = () => socket === this.socket && this.#opened();
    socket.onmessage = (event) => socket === this.socket && this.#heard(event.data);
    socket.onclose = () => socket === this.socket && this.#closed();
  }

  #opened() {
    this.seq = 0;
    this.lastHeard = performance.now();
    const language = preferred().slice(0, 2);
    this.#say({ type: "subscribe", channel: "status", language });
    this.#say({ type: "subscribe", channel: "alarms", language });
    this.#subscribe();
  }

  #subscribe() {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    if (document.hidden || this.names.length === 0) this.#say({ type: "unsubscribe", channel: "signals" });
    else this.#say({ type: "subscribe", channel: "signals", rate_hz: RATE, signals: this.names });
  }

  #say(message) {
    this.socket.send(JSON.stringify(message));
  }

  #heard(text) {
    this.lastHeard = performance.now();
    this.received += 1;
    const message = JSON.parse(text);
    if (message.type === "error") {
      this.refused = message.message;
      return;
    }
    if (this.state !== "open") {
      // Only now: a terminal with too many phones accepts, says so, and closes.
      this.tries = 0;
      this.refused = "";
      this.#become("open");
    }
    if (message.type === "signals") {
      if (message.seq !== this.seq + 1) this.missed += message.seq - this.seq - 1;
      this.seq = message.seq;
    }
    this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
  }

  #closed() {
    this.socket = null;
    const pause = BACK_OFF[Math.min(this.tries, BACK_OFF.length - 1)] * (0.8 + 0.4 * Math.random());
    this.tries += 1;
    this.retryAt = performance.now() + pause * 1000;
    this.#become("waiting");
    this.timer = setTimeout(() => this.connect(), pause * 1000);
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** A socket can be dead without knowing it: the phone left the WLAN, or slept. */
  #look() {
    if (this.socket === null || document.hidden) return;
    const silent = (performance.now() - this.lastHeard) / 1000;
    if (this.socket.readyState === WebSocket.OPEN && silent > 2 * SILENT) {
      this.#drop();
      this.#closed();
    } else if (this.socket.readyState === WebSocket.OPEN && silent > SILENT) this.#say({ type: "ping" });
  }

  #visible() {
    this.lastHeard = performance.now() - SILENT * 1000; // ask at once whether the terminal is still there
    this.#subscribe(); // a page nobody sees must not keep the car's bus busy
    if (!document.hidden && this.state === "waiting") this.retry();
  }

  #become(state) {
    if (state === this.state && state === "open") return;
    this.state = state;
    this.dispatchEvent(new Event("connection"));
  }
}
