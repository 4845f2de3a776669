// A list drawn from plain texts; nothing in it is markup.
export default function ({ data, parentElement }) {
  let list = parentElement.querySelector("ul");
  if (!list) parentElement.append((list = document.createElement("ul")));
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.classList.toggle("dated", data.lines.some((line) => line.lead));
  list.replaceChildren(...data.lines.map(drawn));
}

function drawn(line) {
  const item = document.createElement("li");
  item.classList.toggle("struck", line.struck);
  if (line.lead) item.append(said("lead", line.lead));
  const words = part("div", "words");
  words.append(line.href ? anchor("title", line.title, line.href) : part("span", "title", line.title));
  if (line.text) words.append(said("text", line.text));
  if (line.note) words.append(part("p", "note", line.note));
  item.append(words);
  if (line.aside || line.mark || line.link) {
    const side = part("span", "side");
    if (line.aside) side.append(part("span", "text", line.aside));
    if (line.mark) side.append(part("span", `mark ${line.tone}`, line.mark));
    if (line.link) side.append(anchor("link", line.link, line.link_href));
    item.append(side);
  }
  return item;
}

// Words of the page itself: they run as the page does, whatever stands first in them.
function said(name, text) {
  const node = document.createElement("span");
  node.className = name;
  node.textContent = text;
  return node;
}

function anchor(name, text, href) {
  const link = part("a", name, text);
  link.href = href;
  if (!/^https?:$/.test(link.protocol)) link.removeAttribute("href");
  else if (link.origin !== location.origin) { link.target = "_blank"; link.rel = "noopener noreferrer"; }
  return link;
}

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  if (text) {
    const own = document.createElement("bdi");
    own.textContent = text;
    node.append(own);
  }
  return node;
}
