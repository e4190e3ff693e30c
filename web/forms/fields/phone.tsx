import type { ContactItem } from "../content.ts";
import type { FieldProps } from "../context.ts";
import { FieldFrame } from "../frame.tsx";

export function PhoneField({ field, path, answer, onAnswer }: FieldProps<ContactItem, string>) {
  return (
    <FieldFrame field={field} path={path}>
      {(ties) => (
        <input
          type="tel"
          autocomplete="tel"
          {...ties}
          value={answer ?? ""}
          onInput={({ currentTarget }) => onAnswer(currentTarget.value || undefined)}
        />
      )}
    </FieldFrame>
  );
}
