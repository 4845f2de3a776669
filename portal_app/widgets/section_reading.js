// Which section is being read, and for how long. Times are milliseconds of performance.now().
const STEP = 250; // how often time is attributed
const BEAT = 5000; // how often a beacon may leave
const LONGEST = 2000; // more than this between two steps means the page slept; the rest is not reading
const REFUSED = [401, 403, 410];

/** Finds the sections, whenever Streamlit mounts or replaces them, and tells which one is being read. */
class Sections {
  constructor(keys, changed) {
    this.keys = keys;
    this.changed = changed;
    this.found = new Map();
    this.inView = new Set();
    this.seen = new IntersectionObserver((entries) => this.#crossed(entries), { threshold: [0, 0.25, 0.5, 0.75, 1] });
    this.mounted = new MutationObserver(() => this.#findSoon());
    this.mounted.observe(document.body, { childList: true, subtree: true });
  }

  find() {
    for (const key of this.keys) {
      const now = document.querySelector(`.st-key-section-${CSS.escape(key)}`);
      const before = this.found.get(key);
      if (now === (before ?? null)) continue;
      if (before) this.#forget(key, before);
      if (now) this.#watch(key, now);
      this.changed();
    }
  }

  /** The key of the section that covers most of the window; null when none is in view. */
  current() {
    let best = null;
    let most = 0;
    for (const key of this.inView) {
      const box = this.found.get(key).getBoundingClientRect();
      const covered = Math.min(box.bottom, window.innerHeight) - Math.max(box.top, 0);
      if (covered > most) [best, most] = [key, covered];
    }
    return best;
  }

  stop() {
    clearTimeout(this.pending);
    this.seen.disconnect();
    this.mounted.disconnect();
  }

  #findSoon() {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.find();
    }, 100);
  }

  #watch(key, element) {
    this.found.set(key, element);
    this.seen.observe(element);
  }

  #forget(key, element) {
    this.found.delete(key);
    this.inView.delete(key);
    this.seen.unobserve(element);
  }

  #crossed(entries) {
    for (const { target, isIntersecting } of entries) {
      const key = this.keys.find((each) => this.found.get(each) === target);
      if (key) this.inView[isIntersecting ? "add" : "delete"](key);
    }
    this.changed();
  }
}

/** The reading times of one visit: kept on the window over reruns, and in the session's storage over reloads. */
class Reading {
  static of(visit) {
    const all = (window.__partnerdeskReadings ??= new Map());
    if (!all.has(visit)) all.set(visit, new Reading(visit));
    return all.get(visit);
  }

  constructor(visit) {
    this.visit = visit;
    this.focused = 0;
    this.stopped = false;
    this.delivered = "";
    this.underway = "";
    Object.assign(this, { ms: {}, n: 0, human: false }, this.#kept());
    this.lastInput = this.since = performance.now();
    this.#observe(null);
  }

  /** Attributes the time since the last step to the one section that was read then. */
  step(at) {
    const now = performance.now();
    const spent = Math.min(Math.max(Math.min(now, this.lastInput + this.idle) - this.since, 0), LONGEST);
    if (this.visible && this.at !== null) this.ms[this.at] = (this.ms[this.at] ?? 0) + spent;
    if (this.visible && this.hadFocus) this.focused += spent;
    if (this.focused >= 1000) this.human = true;
    this.since = now;
    this.#observe(at);
  }

  /** Somebody is there. A scroll alone may be a script's, so it does not make the visit human. */
  stir(at, byHand) {
    this.step(at);
    this.lastInput = this.since;
    if (byHand) this.human = true;
  }

  isActive() {
    return this.visible && performance.now() < this.lastInput + this.idle;
  }

  /** Sends the totals, unless they were delivered or are just now on their way. */
  send(leaving) {
    const totals = this.#totals();
    const news = JSON.stringify([totals, this.human]);
    if (this.stopped || !Object.keys(totals).length || news === this.delivered || news === this.underway) return;
    this.n += 1;
    this.underway = news;
    this.keep();
    this.#post(news, JSON.stringify({ v: this.visit, n: this.n, ms: totals, at: this.at, human: this.human }), leaving);
  }

  keep() {
    try {
      sessionStorage.setItem(`reading:${this.visit}`, JSON.stringify({ ms: this.ms, n: this.n, human: this.human }));
    } catch (refusal) {
      if (!(refusal instanceof DOMException)) throw refusal; // No storage in this browser: a reload starts anew.
    }
  }

  async #post(news, body, leaving) {
    const headers = { "content-type": "application/json" };
    try {
      const answer = await fetch(this.endpoint, { method: "POST", keepalive: true, credentials: "same-origin", headers, body });
      if (answer.ok) this.delivered = news;
      this.stopped ||= REFUSED.includes(answer.status);
    } catch {
      if (leaving) navigator.sendBeacon(this.endpoint, new Blob([body], { type: headers["content-type"] }));
    }
    if (this.underway === news) this.underway = "";
  }

  #observe(at) {
    this.at = at;
    this.visible = document.visibilityState === "visible";
    this.hadFocus = document.hasFocus();
  }

  #totals() {
    const whole = Object.entries(this.ms).map(([key, ms]) => [key, Math.floor(ms)]);
    return Object.fromEntries(whole.filter(([, ms]) => ms > 0));
  }

  #kept() {
    try {
      return JSON.parse(sessionStorage.getItem(`reading:${this.visit}`)) ?? {};
    } catch {
      return {};
    }
  }
}

/** Runs a reading's clock: steps, heartbeats, input, leaving. */
function measure(reading, sections, { endpoint, idle }) {
  Object.assign(reading, { endpoint, idle });
  const end = new AbortController();
  const on = (target, names, act) =>
    names.forEach((name) => target.addEventListener(name, act, { capture: true, passive: true, signal: end.signal }));
  let wasActive = true;
  let pointer = "";
  const leave = () => {
    reading.step(sections.current());
    wasActive = reading.isActive();
    reading.keep();
    reading.send(true);
  };
  const tick = () => {
    reading.step(sections.current());
    if (wasActive && !reading.isActive()) leave();
    wasActive = reading.isActive();
  };
  const moved = (event) => {
    const place = `${event.screenX},${event.screenY}`; // A layout that moves under a resting pointer is no input.
    if (event.isTrusted && pointer && place !== pointer) reading.stir(sections.current(), true);
    pointer = place;
  };
  on(window, ["pointerdown", "keydown", "wheel", "touchstart", "touchmove"], (event) => {
    if (event.isTrusted) reading.stir(sections.current(), true);
  });
  on(window, ["pointermove"], moved);
  on(window, ["scroll"], () => reading.stir(sections.current(), false));
  on(document, ["visibilitychange"], () => (document.visibilityState === "hidden" ? leave() : tick()));
  on(window, ["pagehide"], leave);
  const steps = setInterval(tick, STEP);
  const beats = setInterval(() => reading.isActive() && (reading.keep(), reading.send(false)), BEAT);
  const stop = () => {
    leave();
    clearInterval(steps);
    clearInterval(beats);
    end.abort();
  };
  return { tick, stop };
}
