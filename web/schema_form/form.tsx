import type { ComponentType } from "preact";
import type { Language } from "../components/language.ts";
import { type FieldOfSchema, SchemaFormContext } from "./context.ts";
import { FieldBySchema } from "./field.tsx";
import type { Choice, Schema } from "./schema.ts";

/** A form made of a schema and nothing else (AUT-02): what a value may be, and what people read beside it, the schema says. */
export function SchemaForm({
  schema,
  value,
  problems,
  language,
  choices,
  onChange,
  custom = {},
  path = "$",
  isRequired = true,
}: {
  schema: Schema;
  value: unknown;
  problems: ReadonlyMap<string, string>;
  language: Language;
  choices: Readonly<Record<string, readonly Choice[]>>;
  onChange(value: unknown): void;
  custom?: Readonly<Record<string, ComponentType<FieldOfSchema>>>;
  /** Where the value stands within what is saved, as paths of problems begin. */
  path?: string;
  /** False: it may be left out, or be taken away. */
  isRequired?: boolean;
}) {
  return (
    <SchemaFormContext.Provider value={{ language, problems, choices, custom, Field: FieldBySchema }}>
      <FieldBySchema
        schema={schema}
        value={value}
        path={path}
        isRequired={isRequired}
        beside={{}}
        onChange={onChange}
      />
    </SchemaFormContext.Provider>
  );
}
