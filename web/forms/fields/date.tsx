import type { DateItem } from "../content.ts";
import type { FieldProps } from "../context.ts";
import { FieldFrame } from "../frame.tsx";

export function DateField({ field, path, answer, onAnswer }: FieldProps<DateItem, string>) {
  return (
    <FieldFrame field={field} path={path}>
      {(ties) => (
        <input
          type="date"
          class="short"
          min={field.min}
          max={field.max}
          {...ties}
          value={answer ?? ""}
          onInput={({ currentTarget }) => onAnswer(currentTarget.value || undefined)}
        />
      )}
    </FieldFrame>
  );
}
