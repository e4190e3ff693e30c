import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../components/language.ts";
import type { Choice, Schema, Values } from "./schema.ts";

/** One value of a form, with the schema that it has to fit. */
export type FieldOfSchema = {
  schema: Schema;
  value: unknown;
  /** Where it stands, as the problems of the API name it: `$.words.ro.title`. */
  path: string;
  isRequired: boolean;
  /** What stands beside it in the same object. */
  beside: Values;
  /** Undefined: nothing is said. */
  onChange(value: unknown): void;
};

/** What every field of a form needs. */
export type FormOfSchema = {
  language: Language;
  /** What is wrong, in words, by path. */
  problems: ReadonlyMap<string, string>;
  /** What can be chosen, by the list that a schema names. A list that is not there is one that the caller may not read. */
  choices: Readonly<Record<string, readonly Choice[]>>;
  /** How values of a format are edited, or of a property that takes the schema of what stands beside it ("x-schema-of"). */
  custom: Readonly<Record<string, ComponentType<FieldOfSchema>>>;
  /** How any value is edited, since objects and lists have values within. */
  Field: ComponentType<FieldOfSchema>;
};

export const SchemaFormContext = createContext<FormOfSchema | null>(null);

export function useSchemaForm(): FormOfSchema {
  const form = useContext(SchemaFormContext);
  if (!form) throw new Error("A field of a schema stands outside of a form.");
  return form;
}
