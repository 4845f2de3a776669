// A way drawn from plain texts; nothing in it is markup.
export default function ({ data, parentElement }) {
  let list = parentElement.querySelector("ol");
  if (!list) parentElement.append((list = document.createElement("ol")));
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.steps.map(drawn));
}

function drawn(step) {
  const item = part("li", step.place);
  if (step.place === "here" || step.place === "stopped") item.setAttribute("aria-current", "step");
  const words = part("div", "words");
  words.append(part("span", "name", step.name), part("span", "said", step.said));
  if (step.note) words.append(part("span", "note", step.note));
  item.append(part("span", "dot"), words);
  return item;
}

function part(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}
