// Which section is being read, and when its time is attributed, kept and reported. Times are milliseconds.
const STEP = 250; // how often time is attributed
const BEAT = 5000; // how often a beacon may leave

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

/** Runs a reading's clock: steps, heartbeats, input, leaving, the network coming back. */
function measure(reading, sections, { endpoint, idle }) {
  Object.assign(reading, { endpoint, idle, late: false });
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
  const back = () => {
    reading.catchUp();
    tick();
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
  on(document, ["visibilitychange"], () => (document.visibilityState === "hidden" ? leave() : back()));
  on(window, ["pagehide"], leave);
  on(window, ["online"], () => Reading.sendAll());
  const steps = setInterval(tick, STEP);
  const beats = setInterval(() => reading.isActive() && (reading.keep(), reading.send(false)), BEAT);
  reading.send(false);
  Reading.sendEarlier(reading.visit, endpoint);
  const stop = () => {
    leave();
    clearInterval(steps);
    clearInterval(beats);
    end.abort();
  };
  return { tick, stop };
}
