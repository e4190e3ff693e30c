import { useContext } from "preact/hooks";
import { LanguageContext } from "../../components/texts.ts";
import { type ScaleItem, textIn } from "../content.ts";
import { type FieldProps, idOf } from "../context.ts";
import { FieldSet } from "../frame.tsx";

/** Numbers from one end to the other, one of which is chosen; arrow keys walk along them. */
export function ScaleField({ field, path, answer, onAnswer }: FieldProps<ScaleItem, number>) {
  const language = useContext(LanguageContext);
  const values = Array.from({ length: field.max - field.min + 1 }, (_, index) => field.min + index);
  const ends = new Map([
    [field.min, textIn(field.min_label, language)],
    [field.max, textIn(field.max_label, language)],
  ]);
  return (
    <FieldSet field={field} path={path}>
      <div class="scale">
        {values.map((value) => (
          <label key={value}>
            <input
              type="radio"
              name={idOf(path)}
              checked={answer === value}
              onChange={() => onAnswer(value)}
              aria-label={ends.get(value) ? `${value}, ${ends.get(value)}` : undefined}
            />
            <span>{value}</span>
          </label>
        ))}
      </div>
      {(ends.get(field.min) || ends.get(field.max)) && (
        <p class="ends" aria-hidden="true">
          <span>{ends.get(field.min)}</span>
          <span>{ends.get(field.max)}</span>
        </p>
      )}
    </FieldSet>
  );
}
