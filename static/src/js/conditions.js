// Questions that depend on other answers of the same page are hidden until they are asked. The same rules decide on the
// server (services/forms/conditions.py); without a script all of them are shown and the server ignores what is not asked.
const DEEPEST = 20;
const NUMBER = /^-?[0-9]{1,18}(\.[0-9]{1,9})?$/;
const ORDERS = {
  "<": (less) => less,
  "<=": (less, equal) => less || equal,
  ">": (less, equal) => !less && !equal,
  ">=": (less) => !less,
};

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const truthy = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function number(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : null;
}

function same(left, right) {
  if (typeof left === "boolean" || typeof right === "boolean") return left === right;
  if (typeof left === "string" && typeof right === "string") return left === right;
  const one = number(left);
  const other = number(right);
  if (one !== null && other !== null) return one === other;
  return left === null && right === null;
}

function compare(operator, left, right) {
  if (operator === "==") return same(left, right);
  if (operator === "!=") return !same(left, right);
  if (operator === "in") return Array.isArray(right) && right.some((one) => same(left, one));
  if (!(operator in ORDERS)) return null;
  const one = number(left);
  const other = number(right);
  if (one !== null && other !== null) return ORDERS[operator](one < other, one === other);
  if (typeof left === "string" && typeof right === "string") return ORDERS[operator](left < right, left === right);
  return false;
}

function evaluate(node, answers, depth) {
  if (Array.isArray(node)) return depth < DEEPEST ? node.map((part) => evaluate(part, answers, depth + 1)) : null;
  if (!isObject(node)) return node;
  const operators = Object.keys(node);
  if (operators.length !== 1 || depth >= DEEPEST) return null;
  const [operator] = operators;
  const given = node[operator];
  if (operator === "var") return answers.get(given) ?? null;
  const values = (Array.isArray(given) ? given : [given]).map((part) => evaluate(part, answers, depth + 1));
  if (operator === "and") return values.every(truthy);
  if (operator === "or") return values.some(truthy);
  if (operator === "!" && values.length === 1) return !truthy(values[0]);
  return values.length === 2 ? compare(operator, values[0], values[1]) : null;
}

// Whether a condition holds; `answers` is a Map from input names to answers.
export function holds(condition, answers) {
  return condition === null || truthy(evaluate(condition, answers, 0));
}

// 1.500,5 -> "1500.5": how a number that people type is compared.
function plainNumber(text) {
  const tidy = text.replace(/[^0-9.,-]/g, "");
  const grouped = /^-?[0-9]{1,3}([.,][0-9]{3})+$/.test(tidy);
  return grouped ? tidy.replace(/[.,]/g, "") : tidy.replace(/\.(?=.*,)/g, "").replace(",", ".");
}

function answer(form, name, type) {
  if (type === "date") {
    const [day, month, year] = ["day", "month", "year"].map((part) => form.elements.namedItem(`${name}_${part}`)?.value.trim() ?? "");
    return day && month && year ? `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : null;
  }
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((input) => !input.closest("[data-mc-when][hidden]"));
  const chosen = inputs.filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked).map((input) => input.value.trim());
  if (type === "multiple_choice") return chosen.length ? chosen : null;
  const [value] = chosen;
  if (!value) return null;
  if (type === "yes_no") return value === "yes";
  return type === "number" ? plainNumber(value) : value;
}

function update(form) {
  for (const part of form.querySelectorAll("[data-mc-when]")) {
    const types = JSON.parse(part.dataset.mcTypes);
    const answers = new Map(Object.entries(types).map(([name, type]) => [name, answer(form, name, type)]));
    part.hidden = !holds(JSON.parse(part.dataset.mcWhen), answers);
  }
}

export function conditions(scope) {
  const forms = new Set([...scope.querySelectorAll("[data-mc-when]")].map((part) => part.closest("form")).filter(Boolean));
  for (const form of forms) {
    form.querySelectorAll(".mc-when__note").forEach((note) => note.remove());
    update(form);
    if (form.dataset.mcConditions) continue;
    form.dataset.mcConditions = "1";
    form.addEventListener("input", () => update(form));
    form.addEventListener("change", () => update(form));
  }
}
