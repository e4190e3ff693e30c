import { useRef } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { schemaFormTexts } from "../texts/schema_form/index.ts";
import { type FieldOfSchema, useSchemaForm } from "./context.ts";
import { FieldFrame, useTies } from "./frame.tsx";

/** A text, of several lines where its format says so, or a date or a time of the day. */
export function TextField(field: FieldOfSchema) {
  const { schema, value, isRequired, onChange } = field;
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  return (
    <FieldFrame field={field}>
      {(ties) => {
        const controls = {
          ...ties,
          ref: input,
          maxLength: schema.maxLength,
          value: String(value ?? ""),
          onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
            onChange(currentTarget.value === "" && !isRequired ? undefined : currentTarget.value),
        };
        return (
          <>
            {schema.format === "multiline" ? (
              <textarea rows={4} {...controls} />
            ) : schema.format === "time" ? (
              <input type="time" class="short" {...controls} />
            ) : schema.format === "date" ? (
              <input type="date" class="short" {...controls} />
            ) : (
              <input type="text" {...controls} />
            )}
            {schema["x-inserts"] && (
              <Inserts
                list={schema["x-inserts"]}
                onChoose={(name) => {
                  const { current } = input;
                  if (!current) return;
                  current.setRangeText(
                    `{{${name}}}`,
                    current.selectionStart ?? 0,
                    current.selectionEnd ?? 0,
                    "end",
                  );
                  onChange(current.value);
                  current.focus();
                }}
              />
            )}
          </>
        );
      }}
    </FieldFrame>
  );
}

/** What a text can name: what is chosen is written where the text is being written. */
function Inserts({ list, onChoose }: { list: string; onChoose(name: string): void }) {
  const say = useTexts(schemaFormTexts);
  const { choices } = useSchemaForm();
  return (
    <select
      class="short"
      aria-label={say("insert")}
      value=""
      onChange={({ currentTarget }) => {
        const name = currentTarget.value;
        currentTarget.value = "";
        if (name) onChoose(name);
      }}
    >
      <option value="">{say("insert")}</option>
      {choices[list]?.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

export function NumberField(field: FieldOfSchema) {
  const { schema, value, isRequired, onChange } = field;
  return (
    <FieldFrame field={field}>
      {(ties) => (
        <input
          type="number"
          class="short"
          {...ties}
          min={schema.minimum}
          max={schema.maximum}
          step={schema.type === "integer" ? 1 : "any"}
          value={String(value ?? "")}
          onInput={({ currentTarget }) =>
            onChange(currentTarget.value === "" ? (isRequired ? "" : undefined) : Number(currentTarget.value))
          }
        />
      )}
    </FieldFrame>
  );
}

/** Ticked or not, as the schema has it where nothing is said. */
export function BooleanField(field: FieldOfSchema) {
  const { schema, value, onChange } = field;
  const { ties, className, title, help, problem } = useTies({ ...field, isRequired: true });
  return (
    <div class={className} data-place={field.path}>
      <label class="option">
        <input
          type="checkbox"
          id={ties.id}
          aria-describedby={ties["aria-describedby"]}
          aria-invalid={ties["aria-invalid"]}
          checked={Boolean(value ?? schema.default)}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />{" "}
        <span>{title}</span>
      </label>
      {help}
      {problem}
    </div>
  );
}
