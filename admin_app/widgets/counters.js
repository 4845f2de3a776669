// Figures as links. Pressing one tells the server; a new tab stays the browser's business.
export default function ({ data, parentElement, setTriggerValue }) {
  let list = parentElement.querySelector("ul");
  if (!list) parentElement.append((list = document.createElement("ul")));
  const focused = list.getRootNode().activeElement?.dataset?.id;
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.figures.map(figure));
  if (focused) list.querySelector(`a[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  list.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("open", link.dataset.id);
  };
}

function figure([id, label, count, href, tone, chosen]) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const number = document.createElement("span");
  const name = document.createElement("span");
  link.dataset.id = id;
  link.href = href;
  link.className = count ? tone : "none";
  if (chosen) link.setAttribute("aria-current", "true");
  number.className = "count";
  number.textContent = count;
  name.textContent = label;
  link.append(number, name);
  item.append(link);
  return item;
}
