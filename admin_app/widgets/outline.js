// A numbered list drawn from plain texts. The lines stay the browser's: finding and going through them asks nobody.
const LONG = 12;

export default function ({ data, parentElement, setTriggerValue }) {
  const find = parentElement.querySelector("input") ?? parentElement.appendChild(document.createElement("input"));
  const list = parentElement.querySelector("ol") ?? parentElement.appendChild(document.createElement("ol"));
  find.type = "search";
  find.placeholder = "Find a question";
  find.setAttribute("aria-label", "Find a question");
  find.hidden = data.lines.length <= LONG;
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  const focused = list.getRootNode().activeElement?.closest?.("li")?.dataset.id;
  const before = list.dataset.opened;
  list.dataset.opened = data.opened;
  list.replaceChildren(...data.lines.map((line, place) => drawn(line, place, data)));
  if (focused) at(list, focused)?.focus({ preventScroll: true });
  if (before !== data.opened || focused === data.opened) show(list, at(list, data.opened));

  const narrow = () => {
    const wanted = find.value.trim().toLocaleLowerCase();
    for (const item of list.children) item.hidden = Boolean(wanted) && !item.textContent.toLocaleLowerCase().includes(wanted);
  };
  find.oninput = narrow;
  narrow();

  list.onclick = (event) => {
    const id = event.target.closest("li")?.dataset.id;
    if (id) setTriggerValue("open", id);
  };
  list.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = event.target.closest("li");
    if (!step || !item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (event.altKey) {
      if (data.moves && !event.repeat) setTriggerValue("move", { id: item.dataset.id, by: step });
      return;
    }
    let next = item;
    do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next?.hidden);
    next?.querySelector("button").focus();
  };
}

function at(list, id) {
  return list.querySelector(`li[data-id="${CSS.escape(id)}"] button`);
}

// Only the list itself scrolls, never the page around it.
function show(list, button) {
  const item = button?.closest("li");
  if (!item) return;
  const [top, bottom] = [item.offsetTop - list.offsetTop, item.offsetTop - list.offsetTop + item.offsetHeight];
  if (top < list.scrollTop) list.scrollTop = top;
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}

function drawn([id, text, note, mark, why, tone], place, { opened }) {
  const item = document.createElement("li");
  item.dataset.id = id;
  const line = document.createElement("button");
  line.type = "button";
  if (id === opened) line.setAttribute("aria-current", "true");
  line.append(part("span", "number", String(place + 1)), words(text, note));
  if (mark) {
    const sign = part("span", `mark ${tone}`, mark);
    sign.title = why;
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", why);
    line.append(sign);
  }
  item.append(line);
  return item;
}

function words(text, note) {
  const both = part("span", "words");
  both.append(part("bdi", "text", text));
  if (note) both.append(part("bdi", "note", note));
  return both;
}

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}
