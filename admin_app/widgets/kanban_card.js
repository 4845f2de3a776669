// One card of the board, and how its texts get on the page: always as text, never as markup.
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
    this.link.href = card.href || "#";
    if (!/^https?:$/.test(this.link.protocol)) this.link.href = "#";
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
