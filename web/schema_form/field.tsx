import { ChoiceField } from "./choice.tsx";
import { type FieldOfSchema, useSchemaForm } from "./context.ts";
import { ListField } from "./list.tsx";
import { ObjectField } from "./object.tsx";
import { BooleanField, NumberField, TextField } from "./scalars.tsx";
import { offeredBy } from "./schema.ts";
import { SeveralField } from "./several.tsx";

/** The control of a value: one that was hung in for its format, or that of its type. */
export function FieldBySchema(field: FieldOfSchema) {
  const { custom, choices, language } = useSchemaForm();
  const { schema } = field;
  const Custom = custom[schema["x-schema-of"] ? "x-schema-of" : (schema.format ?? "")];
  if (Custom) return <Custom {...field} />;
  const listed = ({ "x-choices": list }: typeof schema) => (list ? (choices[list] ?? []) : undefined);
  const offered = listed(schema) ?? offeredBy(schema, language);
  if (offered) return <ChoiceField {...field} offered={offered} />;
  switch (schema.type) {
    case "object":
      return <ObjectField {...field} />;
    case "array": {
      const several = schema.items && (listed(schema.items) ?? offeredBy(schema.items, language));
      return several ? <SeveralField {...field} offered={several} /> : <ListField {...field} />;
    }
    case "boolean":
      return <BooleanField {...field} />;
    case "integer":
    case "number":
      return <NumberField {...field} />;
    default:
      return <TextField {...field} />;
  }
}
