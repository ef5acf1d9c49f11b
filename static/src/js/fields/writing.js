// Calculated values as the server writes them.

// 1234567.5 -> 1.234.567,5
export function written(value) {
  const [whole, fraction] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  return fraction ? `${grouped},${fraction}` : grouped;
}

export function shown({ format }, value, words) {
  if (value === null || value === undefined) return words.labelEmpty;
  if (format === "yes_no") return value ? words.labelYes : words.labelNo;
  if (format === "date") return value.split("-").reverse().join("/");
  if (format === "text") return value;
  const bare = format === "number" && !words.unit && Math.abs(Number(value)) < 10000;
  const text = bare ? written(value).replaceAll(".", "") : written(value);
  return `${text} ${words.unit}`.trim();
}
