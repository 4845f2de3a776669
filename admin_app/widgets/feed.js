// A list drawn from plain texts. Pressing a title tells the server; a new tab stays the browser's business.
export default function ({ data, parentElement, setTriggerValue }) {
  let list = parentElement.querySelector("ul");
  if (!list) parentElement.append((list = document.createElement("ul")));
  const focused = list.getRootNode().activeElement?.closest?.("li")?.dataset.id;
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.entries.map(line));
  if (focused) list.querySelector(`li[data-id="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true });
  list.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || !data.tells || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("open", link.closest("li").dataset.id);
  };
}

function line([id, title, text, note, hover, mark, tone, href]) {
  const item = document.createElement("li");
  item.dataset.id = id;
  const words = part("div", "words");
  const name = part(href ? "a" : "span", "title", title);
  if (href) name.href = href;
  if (href && !/^https?:$/.test(name.protocol)) name.href = "#";
  words.append(name);
  if (text) words.append(part("span", "text", text));
  if (mark) item.append(part("span", `mark ${tone}`, mark));
  item.classList.toggle("marked", Boolean(mark));
  item.append(words);
  if (note) {
    const end = part("span", "note", note);
    if (hover) end.title = hover;
    item.append(end);
  }
  return item;
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
