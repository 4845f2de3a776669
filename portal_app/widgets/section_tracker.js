// The rail of sections. It is one module with section_visit.js and section_reading.js, which come first.
const ROOM_FOR_RAIL = 190; // px beside the text

/** Draws the rail; beside the text where there is room, else as a strip at the foot of the window. */
class Rail {
  constructor(parent, { sections, words }) {
    this.words = words;
    this.labels = new Map(sections);
    this.nav = element("nav", { className: "rail", ariaLabel: words.title });
    this.box = element("details", {});
    this.place = element("summary", {});
    const list = element("ol", {});
    this.links = new Map(sections.map(([key, label]) => [key, this.#link(list, key, label)]));
    this.box.append(this.place, list);
    this.nav.append(this.box);
    parent.append(this.nav);
  }

  show(sections) {
    const current = sections.current() ?? this.current ?? sections.keys[0];
    this.current = current;
    this.targets = sections.found;
    for (const [key, { item, link }] of this.links) {
      item.hidden = !sections.found.has(key);
      link.ariaCurrent = key === current ? "true" : null;
    }
    const shown = sections.keys.filter((key) => sections.found.has(key));
    this.#count(shown.indexOf(current) + 1, shown.length);
    this.#fit(sections.found.values().next().value);
  }

  #count(n, all) {
    const text = `${this.words.of.replace("{n}", n).replace("{all}", all)} · ${this.labels.get(this.current) ?? ""}`;
    if (this.place.textContent !== text) this.place.textContent = text;
    this.nav.style.setProperty("--read", all ? n / all : 0);
    this.nav.hidden = !n;
  }

  #fit(section) {
    if (!section) return;
    const main = (section.closest("section") ?? document.body).getBoundingClientRect();
    const text = section.getBoundingClientRect();
    const isRtl = document.documentElement.dir === "rtl";
    const room = isRtl ? main.right - text.right : text.left - main.left;
    const wide = room >= ROOM_FOR_RAIL;
    if (wide !== this.wide) this.box.open = wide;
    this.wide = wide;
    this.nav.classList.toggle("wide", wide);
    this.nav.style.setProperty("--from", `${isRtl ? window.innerWidth - main.right : main.left}px`);
    this.nav.style.setProperty("--room", `${room}px`);
  }

  #link(list, key, label) {
    const link = element("a", { href: `#section-${key}`, textContent: label });
    link.addEventListener("click", (event) => this.#go(event, key));
    const item = element("li", { hidden: true });
    item.append(link);
    list.append(item);
    return { item, link };
  }

  #go(event, key) {
    event.preventDefault();
    const target = this.targets.get(key);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (!this.wide) this.box.open = false;
  }
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

export default function mount({ data, parentElement }) {
  const rail = new Rail(parentElement, data);
  const show = () => rail.show(sections);
  const keys = data.sections.map(([key]) => key);
  let meter = null;
  const sections = new Sections(keys, () => {
    show();
    meter?.tick();
  });
  const end = new AbortController();
  for (const name of ["scroll", "resize"])
    window.addEventListener(name, () => requestAnimationFrame(show), { capture: true, passive: true, signal: end.signal });
  const resized = new ResizeObserver(show);
  resized.observe(document.body);
  sections.find();
  show();
  if (data.measured) meter = measure(Reading.of(data.visit), sections, data);
  else Reading.forgetAll();
  return () => {
    meter?.stop();
    sections.stop();
    resized.disconnect();
    end.abort();
    rail.nav.remove();
  };
}
