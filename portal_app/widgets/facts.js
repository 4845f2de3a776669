// Names and values drawn from plain texts; nothing in them is markup.
export default function ({ data, parentElement }) {
  let list = parentElement.querySelector("dl");
  if (!list) parentElement.append((list = document.createElement("dl")));
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.facts.map(drawn));
}

function drawn([name, value]) {
  const pair = document.createElement("div"), called = document.createElement("dt"), is = document.createElement("dd");
  called.textContent = name;
  const own = document.createElement("bdi");
  own.textContent = value;
  is.append(own);
  pair.append(called, is);
  return pair;
}
