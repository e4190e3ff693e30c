import type { TextItem } from "../content.ts";
import type { FieldProps } from "../context.ts";
import { FieldFrame } from "../frame.tsx";

export function TextField({ field, path, answer, onAnswer }: FieldProps<TextItem, string>) {
  return (
    <FieldFrame field={field} path={path}>
      {(ties) => (
        <input
          type="text"
          autocomplete={field.autocomplete}
          {...ties}
          value={answer ?? ""}
          onInput={({ currentTarget }) => onAnswer(currentTarget.value || undefined)}
        />
      )}
    </FieldFrame>
  );
}
