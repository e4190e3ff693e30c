import type { FieldOfSchema } from "./context.ts";
import { FieldGroup } from "./frame.tsx";
import type { Choice } from "./schema.ts";

/** Several of what is offered, each to be ticked; in the order in which they are offered. */
export function SeveralField({ offered, ...field }: FieldOfSchema & { offered: readonly Choice[] }) {
  const { isRequired, onChange } = field;
  const chosen: unknown[] = Array.isArray(field.value) ? field.value : [];
  const tick = (value: string, isTicked: boolean) => {
    const next = offered
      .map((choice) => choice.value)
      .filter((one) => (one === value ? isTicked : chosen.includes(one)));
    onChange(next.length === 0 && !isRequired ? undefined : next);
  };
  return (
    <FieldGroup field={field} className="field">
      <div class="options">
        {offered.map(({ value, label }) => (
          <label class="option" key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ currentTarget }) => tick(value, currentTarget.checked)}
            />{" "}
            <span>{label}</span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
