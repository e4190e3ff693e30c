import { useTexts } from "../../components/texts.ts";
import { formTexts } from "../../texts/forms/index.ts";
import type { BooleanItem } from "../content.ts";
import { type FieldProps, idOf } from "../context.ts";
import { FieldSet } from "../frame.tsx";

/** Yes or no: two buttons, for nothing chosen is not a no. */
export function BooleanField({ field, path, answer, onAnswer }: FieldProps<BooleanItem, boolean>) {
  const say = useTexts(formTexts);
  return (
    <FieldSet field={field} path={path}>
      <div class="options beside">
        {[true, false].map((value) => (
          <label key={String(value)} class="option">
            <input
              type="radio"
              name={idOf(path)}
              checked={answer === value}
              onChange={() => onAnswer(value)}
            />
            <span>{say(value ? "yes" : "no")}</span>
          </label>
        ))}
      </div>
    </FieldSet>
  );
}
