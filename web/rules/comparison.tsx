import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { useBuilder } from "./context.ts";
import { comparisonOf, fieldNamed, fieldsOf, operatorsOf, withOperator } from "./contract.ts";
import { Problem, useProblem } from "./problem.tsx";
import type { Comparison } from "./rule.ts";
import { Value } from "./value.tsx";

/** A field, how it is compared, and with what: each offers what the field allows. */
export function ComparisonLine({
  rule,
  path,
  collection,
  onChange,
}: {
  rule: Comparison;
  path: string;
  collection: string | null;
  onChange(rule: Comparison): void;
}) {
  const say = useTexts(ruleTexts);
  const { contract } = useBuilder();
  const problem = useId();
  const isWrong = useProblem(path) !== undefined;
  const field = fieldNamed(contract, rule.field);
  const operators = field ? operatorsOf(contract, field.type) : [];
  const operator = operators.find(({ code }) => code === rule.operator);
  return (
    <div class="line">
      <select
        aria-label={say("field")}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? problem : undefined}
        value={rule.field}
        onChange={({ currentTarget }) => {
          const chosen = fieldNamed(contract, currentTarget.value);
          if (chosen) onChange(comparisonOf(contract, chosen));
        }}
      >
        {!field && <option value={rule.field}>{say("unknown_field", { code: rule.field })}</option>}
        {bySubject(fieldsOf(contract, collection)).map(([subject, fields]) =>
          subject ? (
            <optgroup key={subject} label={subject}>
              {fields.map(({ code, label }) => (
                <option key={code} value={code}>
                  {label}
                </option>
              ))}
            </optgroup>
          ) : (
            fields.map(({ code, label }) => (
              <option key={code} value={code}>
                {label}
              </option>
            ))
          ),
        )}
      </select>
      <select
        aria-label={say("operator")}
        value={rule.operator}
        onChange={({ currentTarget }) => {
          const chosen = operators.find(({ code }) => code === currentTarget.value);
          if (field && chosen)
            onChange(
              withOperator(field, chosen, chosen.operand === operator?.operand ? rule.value : undefined),
            );
        }}
      >
        {operators.map(({ code, label }) => (
          <option key={code} value={code}>
            {label}
          </option>
        ))}
      </select>
      {field && operator && (
        <Value
          field={field}
          operand={operator.operand}
          value={rule.value}
          onChange={(value) => onChange({ ...rule, value })}
        />
      )}
      <Problem path={path} id={problem} />
    </div>
  );
}

/** Fields beside what they belong to: a patient's own first, then those of each form. */
function bySubject<T extends { subject: string | null }>(fields: T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const field of fields) {
    const subject = field.subject ?? "";
    groups.set(subject, [...(groups.get(subject) ?? []), field]);
  }
  return [...groups].sort(([a], [b]) => Number(a !== "") - Number(b !== ""));
}
