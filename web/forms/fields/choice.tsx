import { useContext } from "preact/hooks";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { formTexts } from "../../texts/forms/index.ts";
import { type ChoiceItem, textIn } from "../content.ts";
import { type FieldProps, idOf } from "../context.ts";
import { FieldFrame, FieldSet } from "../frame.tsx";

/** More options than this are a list that opens. */
const AT_ONCE = 7;

export function ChoiceField(props: FieldProps<ChoiceItem, string>) {
  return props.field.options.length > AT_ONCE ? <ChoiceOfMany {...props} /> : <ChoiceOfFew {...props} />;
}

function ChoiceOfFew({ field, path, answer, onAnswer }: FieldProps<ChoiceItem, string>) {
  const language = useContext(LanguageContext);
  const say = useTexts(formTexts);
  return (
    <FieldSet field={field} path={path}>
      <div class="options">
        {field.options.map(({ value, label }) => (
          <label key={value} class="option">
            <input
              type="radio"
              name={idOf(path)}
              checked={answer === value}
              onChange={() => onAnswer(value)}
            />
            <span>{textIn(label, language)}</span>
          </label>
        ))}
      </div>
      {!field.required && answer !== undefined && (
        <button type="button" class="plain" onClick={() => onAnswer(undefined)}>
          {say("clear_choice")}
        </button>
      )}
    </FieldSet>
  );
}

function ChoiceOfMany({ field, path, answer, onAnswer }: FieldProps<ChoiceItem, string>) {
  const language = useContext(LanguageContext);
  const say = useTexts(formTexts);
  return (
    <FieldFrame field={field} path={path}>
      {(ties) => (
        <select
          {...ties}
          value={answer ?? ""}
          onChange={({ currentTarget }) => onAnswer(currentTarget.value || undefined)}
        >
          <option value="">{say("choose")}</option>
          {field.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {textIn(label, language)}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}
