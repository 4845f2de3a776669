// The pipeline board. It shows what the server last told (the truth) plus the moves that wait for an answer, and tells
// the server of moves and openings. At most one move is under way; the next one goes out when its answer has come.
const PAGE = 50; // cards of a column painted at once
const PATIENCE = 20000; // ms until an unanswered move is given up
const EDGE = 56; // px beside the board's border where a dragged card scrolls it
const TOUCH_DELAY = 180; // ms of rest that tell a drag from a scroll
const boards = new WeakMap();
let made = 0;

export default function ({ data, parentElement, setTriggerValue }) {
  let board = boards.get(parentElement);
  if (!board) boards.set(parentElement, (board = new Board(parentElement)));
  board.tell = setTriggerValue;
  board.receive(data);
  return () => board.root.isConnected || board.stop();
}

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.append(text);
  return node;
}

// Text of mixed direction stands alone, so "12 views · 4 d" keeps its order in an Arabic page.
function bdi(className, text) {
  const node = el("bdi", className);
  node.textContent = text;
  return node;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function webAddress(href) {
  const url = URL.parse ? URL.parse(href, location.href) : null;
  return url && /^https?:$/.test(url.protocol) ? href : "";
}

function put(list, wanted) {
  const keep = new Set(wanted);
  for (const child of [...list.children]) if (!keep.has(child)) child.remove();
  let at = list.firstElementChild;
  for (const node of wanted) {
    if (node === at) at = at.nextElementSibling;
    else list.insertBefore(node, at);
  }
}

class Board {
  constructor(parent) {
    this.parent = parent;
    this.group = `partnerdesk-kanban-${++made}`;
    this.cards = new Map(); // id -> card, as the server last told
    this.queue = []; // moves without an answer, oldest first; only the first has been sent
    this.items = new Map(); // id -> its <li>
    this.lanes = new Map(); // column key -> its elements
    this.limits = new Map(); // column key -> how many cards may be painted
    this.active = null; // id of the card that Tab reaches
    this.returned = null; // id of the card the server sent back
    this.build();
  }

  build() {
    this.root = el("section", "board");
    this.hint = el("p", "hint");
    this.notice = el("p", "notice");
    this.columns = el("div", "columns");
    this.live = el("div", "spoken");
    this.live.setAttribute("role", "status");
    this.menu = el("div", "menu");
    this.menu.setAttribute("role", "menu");
    this.menu.popover = "auto";
    const strip = el("div", "strip");
    strip.append(this.hint, this.notice);
    this.root.append(strip, this.columns, this.menu, this.live);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("focusin", (event) => this.reach(event.target.closest("li")?.dataset.id));
    this.root.addEventListener("scroll", () => this.closeMenu(), true);
    this.menu.addEventListener("toggle", (event) => this.menuToggled(event.newState === "open"));
    this.watch = new IntersectionObserver((seen) => this.nearEnd(seen), { rootMargin: "300px" });
    this.parent.append(this.root);
  }

  stop() {
    clearTimeout(this.timer);
    this.watch.disconnect();
    for (const lane of this.lanes.values()) lane.sortable.destroy();
  }

  // --- the truth, and what waits for it -----------------------------------------------------------------------------

  receive(data) {
    if (this.dragging) {
      this.late = data;
      return;
    }
    this.late = null;
    const changed = data.notice !== this.data?.notice;
    this.data = data;
    this.cards = new Map(data.cards.map((row) => {
      const card = Object.fromEntries(data.fields.map((name, at) => [name, row[at]]));
      return [card.id, card];
    }));
    const told = this.settle();
    if (changed || told) this.say(data.notice || told);
    this.showNotice(data.notice);
    this.render();
    this.flush();
  }

  settle() {
    const first = this.queue[0];
    if (!first?.sent || first.token !== this.data.ack) return "";
    clearTimeout(this.timer);
    this.queue.shift();
    const card = this.cards.get(first.id);
    if (!card) this.queue = this.queue.filter((move) => this.cards.has(move.id));
    if (!card || card.column === first.to) return card ? this.sentence("moved", card.title, first.to) : "";
    this.queue = this.queue.filter((move) => move.id !== first.id);
    this.returned = first.id;
    return `${card.title}: ${this.data.words.returned}`;
  }

  move(id, to, before = null) {
    const card = this.cards.get(id);
    if (!card || this.columnOf(card) === to) return this.render();
    this.queue.push({ id, to, before, token: `${Date.now().toString(36)}-${++made}` });
    this.returned = null;
    this.showNotice("");
    this.say(this.sentence("moving", card.title, to));
    this.render();
    return this.flush();
  }

  flush() {
    const next = this.queue[0];
    if (!next || next.sent) return;
    next.sent = true;
    this.timer = setTimeout(() => this.giveUp(), PATIENCE);
    this.tell("move", { id: next.id, to: next.to, version: this.cards.get(next.id).version, token: next.token });
  }

  giveUp() {
    if (!this.root.isConnected) return;
    this.queue = [];
    this.showNotice(this.data.words.lost);
    this.say(this.data.words.lost);
    this.render();
  }

  waiting(id) {
    return this.queue.findLast((move) => move.id === id);
  }

  columnOf(card) {
    return this.waiting(card.id)?.to ?? card.column;
  }

  targets(id) {
    const card = this.cards.get(id);
    const allowed = this.data.moves[this.columnOf(card)] ?? [];
    return this.data.columns.filter(([key]) => allowed.includes(key));
  }

  // --- painting -----------------------------------------------------------------------------------------------------

  render() {
    const { words, columns, height } = this.data;
    const focus = this.focused();
    this.hint.replaceChildren(bdi("", words.hint));
    this.root.setAttribute("aria-label", words.board);
    this.root.style.setProperty("--height", height ? `${height}px` : "max(24rem, 100dvh - 15rem)");
    const lists = this.arrange();
    put(this.columns, columns.map((column) => this.lane(column).section));
    for (const [key] of columns) this.fillLane(this.lanes.get(key), lists.get(key), focus?.id);
    this.forget();
    if (!this.items.has(this.active)) this.active = this.root.querySelector("li")?.dataset.id ?? null;
    for (const [id, item] of this.items) item.reach(id === this.active);
    this.refocus(focus, lists);
  }

  arrange() {
    const lists = new Map(this.data.columns.map(([key]) => [key, []]));
    const pending = new Map(this.queue.map((move) => [move.id, move]));
    for (const card of this.cards.values()) if (!pending.has(card.id)) lists.get(card.column)?.push(card);
    for (const { id, to, before } of pending.values()) {
      const list = lists.get(to);
      list?.splice(Math.max(0, list.findIndex((card) => card.id === before)), 0, this.cards.get(id));
    }
    return lists;
  }

  lane([key, title, subtitle]) {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = this.newLane(key)));
    lane.title.textContent = title;
    lane.subtitle.textContent = subtitle;
    return lane;
  }

  newLane(key) {
    const lane = { key, section: el("section", "lane"), head: el("div", "head"), title: bdi("", ""), body: el("div", "body") };
    const heading = el("h2");
    heading.id = `${this.group}-${this.lanes.size}`;
    heading.append(lane.title);
    lane.subtitle = bdi("subtitle", "");
    lane.head.append(heading, lane.subtitle);
    lane.list = el("ul");
    lane.list.setAttribute("role", "list");
    lane.list.dataset.column = key;
    lane.empty = el("p", "empty");
    lane.more = el("button", "more");
    lane.more.type = "button";
    lane.more.dataset.more = key;
    lane.body.append(lane.list, lane.empty, lane.more);
    lane.section.append(lane.head, lane.body);
    lane.section.setAttribute("aria-labelledby", heading.id);
    lane.sortable = this.sortable(lane.list);
    this.watch.observe(lane.more);
    return lane;
  }

  fillLane(lane, cards, focusId) {
    const { words } = this.data;
    const mustShow = Math.max(...[focusId, this.returned].map((id) => cards.findIndex((card) => card.id === id))) + 1;
    const limit = Math.max(this.limits.get(lane.key) ?? PAGE, mustShow);
    const hidden = cards.length - limit;
    this.limits.set(lane.key, limit);
    put(lane.list, cards.slice(0, limit).map((card) => this.item(card).li));
    lane.list.hidden = false;
    lane.empty.textContent = words.empty;
    lane.empty.hidden = cards.length > 0;
    lane.more.textContent = fill(words.more, { count: Math.min(hidden, PAGE) });
    lane.more.hidden = hidden <= 0;
  }

  item(card) {
    let item = this.items.get(card.id);
    if (!item) this.items.set(card.id, (item = new Item(card.id, `${this.group}-c${++made}`)));
    item.show(card, this.data.words, Boolean(this.waiting(card.id)), this.returned === card.id);
    return item;
  }

  forget() {
    for (const [id, item] of this.items) if (!item.li.isConnected) this.items.delete(id);
  }

  nearEnd(seen) {
    const near = seen.filter((entry) => entry.isIntersecting).map((entry) => entry.target.dataset.more);
    if (near.length && !this.dragging) this.reveal(near);
  }

  reveal(keys) {
    for (const key of keys) this.limits.set(key, (this.limits.get(key) ?? PAGE) + PAGE);
    this.render();
  }

  showNotice(text) {
    this.notice.replaceChildren(bdi("", text || ""));
    this.root.classList.toggle("noticed", Boolean(text));
  }

  say(text) {
    clearTimeout(this.saying);
    this.live.textContent = "";
    this.saying = setTimeout(() => (this.live.textContent = text), 60);
  }

  sentence(word, title, to) {
    const column = this.data.columns.find(([key]) => key === to)?.[1] ?? to;
    return fill(this.data.words[word], { title, column });
  }

  // --- focus --------------------------------------------------------------------------------------------------------

  focused() {
    const node = this.parent.activeElement;
    const list = node?.closest("ul");
    if (!list) return null;
    const li = node.closest("li");
    return { id: li.dataset.id, column: list.dataset.column, at: [...list.children].indexOf(li), button: node.matches("button") };
  }

  refocus(was, lists) {
    if (!was) return;
    const now = this.focused();
    const left = lists.get(was.column) ?? [];
    const id = this.items.has(was.id) ? was.id : left[Math.min(was.at, left.length - 1)]?.id;
    if (now?.id !== id) this.focusOn(id, was.button && id === was.id);
  }

  focusOn(id, button = false) {
    const item = this.items.get(id) ?? this.items.get(this.active);
    if (!item) return;
    (button ? item.button : item.link).focus({ preventScroll: true });
    item.li.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  reach(id) {
    if (!id || id === this.active) return;
    this.items.get(this.active)?.reach(false);
    this.active = id;
    this.items.get(id)?.reach(true);
  }

  forward() {
    return getComputedStyle(this.root).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  }

  // --- keyboard and pointer -----------------------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey) return;
    if (event.target.closest(".menu")) return this.menuKey(event);
    const li = event.target.closest("li");
    if (!li) return;
    const side = /^Arrow(Left|Right)$/.test(event.key) && (event.key === this.forward() ? 1 : -1);
    if (side) this.sideways(li, side, event.altKey);
    else if (event.altKey) return;
    else if (/^(ArrowUp|ArrowDown|Home|End)$/.test(event.key)) this.updown(li, event.key);
    else if (event.code === "KeyM" || event.key.toLowerCase() === "m") this.openMenu(li.dataset.id);
    else return;
    event.preventDefault();
  }

  updown(li, key) {
    const list = li.parentElement;
    const step = { ArrowUp: li.previousElementSibling, ArrowDown: li.nextElementSibling };
    const ends = { Home: list.firstElementChild, End: list.lastElementChild };
    if (key === "ArrowDown" && !step.ArrowDown && !this.lanes.get(list.dataset.column).more.hidden) {
      this.reveal([list.dataset.column]);
      step.ArrowDown = li.nextElementSibling;
    }
    this.focusOn((step[key] ?? ends[key] ?? li).dataset.id);
  }

  sideways(li, side, carry) {
    const keys = this.data.columns.map(([key]) => key);
    const here = keys.indexOf(li.parentElement.dataset.column);
    const ahead = side > 0 ? keys.slice(here + 1) : keys.slice(0, here).reverse();
    if (carry) return this.carry(li.dataset.id, ahead);
    const list = ahead.map((key) => this.lanes.get(key).list).find((each) => each.children.length);
    const row = [...li.parentElement.children].indexOf(li);
    if (list) this.focusOn(list.children[Math.min(row, list.children.length - 1)].dataset.id);
  }

  carry(id, ahead) {
    const allowed = this.targets(id).map(([key]) => key);
    const to = ahead.find((key) => allowed.includes(key));
    if (to) this.move(id, to);
    else this.say(this.data.words.no_moves);
  }

  click(event) {
    if (this.dropped) return event.preventDefault();
    const { target } = event;
    const li = target.closest("li");
    if (target.closest("[role=menuitem]")) return this.choose(target.closest("[role=menuitem]"));
    if (target.closest(".more")) return this.revealAndGo(target.closest(".more").dataset.more);
    if (!li) return;
    if (target.closest("button")) return this.openMenu(li.dataset.id);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.tell("open", { id: li.dataset.id, token: ++made });
  }

  revealAndGo(key) {
    const { list } = this.lanes.get(key);
    const next = list.children.length;
    this.reveal([key]);
    this.focusOn(list.children[next]?.dataset.id);
  }

  // --- the menu -----------------------------------------------------------------------------------------------------

  openMenu(id) {
    if (!this.items.has(id)) return;
    this.closeMenu();
    const targets = this.targets(id);
    this.menu.dataset.id = id;
    this.menu.setAttribute("aria-label", fill(this.data.words.move_card, { title: this.cards.get(id).title }));
    this.menu.replaceChildren(...(targets.length ? targets.map(([key, title]) => choice(key, title)) : [choice("", this.data.words.no_moves)]));
    const title = el("div", "menu-title", this.data.words.move_to);
    title.setAttribute("role", "presentation");
    this.menu.prepend(title);
    this.menu.showPopover();
    this.placeMenu(this.items.get(id).button.getBoundingClientRect());
    this.menu.querySelector("[role=menuitem]").focus();
  }

  placeMenu(button) {
    const box = this.menu.getBoundingClientRect();
    const start = this.forward() === "ArrowRight" ? button.right - box.width : button.left;
    const below = button.bottom + 4 + box.height < innerHeight;
    const { left, right } = this.root.getBoundingClientRect();
    this.menu.style.left = `${Math.max(left, Math.min(start, right - box.width))}px`;
    this.menu.style.top = `${Math.max(8, below ? button.bottom + 4 : button.top - 4 - box.height)}px`;
  }

  menuToggled(open) {
    for (const [id, item] of this.items) item.button.setAttribute("aria-expanded", open && id === this.menu.dataset.id);
  }

  closeMenu() {
    if (this.menu.matches(":popover-open")) this.menu.hidePopover();
  }

  menuKey(event) {
    const choices = [...this.menu.querySelectorAll("[role=menuitem]")];
    const at = choices.indexOf(event.target);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: choices.length - 1 }[event.key];
    if (next !== undefined) choices.at(next % choices.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.leaveMenu();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  leaveMenu() {
    this.closeMenu();
    this.focusOn(this.menu.dataset.id);
  }

  choose(node) {
    this.leaveMenu();
    if (node.dataset.to) this.move(this.menu.dataset.id, node.dataset.to);
  }

  // --- dragging -----------------------------------------------------------------------------------------------------

  sortable(list) {
    return SortableModule.default.create(list, {
      group: this.group,
      sort: false,
      draggable: "li",
      filter: "button",
      preventOnFilter: false,
      forceFallback: true,
      fallbackTolerance: 4,
      delay: TOUCH_DELAY,
      delayOnTouchOnly: true,
      touchStartThreshold: 4,
      animation: 120,
      direction: "vertical",
      emptyInsertThreshold: 40,
      ghostClass: "ghost",
      dragClass: "lifted",
      onStart: ({ item }) => this.dragStart(item),
      onEnd: (drop) => this.dragEnd(drop),
    });
  }

  dragStart(li) {
    this.dragging = true;
    this.closeMenu();
    this.root.classList.add("dragging");
    const allowed = new Set(this.targets(li.dataset.id).map(([key]) => key)).add(li.parentElement.dataset.column);
    for (const [key, lane] of this.lanes) lane.section.classList.toggle("closed", !allowed.has(key));
    this.pointer = (event) => (this.at = event);
    document.addEventListener("pointermove", this.pointer);
    this.scrollAtEdges();
  }

  dragEnd({ item, to }) {
    this.dragging = false;
    this.at = null;
    document.removeEventListener("pointermove", this.pointer);
    this.root.classList.remove("dragging");
    for (const lane of this.lanes.values()) lane.section.classList.remove("closed");
    this.dropped = true; // the browser still sends a click for the press that dragged
    setTimeout(() => (this.dropped = false));
    const before = item.nextElementSibling?.dataset.id;
    if (this.late) this.receive(this.late);
    this.move(item.dataset.id, to.dataset.column, before);
  }

  scrollAtEdges() {
    if (!this.dragging) return;
    if (this.at) {
      nudge(this.columns, "left", "right", "clientX", "scrollLeft", this.at);
      const lane = this.parent.elementFromPoint(this.at.clientX, this.at.clientY)?.closest(".body");
      if (lane) nudge(lane, "top", "bottom", "clientY", "scrollTop", this.at);
    }
    requestAnimationFrame(() => this.scrollAtEdges());
  }
}

function nudge(box, low, high, axis, scroll, at) {
  const edges = box.getBoundingClientRect();
  if (at[axis] < edges[low] + EDGE) box[scroll] -= 10;
  else if (at[axis] > edges[high] - EDGE) box[scroll] += 10;
}

function choice(key, title) {
  const node = el("button", "choice");
  node.type = "button";
  node.setAttribute("role", "menuitem");
  node.append(bdi("", title));
  node.dataset.to = key;
  if (!key) node.setAttribute("aria-disabled", "true");
  return node;
}

// One card on the page; it is written anew only when what it shows has changed.
class Item {
  constructor(id, domId) {
    this.li = el("li", "card");
    this.li.dataset.id = id;
    this.link = el("a", "title");
    this.link.draggable = false;
    this.link.setAttribute("aria-describedby", domId);
    this.button = el("button", "move");
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "menu");
    this.button.setAttribute("aria-expanded", "false");
    this.facts = el("div", "facts");
    this.facts.id = domId;
    const top = el("div", "top");
    top.append(this.link, this.button);
    this.li.append(top, this.facts);
  }

  reach(on) {
    this.link.tabIndex = this.button.tabIndex = on ? 0 : -1;
  }

  show(card, words, pending, returned) {
    const shown = JSON.stringify([card, pending, returned]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.li.classList.toggle("stale", card.stale);
    this.li.classList.toggle("pending", pending);
    this.li.classList.toggle("returned", returned);
    this.li.setAttribute("aria-busy", pending);
    this.link.replaceChildren(bdi("", card.title));
    this.link.href = webAddress(card.href) || "#";
    this.button.setAttribute("aria-label", fill(words.move_card, { title: card.title }));
    this.button.title = words.move_to;
    this.facts.replaceChildren(...facts(card, words, returned));
  }
}

function facts(card, words, returned) {
  const lines = [card.views, card.activity].filter(Boolean).map((text) => line("fact", bdi("", text)));
  if (card.next_action) lines.push(line("next", bdi("", card.next_action)));
  const foot = line("foot", owner(card), card.stale && sign("mark", words.stale), bdi("age", card.age));
  if (returned) lines.unshift(line("back", bdi("", words.returned)));
  return [...lines, foot];
}

function line(className, ...parts) {
  const node = el("div", className);
  node.append(...parts.filter(Boolean).flatMap((part) => [part, " "]));
  return node;
}

function owner({ owner: initials, owner_name: name }) {
  if (!initials) return null;
  return name ? sign("owner", name, initials) : bdi("owner", initials);
}

// A badge or mark whose whole meaning is its name.
function sign(className, name, text = "") {
  const node = bdi(className, text);
  node.title = name;
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", name);
  return node;
}
