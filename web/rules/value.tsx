import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import type { Field, Operator } from "./contract.ts";

/** As much of a field as its controls go by. */
type Compared = {
  type: Field["type"];
  choices: readonly { value: string; label: string }[];
  minimum: unknown;
  maximum: unknown;
  isWhole: boolean;
};
type Of = {
  field: Compared;
  onChange(value: unknown): void;
};

/** What a field is compared with, in controls of its type. */
export function Value({
  field,
  operand,
  value,
  onChange,
}: Of & { operand: Operator["operand"]; value: unknown }) {
  const say = useTexts(ruleTexts);
  switch (operand) {
    case "NONE":
      return null;
    case "DAYS":
      return (
        <label class="option">
          <input
            type="number"
            class="short"
            min={0}
            max={3650}
            value={String(value ?? "")}
            onInput={({ currentTarget }) => onChange(numberIn(currentTarget.value))}
          />{" "}
          {say("days")}
        </label>
      );
    case "RANGE": {
      const [from, to] = Array.isArray(value) ? value : ["", ""];
      return (
        <>
          <One field={field} label={say("from")} value={from} onChange={(one) => onChange([one, to])} />
          <One field={field} label={say("to")} value={to} onChange={(one) => onChange([from, one])} />
        </>
      );
    }
    case "LIST":
      return <Several field={field} value={Array.isArray(value) ? value : []} onChange={onChange} />;
    case "ONE":
      return <One field={field} label={say("value")} value={value} onChange={onChange} />;
  }
}

function One({ field, label, value, onChange }: Of & { label: string; value: unknown }) {
  const say = useTexts(ruleTexts);
  if (field.type === "BOOLEAN")
    return (
      <select
        aria-label={label}
        value={String(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value === "true")}
      >
        <option value="true">{say("yes")}</option>
        <option value="false">{say("no")}</option>
      </select>
    );
  if (field.choices.length > 0)
    return (
      <select
        aria-label={label}
        value={String(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {field.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  if (field.type === "NUMBER")
    return (
      <input
        type="number"
        class="short"
        aria-label={label}
        min={boundOf(field.minimum)}
        max={boundOf(field.maximum)}
        step={field.isWhole ? 1 : "any"}
        value={String(value ?? "")}
        onInput={({ currentTarget }) => onChange(numberIn(currentTarget.value))}
      />
    );
  const ties = {
    class: "short",
    "aria-label": label,
    value: String(value ?? ""),
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onChange(currentTarget.value),
  };
  return field.type === "DATE" ? <input type="date" {...ties} /> : <input type="text" {...ties} />;
}

/** Several values: of choices each to be ticked, of anything else separated by commas. */
function Several({ field, value, onChange }: Of & { value: unknown[] }) {
  const say = useTexts(ruleTexts);
  if (field.choices.length === 0)
    return (
      <input
        type="text"
        class="short"
        aria-label={say("values")}
        placeholder={say("values")}
        value={value.join(", ")}
        onChange={({ currentTarget }) =>
          onChange(
            currentTarget.value
              .split(",")
              .map((one) => one.trim())
              .filter(Boolean),
          )
        }
      />
    );
  return (
    <fieldset class="several" aria-label={say("values")}>
      {field.choices.map((choice) => (
        <label class="option" key={choice.value}>
          <input
            type="checkbox"
            checked={value.includes(choice.value)}
            onChange={({ currentTarget }) =>
              onChange(
                field.choices
                  .map((one) => one.value)
                  .filter((one) => (one === choice.value ? currentTarget.checked : value.includes(one))),
              )
            }
          />{" "}
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}

/** A number that is still being written stays a text, which the API says is none. */
function numberIn(text: string): number | string {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function boundOf(bound: unknown): string | undefined {
  return bound === null || bound === undefined ? undefined : String(bound);
}
