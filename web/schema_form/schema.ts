import type { Language } from "../components/language.ts";

type Words = Record<Language, string>;

/**
 * A JSON Schema as builder contracts answer with it, in the subset that the API checks, with what it says for people:
 * docs/decisions/0147-a-form-is-made-of-its-schema.md lists it.
 */
export type Schema = {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  enum?: string[];
  default?: unknown;
  title?: string;
  description?: string;
  "x-title-ro"?: string;
  "x-description-ro"?: string;
  "x-labels"?: Record<string, Words>;
  "x-order"?: string[];
  /** The list that a value is chosen from. */
  "x-choices"?: string;
  /** The list of what a text can name, as {{name}}. */
  "x-inserts"?: string;
  /** Shown only while the property beside it has one of these values. */
  "x-when"?: Record<string, unknown[]>;
  /** Its schema is that of the row which the property beside it names. */
  "x-schema-of"?: string;
};

export type Choice = { value: string; label: string };
export type Values = Record<string, unknown>;

export function titleOf(schema: Schema, language: Language): string {
  return (language === "ro" ? schema["x-title-ro"] : schema.title) ?? schema.title ?? "";
}

export function descriptionOf(schema: Schema, language: Language): string | undefined {
  return (language === "ro" ? schema["x-description-ro"] : schema.description) ?? schema.description;
}

/** What a schema itself offers; undefined where it offers nothing, or names a list. */
export function offeredBy(schema: Schema, language: Language): Choice[] | undefined {
  return schema.enum?.map((value) => ({ value, label: schema["x-labels"]?.[value]?.[language] ?? value }));
}

/** The properties that are shown beside these values, in their order. */
export function shownProperties(schema: Schema, values: Values): [string, Schema][] {
  const properties = schema.properties ?? {};
  return (schema["x-order"] ?? Object.keys(properties)).flatMap((name) => {
    const property = properties[name];
    if (!property) return [];
    const isShown = Object.entries(property["x-when"] ?? {}).every(([beside, wanted]) =>
      wanted.includes(values[beside] ?? properties[beside]?.default),
    );
    return isShown ? [[name, property] satisfies [string, Schema]] : [];
  });
}

export function isRequired(schema: Schema, name: string): boolean {
  return schema.required?.includes(name) === true;
}

/** What stands where nothing was said yet: an object with what it requires, and of everything else nothing. */
export function emptyValue(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        shownProperties(schema, {})
          .filter(([name]) => isRequired(schema, name))
          .map(([name, property]) => [name, emptyValue(property)]),
      );
    case "array":
      return [];
    case "boolean":
      return false;
    default:
      return "";
  }
}

/**
 * An object with one of its values changed; undefined takes it away. What is no longer shown goes along, and what had its schema of the
 * value that changed.
 */
export function withValue(schema: Schema, values: Values, name: string, value: unknown): Values {
  const changed = { ...values, [name]: value };
  const shown = new Set(shownProperties(schema, changed).map(([shownName]) => shownName));
  return Object.fromEntries(
    Object.entries(changed).filter(
      ([key, one]) =>
        one !== undefined &&
        (shown.has(key) || !schema.properties?.[key]) &&
        schema.properties?.[key]?.["x-schema-of"] !== name,
    ),
  );
}

export function asValues(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

/** A list with one of its places changed to another. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const others = list.filter((_, i) => i !== from);
  const one = list[from];
  return one === undefined ? others : [...others.slice(0, to), one, ...others.slice(to)];
}
