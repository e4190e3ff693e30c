import { useState } from "preact/hooks";
import type { NumberItem } from "../content.ts";
import type { FieldProps } from "../context.ts";
import { FieldFrame } from "../frame.tsx";

/**
 * Whole numbers and others, with a comma or a point. What is no number stays as it was typed, and is said to be none, where
 * `<input type=number>` would give nothing away.
 */
export function NumberField({ field, path, answer, onAnswer }: FieldProps<NumberItem, number | string>) {
  const [typed, setTyped] = useState(() => (answer === undefined ? "" : String(answer)));
  // An answer from elsewhere, such as a saved one, replaces what stands here.
  const shown = numberIn(typed) === answer ? typed : answer === undefined ? "" : String(answer);
  return (
    <FieldFrame field={field} path={path}>
      {(ties) => (
        <input
          type="text"
          class="short"
          inputMode={field.type === "integer" && (field.min ?? -1) >= 0 ? "numeric" : "decimal"}
          {...ties}
          value={shown}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            onAnswer(numberIn(currentTarget.value));
          }}
        />
      )}
    </FieldFrame>
  );
}

function numberIn(text: string): number | string | undefined {
  const written = text.trim().replace(",", ".");
  if (written === "") return undefined;
  return /^[-+]?\d{1,15}(\.\d{1,15})?$/.test(written) ? Number(written) : text;
}
