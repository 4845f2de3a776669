// Runs before the page's own scripts. window.benchPainted: ms from the start of the navigation until WANTED elements
// of SELECTOR, in whatever shadow root, have been painted. window.benchDrop(id): waits for the next drop, then until
// the card is settled; both as wall-clock ms.
(() => {
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    roots.push(root);
    return root;
  };
  const all = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const painted = (tell) => requestAnimationFrame(() => setTimeout(tell));
  const until = (holds, tell) => (holds() ? painted(tell) : requestAnimationFrame(() => until(holds, tell)));

  window.benchPainted = new Promise((tell) =>
    until(() => all("SELECTOR").length >= WANTED, () => tell(performance.now())),
  );
  window.benchDrop = (id) =>
    new Promise((tell) => {
      const settled = () => {
        const [card] = all(`li[data-id="${id}"]`);
        return !card || (card.ariaBusy !== "true" && card.parentElement.dataset.column !== "proposal_sent");
      };
      const dropped = () => {
        const at = Date.now();
        requestAnimationFrame(() => until(settled, () => tell([at, Date.now()])));
      };
      addEventListener("pointerup", dropped, { once: true, capture: true });
    });
})();
