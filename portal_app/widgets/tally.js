// Bars drawn from plain texts; nothing in them is markup.
export default function ({ data, parentElement }) {
  let list = parentElement.querySelector("ul");
  if (!list) parentElement.append((list = document.createElement("ul")));
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.classList.toggle("noted", data.bars.some((bar) => bar.note));
  list.replaceChildren(...data.bars.map(drawn));
}

function drawn(bar) {
  const item = document.createElement("li");
  const name = part(bar.href ? "a" : "span", "name", bar.name);
  if (bar.href) name.href = bar.href;
  const track = part("span", "track");
  const fill = part("span", `fill ${bar.tone}`);
  fill.style.inlineSize = `${Math.round(bar.share * 100)}%`;
  track.setAttribute("aria-hidden", "true");
  track.append(fill);
  item.append(name, track, part("span", "figure", bar.figure));
  if (bar.note) item.append(part("bdi", "note", bar.note));
  return item;
}

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}
