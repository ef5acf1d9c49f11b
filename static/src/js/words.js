// Words of the page in the page's language; the server writes them on <body>.
export const words = (name) => document.body.dataset[name] ?? "";

// Says something to people who use a screen reader.
export function announce(text) {
  const place = document.getElementById("mc-announcer");
  if (place) place.textContent = text;
}
