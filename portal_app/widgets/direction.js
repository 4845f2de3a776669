// Tells the browser the page's language and direction.
export default function direct({ data }) {
  document.documentElement.lang = data.lang;
  document.documentElement.dir = data.dir;
}
