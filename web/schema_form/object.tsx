import { useTexts } from "../components/texts.ts";
import { schemaFormTexts } from "../texts/schema_form/index.ts";
import { type FieldOfSchema, useSchemaForm } from "./context.ts";
import { FieldGroup, useTies } from "./frame.tsx";
import { asValues, emptyValue, isRequired, shownProperties, titleOf, withValue } from "./schema.ts";

/** The values of an object, each in its own field; one that may be left out is begun and taken away as a whole. */
export function ObjectField(field: FieldOfSchema) {
  const say = useTexts(schemaFormTexts);
  const { language } = useSchemaForm();
  const { schema, value, onChange } = field;
  const title = titleOf(schema, language);
  const mayBeNone = !field.isRequired;
  if (mayBeNone && value === undefined)
    return (
      <p class="actions">
        <button type="button" class="plain" onClick={() => onChange(emptyValue(schema))}>
          {say("begin", { title })}
        </button>
      </p>
    );
  // The outermost one has no title: whoever shows the form says what it is about.
  if (!title) return <Properties {...field} />;
  return (
    <FieldGroup field={field}>
      <Properties {...field} />
      {mayBeNone && (
        <p class="actions">
          <button type="button" class="plain" onClick={() => onChange(undefined)}>
            {say("take_away", { title })}
          </button>
        </p>
      )}
    </FieldGroup>
  );
}

function Properties(field: FieldOfSchema) {
  const { Field, language } = useSchemaForm();
  const { schema, path, onChange } = field;
  const { problem } = useTies(field);
  const values = asValues(field.value);
  return (
    <>
      {shownProperties(schema, values).map(([name, property]) => (
        <Field
          key={name}
          schema={property}
          value={values[name]}
          path={`${path}.${name}`}
          isRequired={isRequired(schema, name)}
          beside={values}
          onChange={(changed) => onChange(withValue(schema, values, name, changed))}
        />
      ))}
      {!titleOf(schema, language) && problem}
    </>
  );
}
