// Tells the browser the page's language and direction, and keeps links within the portal in their tab.
// What is saved, or shown to others, opens apart.
const APART = ["/documents/", "/training/certificates/", "/certificate/"];

function stayHere(event) {
  const link = event.target instanceof Element ? event.target.closest("a[target='_blank']") : null;
  if (link && link.origin === location.origin && !APART.some((path) => link.pathname.startsWith(path))) link.target = "_self";
}

export default function direct({ data }) {
  document.documentElement.lang = data.lang;
  document.documentElement.dir = data.dir;
  document.addEventListener("click", stayHere, true);
  return () => document.removeEventListener("click", stayHere, true);
}
