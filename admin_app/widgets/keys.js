// Letters as keys: down and up through a grid that lives in a frame of its own, and the buttons beside it.
// They rest while somebody types, is asked something, or holds another key.
const TYPING = "textarea, select, canvas, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])";
const ASKED = "[role=dialog], [role=listbox], [role=menu], [data-testid=stPopoverBody]";

export default function ({ data, parentElement }) {
  const page = parentElement.ownerDocument;
  const told = parentElement.querySelector("p") ?? parentElement.appendChild(document.createElement("p"));
  told.replaceChildren(...data.words.flatMap(said));

  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.composedPath().some((place) => place.matches?.(TYPING)) || page.querySelector(ASKED)) return;
    const letter = event.key.toLowerCase();
    const step = { j: "ArrowDown", k: "ArrowUp" }[letter];
    const button = data.buttons[letter];
    if (!step && !button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (step) go(page, data, step);
    else if (!event.repeat) page.querySelector(`.${CSS.escape(button)} button:enabled`)?.click();
  };
  // Keys that are pressed within the grid's frame are told to nobody outside.
  const entered = () => page.activeElement?.contentDocument?.defaultView.addEventListener("keydown", pressed, true);
  const window = page.defaultView;
  window.addEventListener("keydown", pressed, true);
  window.addEventListener("blur", entered);
  entered();
  return () => {
    window.removeEventListener("keydown", pressed, true);
    window.removeEventListener("blur", entered);
    for (const frame of page.querySelectorAll("iframe")) {
      frame.contentDocument?.defaultView.removeEventListener("keydown", pressed, true);
    }
  };
}

// The grid knows the arrow keys: from the cell it was left at, or from the row that is open.
function go(page, { grid, row }, key) {
  const inside = page.querySelector(`[class*="${CSS.escape(grid)}"] iframe`)?.contentDocument;
  const cell =
    inside?.querySelector(".ag-cell-focus") ??
    inside?.querySelector(`.ag-center-cols-container [row-index="${Number(row)}"] .ag-cell`);
  cell?.dispatchEvent(new inside.defaultView.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function said([letters, text]) {
  const keys = [...letters].map((letter) => {
    const key = document.createElement("kbd");
    key.textContent = letter;
    return key;
  });
  const words = document.createElement("span");
  words.textContent = text;
  return [...keys, words];
}
