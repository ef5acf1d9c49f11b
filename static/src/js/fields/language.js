// Conditions and formulas as the server compiled them (services/forms/language.py), evaluated by the same rules: answers are
// handed over in the form that each comparison asks for, and what comes out is rounded the same way.
import jsonLogic from "json-logic-js";

const LARGEST = 1e15;
const NUMBER = /^-?[0-9]{1,18}(\.[0-9]{1,9})?$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const EPOCH = 719163;
const MILLISECONDS = 86400000;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const inner = (value) => (isObject(value) ? (value.m2 ?? null) : value);

function number(given) {
  const value = inner(given);
  const found = typeof value === "string" && NUMBER.test(value) ? Number(value) : value;
  return typeof found === "number" && Math.abs(found) <= LARGEST ? found : null;
}

// Days since the day before 1 January of the year 1, as Python counts them.
function ordinal(value) {
  const match = typeof value === "string" ? DAY.exec(value) : null;
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  const real = year > 0 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return real ? Math.round(made.getTime() / MILLISECONDS) + EPOCH : null;
}

const texts = (list) => list.filter((one) => typeof one === "string");

function plain(given) {
  const value = inner(given);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return texts(value).length ? true : null;
  return number(value);
}

export const CASTS = {
  "": plain,
  number,
  figure: (value) => (typeof value === "string" ? null : number(value)),
  days: ordinal,
  date: (value) => (ordinal(value) === null ? null : Number(value.replaceAll("-", ""))),
  order: (value) => number(value) ?? ordinal(value),
  many: (value) => (Array.isArray(value) ? texts(value) : null),
  numbers: (value) => (Array.isArray(value) ? value.map(number).filter((one) => one !== null) : []),
  count: (value) => (Array.isArray(value) ? value.length : 0),
};

// An answer in every form an expression may ask for it.
export function put(data, name, value) {
  for (const [form, cast] of Object.entries(CASTS)) data[form ? `${name}:${form}` : name] = cast(value);
}

// What a program gives; null when it gives nothing.
export function run(rule, data) {
  const value = jsonLogic.apply(rule, data);
  return value === undefined || Number.isNaN(value) ? null : value;
}

// So many decimals, halves away from zero, from the fifteen digits that a binary number is good for.
export function rounded(value, decimals) {
  const known = number(value);
  if (known === null) return null;
  const digits = typeof value === "string" ? value : spelt(Number(known.toPrecision(15)));
  const sign = digits.startsWith("-") ? "-" : "";
  const [whole, fraction = ""] = digits.replace("-", "").split(".");
  let scaled = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  if (Number(fraction[decimals] ?? 0) >= 5) scaled += 1n;
  const text = scaled.toString().padStart(decimals + 1, "0");
  const after = text.slice(text.length - decimals).replace(/0+$/, "");
  const before = text.slice(0, text.length - decimals);
  if (Number(before) >= LARGEST) return null;
  if (decimals && after) return `${sign}${before}.${after}`;
  return before === "0" ? 0 : Number(`${sign}${before}`);
}

// Without an exponent.
function spelt(value) {
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/\.?0+$/, "") : text;
}

// A calculated value as the server keeps it.
export function kept({ format, decimals }, value) {
  if (format === "number" || format === "money") return rounded(value, decimals);
  if (format === "yes_no") return typeof value === "boolean" ? value : null;
  if (format === "text") return typeof value === "string" && value ? value : null;
  if (typeof value === "string") return ordinal(value) === null ? null : value;
  return typeof value === "number" ? day(Math.trunc(value)) : null;
}

function day(count) {
  const made = new Date((count - EPOCH) * MILLISECONDS);
  const year = made.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return null;
  const two = (part) => String(part).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(made.getUTCMonth() + 1)}-${two(made.getUTCDate())}`;
}
