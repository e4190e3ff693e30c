import type { Any } from "./comparisons.ts";
import { type Random, texts } from "./random.ts";

const day = 86_400_000;

/** Composes rules of what ruleBuilder offers and of nothing else, as a page would. */
export class Composer {
  #random: Random;
  #contract: Any;
  #now: number;
  constructor(random: Random, contract: Any, now: number) {
    this.#random = random;
    this.#contract = contract;
    this.#now = now;
  }

  rule(depth = 3, collection: string | null = null): Any {
    const random = this.#random;
    if (depth > 0 && random.chance(0.45)) {
      const parts = () => Array.from({ length: random.below(4) }, () => this.rule(depth - 1, collection));
      const kind = random.below(5);
      if (kind < 2) return { all: parts() };
      return kind < 4 ? { any: parts() } : { not: this.rule(depth - 1, collection) };
    }
    if (collection === null && random.chance(0.25)) return this.#count();
    if (collection === null && this.#contract.segments.length > 0 && random.chance(0.08))
      return { segment: random.of<Any>(this.#contract.segments).segment_id };
    return this.comparison(random.of(this.fields(collection)));
  }

  /** A comparison by each operator of each type in its turn, of some field that it fits: so that few rules meet all. */
  nth(n: number): Any {
    const all = this.#contract.operators
      .map((operator: Any) => ({ operator, fields: this.fields(null).filter((one) => fits(one, operator)) }))
      .filter(({ fields }: Any) => fields.length > 0)
      .sort((a: Any, b: Any) => (nameOf(a.operator) < nameOf(b.operator) ? -1 : 1));
    const { operator, fields } = all[n % all.length];
    return this.comparison(this.#random.of<Any>(fields), operator);
  }

  /** Those that can be compared with something: a clinic without calendars has no calendar to name. */
  fields(collection: string | null): Any[] {
    return this.#contract.fields.filter((field: Any) => field.collection === collection);
  }

  comparison(field: Any, operator?: Any): Any {
    const usable = this.#contract.operators.filter((one: Any) => fits(field, one));
    const chosen = operator ?? this.#random.of<Any>(usable);
    const rule = { field: field.code, operator: chosen.code };
    return chosen.operand === "none" ? rule : { ...rule, value: this.#operand(field, chosen.operand) };
  }

  #count(): Any {
    const random = this.#random;
    const of = random.of<Any>(this.#contract.collections).code;
    const within = random.of([
      undefined,
      { days: random.between(0, 60) },
      { next_days: random.between(0, 60) },
      { from: this.#date(-40), to: this.#date(40) },
    ]);
    const operator = random.of<Any>(
      this.#contract.operators.filter(
        (one: Any) => one.type === "number" && ["one", "range"].includes(one.operand),
      ),
    );
    const value = operator.operand === "range" ? [random.below(2), random.between(1, 4)] : random.below(4);
    const where = random.chance(0.7) ? { where: this.rule(1, of) } : {};
    return { count: { of, ...where, ...(within ? { within } : {}) }, operator: operator.code, value };
  }

  #date(days: number): string {
    return new Date(this.#now + days * day).toISOString().slice(0, 10);
  }

  #operand(field: Any, operand: string): Any {
    const random = this.#random;
    if (operand === "days") return random.between(0, 60);
    if (operand === "one") return this.#value(field);
    const list = Array.from({ length: operand === "range" ? 2 : random.between(1, 3) }, () =>
      this.#value(field),
    );
    return operand === "range" ? list.sort((a, b) => (a > b ? 1 : a < b ? -1 : 0)) : list;
  }

  #value(field: Any): Any {
    const random = this.#random;
    switch (field.type) {
      case "number": {
        const least = field.minimum ?? -5;
        const number = least + random.below((field.maximum ?? 40) - least + 1);
        return field.is_whole || random.chance(0.5)
          ? number
          : Math.min(number + 0.5, field.maximum ?? number + 1);
      }
      case "boolean":
        return random.chance(0.5);
      case "date":
        return this.#date(random.chance(0.1) ? -10_000 : random.between(-60, 60));
      case "text":
        return random.of(texts.filter((text) => /[\p{L}\p{N}]/u.test(text)));
      default:
        return random.of<Any>(field.choices).value;
    }
  }
}

const fits = (field: Any, { type, operand }: Any) =>
  type === field.type && (operand === "none" || !takesChoices(field) || field.choices.length > 0);

const nameOf = ({ type, code }: Any) => `${type} ${code}`;

const takesChoices = (field: Any) => field.type === "choice" || field.type === "choices";
