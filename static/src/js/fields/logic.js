// Questions that depend on other answers of the page are hidden until they are asked, and calculated values follow what is
// typed. The server decides by the same rules; without a script everything is shown and it ignores what is not asked.
import { kept, put, run } from "./language.js";
import { shown } from "./writing.js";

const AREAS = { m2: 1, ha: 1e4, km2: 1e6 };
const AMOUNTS = { dong: 1, nghin: 1e3, trieu: 1e6, ty: 1e9 };
const PASSES = 12;
const PAUSE = 500;

// 1.500,5 -> "1500.5": how a number that people type is kept.
function plainNumber(text) {
  const tidy = text.replace("\u2212", "-").replace(/[^0-9.,-]/g, "");
  const grouped = /^-?[0-9]{1,3}([.,][0-9]{3})+$/.test(tidy);
  const plain = grouped ? tidy.replace(/[.,]/g, "") : tidy.replace(/\.(?=.*,)/g, "").replace(",", ".");
  const value = plain === "" ? NaN : Number(plain);
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? value : String(value);
}

const scaled = (text, factor) => {
  const value = plainNumber(text);
  if (value === null || !factor) return null;
  const made = Number((Number(value) * factor).toPrecision(15));
  return Number.isInteger(made) ? made : String(made);
};

class Page {
  constructor(form, place) {
    this.form = form;
    Object.assign(this, JSON.parse(place.dataset.mcLogic));
  }

  // What the inputs of a name hold now; inputs of questions that are not asked hold nothing.
  typed(name) {
    const inputs = [...this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    return inputs
      .filter((input) => !input.closest("[data-mc-when][hidden]"))
      .filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked)
      .map((input) => input.value.trim());
  }

  text(name) {
    return (this.typed(name)[0] ?? "").normalize("NFC");
  }

  day(name, partly) {
    const [day, month, year] = ["day", "month", "year"].map((part) => this.text(`${name}_${part}`));
    const parts = [year.padStart(4, "0"), month && month.padStart(2, "0"), day && day.padStart(2, "0")];
    if (!year || (!partly && !(month && day))) return null;
    return parts.filter(Boolean).join("-");
  }

  answer(name, type) {
    if (type === "date" || type === "known_date") return this.day(name, type === "known_date");
    if (type === "area") return scaled(this.text(`${name}-amount`), AREAS[this.text(`${name}-unit`)]);
    if (type === "money") return scaled(this.text(`${name}-amount`), AMOUNTS[this.text(`${name}-unit`)]);
    if (type === "multiple_choice") {
      const chosen = this.typed(name);
      return chosen.length ? chosen : null;
    }
    const text = this.text(name);
    if (!text) return null;
    if (type === "yes_no") return text === "yes";
    if (type === "capitals") return text.toUpperCase();
    return type === "number" ? plainNumber(text) : text;
  }

  // Everything known, with what the formulas make of it.
  data() {
    const data = { ...this.known };
    const values = {};
    const columns = [];
    for (const [name, type] of Object.entries(this.types)) {
      if (Array.isArray(type)) put(data, name, type.filter((names) => names.some((one) => this.text(one))));
      else if (type.column) columns.push([name, type.column]);
      else if (type.is) put(data, name, this.text(type.with) ? type.is : null);
      else put(data, name, (values[name] = this.answer(name, type)));
    }
    for (const one of this.calculated) {
      for (const [name, names] of columns) put(data, name, names.map((input) => values[input] ?? null));
      const asked = one.when.every((rule) => run(rule, data) === true) && (!one.asks || one.asks.some((name) => data[name] !== null));
      values[one.name] = asked ? kept(one, run(one.rule, data)) : null;
      put(data, one.name, values[one.name]);
    }
    for (const [name, names] of columns) put(data, name, names.map((input) => values[input] ?? null));
    this.values = values;
    return data;
  }

  // Hiding a question takes its answer away, which may change what else is asked: until nothing changes any more.
  decide() {
    for (let pass = 0; pass < PASSES; pass += 1) {
      const data = this.data();
      let changed = false;
      for (const part of this.form.querySelectorAll("[data-mc-when]")) {
        const hidden = run(JSON.parse(part.dataset.mcWhen), data) !== true;
        changed ||= part.hidden !== hidden;
        part.hidden = hidden;
      }
      if (!changed) return;
    }
  }

  write() {
    for (const place of this.form.querySelectorAll("[data-mc-output]")) {
      const one = this.calculated.find(({ name }) => name === place.dataset.mcOutput);
      if (!one) continue;
      const text = shown(one, this.values[one.name], place.dataset);
      if (place.textContent !== text) place.textContent = text;
    }
  }
}

export function logic(scope) {
  const found = [...scope.querySelectorAll("[data-mc-logic]")];
  if (scope.matches?.("[data-mc-logic]")) found.push(scope);
  for (const place of found) {
    const form = place.closest("form");
    if (!form || place.dataset.mcReady) continue;
    place.dataset.mcReady = "1";
    form.querySelectorAll(".mc-when__note").forEach((note) => note.remove());
    const page = new Page(form, place);
    let waiting;
    const write = () => {
      clearTimeout(waiting);
      page.write();
    };
    const decide = () => page.decide();
    form.addEventListener("input", () => {
      decide();
      // Read out once somebody has stopped typing.
      clearTimeout(waiting);
      waiting = setTimeout(write, PAUSE);
    });
    form.addEventListener("change", () => {
      decide();
      write();
    });
    decide();
    page.write();
  }
}
