import type { ContactItem } from "../content.ts";
import type { FieldProps } from "../context.ts";
import { FieldFrame } from "../frame.tsx";

/** Without the browser's own judgement: what an address is, the database says. */
export function EmailField({ field, path, answer, onAnswer }: FieldProps<ContactItem, string>) {
  return (
    <FieldFrame field={field} path={path}>
      {(ties) => (
        <input
          type="text"
          inputMode="email"
          autocomplete="email"
          autocapitalize="off"
          spellcheck={false}
          {...ties}
          value={answer ?? ""}
          onInput={({ currentTarget }) => onAnswer(currentTarget.value.trim() || undefined)}
        />
      )}
    </FieldFrame>
  );
}
