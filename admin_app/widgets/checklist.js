// Things to do, drawn from plain texts. A tick is shown at once; the server's answer redraws the list.
export default function ({ data, parentElement, setTriggerValue }) {
  let list = parentElement.querySelector("ul");
  if (!list) parentElement.append((list = document.createElement("ul")));
  const active = list.getRootNode().activeElement;
  const focused = active?.closest?.("li")?.dataset.id;
  const kind = active?.tagName === "A" ? "a" : "button";
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.items.map((item) => line(item, data)));
  if (focused) list.querySelector(`li[data-id="${CSS.escape(focused)}"] ${kind}`)?.focus({ preventScroll: true });
  list.onclick = (event) => {
    const line = event.target.closest("li");
    const box = event.target.closest("button");
    if (box && data.ticks) {
      const done = box.getAttribute("aria-checked") !== "true";
      box.setAttribute("aria-checked", String(done));
      setTriggerValue("tick", { id: line.dataset.id, done });
    }
    if (!event.target.closest("a") || !data.opens || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("open", line.dataset.id);
  };
}

function line([id, title, text, note, tone, done, href], data) {
  const item = document.createElement("li");
  item.dataset.id = id;
  const box = document.createElement("button");
  box.type = "button";
  box.setAttribute("role", "checkbox");
  box.setAttribute("aria-checked", String(done));
  box.setAttribute("aria-label", `Done: ${title}`);
  box.disabled = !data.ticks;
  const words = part("div", "words");
  const name = part(href ? "a" : "span", "title", title);
  if (href) name.href = href;
  if (href && !/^https?:$/.test(name.protocol)) name.href = "#";
  words.append(name);
  if (text) words.append(part("span", "text", text));
  item.append(box, words);
  if (note) item.append(part("span", `note ${tone}`, note));
  item.classList.toggle("done", done);
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
