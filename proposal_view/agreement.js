// The agreement, drawn from plain texts, and what was visible of it for how long.
const STEP = 250; // ms between looks
const IDLE = 60_000; // ms without input after which nobody is reading

export default function ({ data, parentElement, setTriggerValue }) {
  const shown = parentElement.querySelector(".agreement");
  if (shown?.dataset.drawn === JSON.stringify(data)) return;
  shown?.remove();
  const reading = new Reading(data);
  const page = new Page(data, () => setTriggerValue("read", { ms: reading.times(), clock: new Date().toISOString() }));
  page.root.dataset.drawn = JSON.stringify(data);
  parentElement.append(page.root);
  const stop = reading.watch(page);
  return () => {
    stop();
    page.root.remove();
  };
}

/** The clauses and the button at their end. */
class Page {
  constructor({ clauses, lead, words }, done) {
    this.words = words;
    this.root = make("div", "agreement");
    this.place = make("p", "place");
    this.bar = make("progress");
    this.bar.max = clauses.length;
    const head = make("div", "head");
    head.append(this.place, this.bar);
    this.clauses = clauses.map((clause) => drawn(clause, lead, words));
    this.button = make("button", "read", words.read);
    this.button.type = "button";
    this.button.setAttribute("aria-disabled", "true");
    this.reached = make("p", "reached", words.reached);
    this.reached.setAttribute("role", "status");
    const end = make("div", "end");
    end.append(this.reached, this.button);
    this.root.append(head, ...this.clauses, end);
    this.button.addEventListener("focus", () => this.reach());
    this.button.addEventListener("click", () => this.isReached && !this.isSent && this.send(done));
    this.furthest = 0;
  }

  reach() {
    this.isReached = true;
    this.root.classList.add("reached");
    this.button.setAttribute("aria-disabled", "false");
    this.show(this.clauses.length);
  }

  send(done) {
    this.isSent = true;
    this.button.setAttribute("aria-disabled", "true");
    done();
  }

  show(n) {
    this.furthest = Math.max(this.furthest, n);
    this.bar.value = this.furthest;
    const text = this.words.progress.replace("{n}", n).replace("{all}", this.clauses.length);
    if (this.place.textContent !== text) this.place.textContent = text;
    this.bar.setAttribute("aria-label", text);
  }
}

/** How long each clause was read; kept in the tab, so that a reload loses nothing. */
class Reading {
  constructor({ clauses, version }) {
    this.keys = clauses.map(([key]) => key);
    this.store = `agreement:${version}`;
    this.ms = JSON.parse(sessionStorage.getItem(this.store) ?? "{}");
  }

  times() {
    return Object.fromEntries(Object.entries(this.ms).map(([key, ms]) => [key, Math.round(ms)]));
  }

  watch(page) {
    const end = new AbortController();
    let active = performance.now();
    for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "touchmove", "scroll"])
      window.addEventListener(name, () => (active = performance.now()), { capture: true, passive: true, signal: end.signal });
    const seen = new IntersectionObserver((found) => found.some((entry) => entry.isIntersecting) && page.reach());
    seen.observe(page.reached);
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const passed = Math.min(now - last, 2 * STEP);
      last = now;
      const at = current(page.clauses);
      if (at >= 0) page.show(at + 1);
      if (at < 0 || document.visibilityState !== "visible" || now - active > IDLE) return;
      this.ms[this.keys[at]] = (this.ms[this.keys[at]] ?? 0) + passed;
      sessionStorage.setItem(this.store, JSON.stringify(this.ms));
    }, STEP);
    return () => {
      clearInterval(timer);
      seen.disconnect();
      end.abort();
    };
  }
}

/** The clause that covers most of the window; -1 when none is in it. */
function current(clauses) {
  let best = -1;
  let most = 0;
  clauses.forEach((clause, n) => {
    const box = clause.getBoundingClientRect();
    const covered = Math.min(box.bottom, window.innerHeight) - Math.max(box.top, 0);
    if (covered > most) [best, most] = [n, covered];
  });
  return best;
}

function drawn([key, enHeading, enBody, arHeading, arBody, isChanged], lead, words) {
  const clause = make("article", "clause");
  clause.dataset.key = key;
  if (isChanged) {
    clause.classList.add("changed");
    clause.append(make("p", "mark", words.changed));
  }
  const sides = { en: side("en", enHeading, enBody), ar: side("ar", arHeading, arBody) };
  const pair = make("div", "pair");
  pair.append(sides[lead], sides[lead === "en" ? "ar" : "en"]);
  clause.append(pair);
  return clause;
}

function side(lang, heading, body) {
  const column = make("section", "side");
  column.lang = lang;
  column.dir = lang === "ar" ? "rtl" : "ltr";
  column.append(make("h3", "", heading));
  for (const paragraph of body.split(/\n{2,}/)) column.append(make("p", "", paragraph));
  return column;
}

function make(tag, name = "", text = "") {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}
