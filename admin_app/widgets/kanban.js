// The pipeline board. It shows what the server last told (the truth) plus the moves that wait for an answer, and tells
// the server of moves and openings. At most one move is under way; the next one goes out when its answer has come.
const PAGE = 50; // cards of a column painted at once
const PATIENCE = 20000; // ms until an unanswered move is given up
const boards = new WeakMap();
let made = 0;

export default function ({ data, parentElement, setTriggerValue }) {
  let board = boards.get(parentElement);
  if (!board) boards.set(parentElement, (board = new Board(parentElement)));
  board.tell = setTriggerValue;
  board.receive(data);
  return () => board.root.isConnected || board.stop();
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
    const strip = el("div", "strip");
    strip.append(this.hint, this.notice);
    this.root.append(strip, this.columns, this.live);
    this.root.addEventListener("focusin", (event) => this.reach(event.target.closest("li")?.dataset.id));
    this.keys = new Keys(this);
    this.menu = new Menu(this);
    this.drag = new Drag(this);
    this.watch = new IntersectionObserver((seen) => this.nearEnd(seen), { rootMargin: "300px", scrollMargin: "300px" });
    this.parent.append(this.root);
  }

  stop() {
    clearTimeout(this.timer);
    this.watch.disconnect();
    for (const lane of this.lanes.values()) lane.sortable.destroy();
  }

  // --- the truth, and what waits for it

  receive(data) {
    if (this.drag.on) {
      this.late = data;
      return;
    }
    const changed = data.notice !== this.data?.notice;
    this.data = data;
    this.cards = new Map(data.cards.map((row) => {
      const card = Object.fromEntries(data.fields.map((name, at) => [name, row[at]]));
      return [card.id, card];
    }));
    if (!data.notice) this.returned = null;
    const told = this.settle();
    this.queue = this.queue.filter((move) => move.sent || this.cards.has(move.id));
    if (told || (changed && data.notice)) this.say(told || data.notice);
    this.showNotice(data.notice);
    this.render();
    this.flush();
  }

  // A payload that came during a drag was kept, so that the card in hand stays in hand.
  catchUp() {
    const { late } = this;
    this.late = null;
    if (late) this.receive(late);
  }

  // Answers what to say about the move that this payload answers. A card that comes back without a notice was not
  // refused: a question to the person took the move's place.
  settle() {
    const first = this.queue[0];
    if (!first?.sent || first.token !== this.data.ack) return "";
    clearTimeout(this.timer);
    this.queue.shift();
    const card = this.cards.get(first.id);
    if (card?.column === first.to) return this.data.notice || this.sentence("moved", card.title, first.to);
    this.queue = this.queue.filter((move) => move.id !== first.id);
    this.returned = this.data.notice ? first.id : null;
    return this.data.notice;
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

  open(id) {
    this.tell("open", { id });
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
    if (this.drag.on) {
      this.timer = setTimeout(() => this.giveUp(), 1000);
      return;
    }
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

  // --- painting

  render() {
    const { words, columns, height } = this.data;
    const focus = this.focused();
    this.hint.replaceChildren(bdi("", words.hint));
    this.root.setAttribute("aria-label", words.board);
    this.root.classList.toggle("fixed", this.data.read_only);
    this.root.style.setProperty("--height", height ? `${height}px` : "max(24rem, 100dvh - 15rem)");
    const lists = this.arrange();
    put(this.columns, columns.map((column) => this.lane(column).section));
    for (const [key] of columns) this.fillLane(this.lanes.get(key), lists.get(key), focus?.id);
    const widths = columns.map(([key]) => (lists.get(key).length ? "var(--wide)" : "var(--slim)"));
    this.columns.style.gridTemplateColumns = widths.join(" ");
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
      const card = this.cards.get(id);
      if (list && card) list.splice(Math.max(0, list.findIndex((each) => each.id === before)), 0, card);
    }
    return lists;
  }

  lane([key, title, subtitle]) {
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = this.newLane(key)));
    lane.sortable.option("disabled", this.data.read_only);
    lane.title.replaceChildren(bdi("", title));
    lane.subtitle.replaceChildren(bdi("", subtitle));
    return lane;
  }

  newLane(key) {
    const lane = { key, section: el("section", "lane"), title: el("h2"), subtitle: el("div", "subtitle") };
    Object.assign(lane, { list: el("ul"), empty: el("p", "empty"), more: el("button", "more") });
    const head = el("div", "head");
    const body = el("div", "body");
    lane.title.id = `${this.group}-${this.lanes.size}`;
    lane.section.setAttribute("aria-labelledby", lane.title.id);
    lane.list.setAttribute("role", "list");
    lane.list.dataset.column = key;
    lane.more.type = "button";
    lane.more.dataset.more = key;
    head.append(lane.title, lane.subtitle);
    body.append(lane.list, lane.empty, lane.more);
    lane.section.append(head, body);
    lane.sortable = this.drag.attach(lane.list, this.group);
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
    lane.empty.textContent = words.empty;
    lane.empty.hidden = cards.length > 0;
    lane.more.textContent = fill(words.more, { count: Math.min(hidden, PAGE) });
    lane.more.hidden = hidden <= 0;
  }

  item(card) {
    let item = this.items.get(card.id);
    if (!item) this.items.set(card.id, (item = new Item(card.id, `${this.group}-c${++made}`)));
    item.button.hidden = this.data.read_only;
    item.show(card, this.data.words, Boolean(this.waiting(card.id)), this.returned === card.id);
    return item;
  }

  forget() {
    for (const [id, item] of this.items) if (!item.li.isConnected) this.items.delete(id);
  }

  nearEnd(seen) {
    const near = seen.filter((entry) => entry.isIntersecting).map((entry) => entry.target.dataset.more);
    if (near.length && !this.drag.on) this.reveal(near);
  }

  reveal(keys) {
    const more = keys.filter((key) => !this.lanes.get(key).more.hidden);
    for (const key of more) this.limits.set(key, this.limits.get(key) + PAGE);
    if (more.length) this.render();
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

  // --- focus

  focused() {
    const node = this.parent.activeElement;
    const list = node?.closest("ul");
    if (!list) return null;
    const li = node.closest("li");
    const at = [...list.children].indexOf(li);
    return { id: li.dataset.id, column: list.dataset.column, at, onButton: node.matches("button") };
  }

  refocus(was, lists) {
    if (!was) return;
    const now = this.focused();
    const left = lists.get(was.column) ?? [];
    const id = this.items.has(was.id) ? was.id : left[Math.min(was.at, left.length - 1)]?.id;
    if (now?.id !== id) this.focusOn(id, was.onButton && id === was.id);
  }

  focusOn(id, onButton = false) {
    const item = this.items.get(id) ?? this.items.get(this.active);
    if (!item) return;
    (onButton ? item.button : item.link).focus({ preventScroll: true });
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
}
