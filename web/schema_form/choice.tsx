import { useTexts } from "../components/texts.ts";
import { schemaFormTexts } from "../texts/schema_form/index.ts";
import type { FieldOfSchema } from "./context.ts";
import { FieldFrame } from "./frame.tsx";
import type { Choice } from "./schema.ts";

/** One of what is offered. What was chosen earlier and is offered no more stays, and is told by its code. */
export function ChoiceField({ offered, ...field }: FieldOfSchema & { offered: readonly Choice[] }) {
  const say = useTexts(schemaFormTexts);
  const { schema, isRequired, onChange } = field;
  const value = field.value ?? schema.default ?? "";
  const isKnown = value === "" || offered.some((choice) => choice.value === value);
  const mayBeNone = schema.default === undefined;
  return (
    <FieldFrame field={field}>
      {(ties) => (
        <>
          <select
            {...ties}
            value={String(value)}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.value === "" && !isRequired ? undefined : currentTarget.value)
            }
          >
            {mayBeNone && <option value="">{say("choose")}</option>}
            {!isKnown && <option value={String(value)}>{say("not_offered", { code: String(value) })}</option>}
            {offered.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </select>
          {offered.length === 0 && <p class="soft">{say("nothing_to_choose")}</p>}
        </>
      )}
    </FieldFrame>
  );
}
