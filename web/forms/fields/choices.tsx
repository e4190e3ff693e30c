import { useContext } from "preact/hooks";
import { LanguageContext } from "../../components/texts.ts";
import { type ChoicesItem, textIn } from "../content.ts";
import type { FieldProps } from "../context.ts";
import { FieldSet } from "../frame.tsx";

export function ChoicesField({ field, path, answer = [], onAnswer }: FieldProps<ChoicesItem, string[]>) {
  const language = useContext(LanguageContext);
  // In the order of the options, whatever was chosen first.
  const choose = (value: string, isChosen: boolean) => {
    const chosen = field.options
      .map((option) => option.value)
      .filter((one) => (one === value ? isChosen : answer.includes(one)));
    onAnswer(chosen.length > 0 ? chosen : undefined);
  };
  return (
    <FieldSet field={field} path={path}>
      <div class="options">
        {field.options.map(({ value, label }) => (
          <label key={value} class="option">
            <input
              type="checkbox"
              checked={answer.includes(value)}
              onChange={({ currentTarget }) => choose(value, currentTarget.checked)}
            />
            <span>{textIn(label, language)}</span>
          </label>
        ))}
      </div>
    </FieldSet>
  );
}
