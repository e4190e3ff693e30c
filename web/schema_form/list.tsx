import { useTexts } from "../components/texts.ts";
import { schemaFormTexts } from "../texts/schema_form/index.ts";
import { type FieldOfSchema, useSchemaForm } from "./context.ts";
import { FieldGroup } from "./frame.tsx";
import { emptyValue, moved } from "./schema.ts";

/** Values one after the other: each is edited, moved or taken away, and another one is added. */
export function ListField(field: FieldOfSchema) {
  const { Field } = useSchemaForm();
  const { schema, path, isRequired, onChange } = field;
  const { items } = schema;
  const values: unknown[] = Array.isArray(field.value) ? field.value : [];
  const change = (next: unknown[]) => onChange(next.length === 0 && !isRequired ? undefined : next);
  if (!items) return null;
  return (
    <FieldGroup field={field}>
      <ol class="plain">
        {values.map((value, i) => (
          <li key={i}>
            <Field
              schema={items}
              value={value}
              path={`${path}[${i}]`}
              isRequired
              beside={{}}
              onChange={(changed) => change(values.map((one, at) => (at === i ? changed : one)))}
            />
            <PlaceInList
              place={i}
              length={values.length}
              onMove={(to) => change(moved(values, i, to))}
              onTakeAway={() => change(values.filter((_, at) => at !== i))}
            />
          </li>
        ))}
      </ol>
      <AddToList
        isFull={values.length >= (schema.maxItems ?? Number.POSITIVE_INFINITY)}
        onAdd={() => change([...values, emptyValue(items)])}
      />
    </FieldGroup>
  );
}

/** What moves one of a list up or down, or takes it away; each says which one it is about. */
export function PlaceInList({
  place,
  length,
  onMove,
  onTakeAway,
}: {
  /** From 0. */
  place: number;
  length: number;
  onMove(to: number): void;
  onTakeAway(): void;
}) {
  const say = useTexts(schemaFormTexts);
  const nth = { place: place + 1 };
  return (
    <p class="actions">
      {place > 0 && (
        <button type="button" class="plain" aria-label={say("up_of", nth)} onClick={() => onMove(place - 1)}>
          {say("up")}
        </button>
      )}
      {place < length - 1 && (
        <button
          type="button"
          class="plain"
          aria-label={say("down_of", nth)}
          onClick={() => onMove(place + 1)}
        >
          {say("down")}
        </button>
      )}
      <button type="button" class="plain" aria-label={say("remove_of", nth)} onClick={onTakeAway}>
        {say("remove")}
      </button>
    </p>
  );
}

function AddToList({ isFull, onAdd }: { isFull: boolean; onAdd(): void }) {
  const say = useTexts(schemaFormTexts);
  if (isFull) return null;
  return (
    <p class="actions">
      <button type="button" onClick={onAdd}>
        {say("add")}
      </button>
    </p>
  );
}
