// What a person does to the board: keys and clicks, the menu of a card, dragging. Each tells the board; none decides.
const EDGE = 56; // px beside the board's border where a dragged card scrolls it
const TOUCH_DELAY = 180; // ms of rest that tell a drag from a scroll

class Keys {
  constructor(board) {
    this.board = board;
    board.root.addEventListener("keydown", (event) => this.press(event));
    board.root.addEventListener("click", (event) => this.click(event));
  }

  press(event) {
    if (event.ctrlKey || event.metaKey) return;
    if (this.board.menu.has(event.target)) return this.board.menu.press(event);
    const li = event.target.closest("li");
    if (li && this.act(li, event)) event.preventDefault();
  }

  // Answers whether the key was ours.
  act(li, { key, code, altKey }) {
    if (/^Arrow(Left|Right)$/.test(key)) this.sideways(li, key === this.board.forward() ? 1 : -1, altKey);
    else if (altKey) return false;
    else if (/^(ArrowUp|ArrowDown|Home|End)$/.test(key)) this.upAndDown(li, key);
    else if (this.board.data.read_only) return false;
    else if (code === "KeyM" || key.toLowerCase() === "m") this.board.menu.open(li.dataset.id);
    else return false;
    return true;
  }

  upAndDown(li, key) {
    const list = li.parentElement;
    if (key === "ArrowDown" && li === list.lastElementChild) this.board.reveal([list.dataset.column]);
    const to = {
      ArrowUp: li.previousElementSibling,
      ArrowDown: li.nextElementSibling,
      Home: list.firstElementChild,
      End: list.lastElementChild,
    }[key];
    this.board.focusOn((to ?? li).dataset.id);
  }

  sideways(li, side, carry) {
    const { board } = this;
    const keys = board.data.columns.map(([key]) => key);
    const here = keys.indexOf(li.parentElement.dataset.column);
    const ahead = side > 0 ? keys.slice(here + 1) : keys.slice(0, here).reverse();
    if (carry) return this.carry(li.dataset.id, ahead);
    const list = ahead.map((key) => board.lanes.get(key).list).find((each) => each.children.length);
    const row = [...li.parentElement.children].indexOf(li);
    if (list) board.focusOn(list.children[Math.min(row, list.children.length - 1)].dataset.id);
  }

  carry(id, ahead) {
    const allowed = this.board.targets(id).map(([key]) => key);
    const to = ahead.find((key) => allowed.includes(key));
    if (to) this.board.move(id, to);
    else this.board.say(this.board.data.words.no_moves);
  }

  click(event) {
    const { board } = this;
    const { target } = event;
    if (board.drag.justEnded) return event.preventDefault();
    if (board.menu.has(target)) return board.menu.choose(target.closest("[role=menuitem]"));
    const more = target.closest(".more");
    if (more) return this.revealAndGo(more.dataset.more);
    const li = target.closest("li");
    if (!li) return;
    if (target.closest("button")) return board.menu.open(li.dataset.id);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the link's own new tab
    event.preventDefault();
    board.open(li.dataset.id);
  }

  revealAndGo(key) {
    const { list } = this.board.lanes.get(key);
    const next = list.children.length;
    this.board.reveal([key]);
    this.board.focusOn(list.children[next]?.dataset.id);
  }
}

class Menu {
  constructor(board) {
    this.board = board;
    this.box = el("div", "menu");
    this.box.setAttribute("role", "menu");
    this.box.popover = "auto";
    this.box.addEventListener("toggle", (event) => this.toggled(event.newState === "open"));
    board.root.addEventListener("scroll", () => this.close(), true);
    board.root.append(this.box);
  }

  has(node) {
    return this.box.contains(node);
  }

  open(id) {
    this.close();
    const { board } = this;
    const { words } = board.data;
    const choices = board.targets(id).map(([key, title]) => choice(key, title));
    const title = el("div", "menu-title", words.move_to);
    title.setAttribute("role", "presentation");
    this.id = id;
    this.box.setAttribute("aria-label", fill(words.move_card, { title: board.cards.get(id).title }));
    this.box.replaceChildren(title, ...(choices.length ? choices : [choice("", words.no_moves)]));
    this.box.showPopover();
    this.place(board.items.get(id).button.getBoundingClientRect());
    this.box.querySelector("[role=menuitem]").focus();
  }

  place(button) {
    const box = this.box.getBoundingClientRect();
    const { left, right } = this.board.root.getBoundingClientRect();
    const start = this.board.forward() === "ArrowRight" ? button.right - box.width : button.left;
    const below = button.bottom + 4 + box.height < innerHeight;
    this.box.style.left = `${Math.max(left, Math.min(start, right - box.width))}px`;
    this.box.style.top = `${Math.max(8, below ? button.bottom + 4 : button.top - 4 - box.height)}px`;
  }

  toggled(open) {
    for (const [id, item] of this.board.items) item.button.setAttribute("aria-expanded", open && id === this.id);
  }

  close() {
    if (this.box.matches(":popover-open")) this.box.hidePopover();
  }

  press(event) {
    const choices = [...this.box.querySelectorAll("[role=menuitem]")];
    const at = choices.indexOf(event.target);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: choices.length - 1 }[event.key];
    if (next !== undefined) choices.at(next % choices.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  leave() {
    this.close();
    this.board.focusOn(this.id);
  }

  choose(node) {
    if (!node) return;
    this.leave();
    if (node.dataset.to) this.board.move(this.id, node.dataset.to);
  }
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

class Drag {
  constructor(board) {
    this.board = board;
    this.on = false;
    this.justEnded = false;
    this.follow = (event) => (this.at = event);
    board.root.addEventListener("contextmenu", (event) => this.on && event.preventDefault()); // a finger that rests
  }

  // Order within a column is the server's, so a card can only be carried to another one.
  attach(list, group) {
    return SortableModule.default.create(list, {
      group,
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
      onStart: ({ item }) => this.start(item),
      onEnd: ({ item, to }) => this.end(item, to),
    });
  }

  start(li) {
    const { board } = this;
    const allowed = new Set(board.targets(li.dataset.id).map(([key]) => key)).add(li.parentElement.dataset.column);
    for (const [key, lane] of board.lanes) lane.section.classList.toggle("closed", !allowed.has(key));
    board.root.classList.add("dragging");
    board.menu.close();
    document.addEventListener("pointermove", this.follow);
    this.on = true;
    this.scrollAtEdges();
  }

  end(li, list) {
    const { board } = this;
    this.on = false;
    this.at = null;
    document.removeEventListener("pointermove", this.follow);
    board.root.classList.remove("dragging");
    for (const lane of board.lanes.values()) lane.section.classList.remove("closed");
    this.justEnded = true; // the browser still sends a click for the press that dragged
    setTimeout(() => (this.justEnded = false));
    const before = li.nextElementSibling?.dataset.id;
    board.catchUp();
    board.move(li.dataset.id, list.dataset.column, before);
  }

  scrollAtEdges() {
    if (!this.on) return;
    if (this.at) {
      const lane = this.board.parent.elementFromPoint(this.at.clientX, this.at.clientY)?.closest(".body");
      nudge(this.board.columns, "left", "right", "clientX", "scrollLeft", this.at);
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
