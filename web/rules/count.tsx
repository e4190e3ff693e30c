import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { useBuilder } from "./context.ts";
import { emptyValue, firstPart, operatorsOfCounts } from "./contract.ts";
import { Group } from "./group.tsx";
import { Problem } from "./problem.tsx";
import { type Counted, groupOf, type Rule, type Window } from "./rule.ts";
import { Value } from "./value.tsx";

const number = { type: "NUMBER", choices: [], minimum: 0, maximum: null, isWhole: true } as const;

type CountRule = { count: Counted; operator: string; value: unknown };

/** How many of something a patient has: of which kind, of which time, and how many. */
export function CountLine({
  rule,
  path,
  depth,
  onChange,
}: {
  rule: CountRule;
  path: string;
  depth: number;
  onChange(rule: CountRule): void;
}) {
  const say = useTexts(ruleTexts);
  const { contract } = useBuilder();
  const id = useId();
  const { count } = rule;
  const operators = operatorsOfCounts(contract);
  const operator = operators.find(({ code }) => code === rule.operator);
  const where = count.where ? groupOf(count.where) : null;
  const first = firstPart(contract, count.of);
  const counting = (counted: Counted) => onChange({ ...rule, count: counted });
  return (
    <div class="counting">
      <div class="line">
        <label class="option" for={id}>
          {say("number_of")}
        </label>
        <select
          id={id}
          value={count.of}
          onChange={({ currentTarget }) => counting({ of: currentTarget.value })}
        >
          {contract.collections.map(({ code, label }) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
        <WindowLine
          window={count.within}
          onChange={(within) => counting(withoutNothing({ ...count, within }))}
        />
        <select
          aria-label={say("operator")}
          value={rule.operator}
          onChange={({ currentTarget }) => {
            const chosen = operators.find(({ code }) => code === currentTarget.value);
            if (!chosen) return;
            const value =
              chosen.operand === operator?.operand ? rule.value : chosen.operand === "RANGE" ? [1, 2] : 1;
            onChange({ ...rule, operator: chosen.code, value: value ?? emptyValue(chosen) });
          }}
        >
          {operators.map(({ code, label }) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </select>
        {operator && (
          <Value
            field={number}
            operand={operator.operand}
            value={rule.value}
            onChange={(value) => onChange({ ...rule, value })}
          />
        )}
        <Problem path={path} id={`${id}-problem`} />
      </div>
      {where ? (
        <Group
          {...where}
          path={`${path}.count.where`}
          depth={depth + 1}
          collection={count.of}
          onChange={(changed: Rule) => {
            const group = groupOf(changed);
            counting(withoutNothing({ ...count, where: group?.parts.length === 0 ? undefined : changed }));
          }}
        />
      ) : (
        first &&
        depth < contract.depthLimit && (
          <button type="button" class="plain" onClick={() => counting({ ...count, where: { all: [first] } })}>
            {say("only_some")}
          </button>
        )
      )}
    </div>
  );
}

/** Of which time: any, the last days, or between two days. */
function WindowLine({
  window,
  onChange,
}: {
  window: Window | undefined;
  onChange(window: Window | undefined): void;
}) {
  const say = useTexts(ruleTexts);
  const kind = !window ? "ever" : "days" in window ? "days" : "between";
  return (
    <>
      <select
        aria-label={say("when")}
        value={kind}
        onChange={({ currentTarget }) =>
          onChange(
            currentTarget.value === "days"
              ? { days: 30 }
              : currentTarget.value === "between"
                ? { from: "", to: "" }
                : undefined,
          )
        }
      >
        <option value="ever">{say("ever")}</option>
        <option value="days">{say("last_days")}</option>
        <option value="between">{say("between")}</option>
      </select>
      {window && "days" in window && (
        <input
          type="number"
          class="short"
          min={1}
          max={3650}
          aria-label={say("days")}
          value={window.days}
          onInput={({ currentTarget }) => onChange({ days: Number(currentTarget.value) })}
        />
      )}
      {window &&
        "from" in window &&
        (["from", "to"] as const).map((end) => (
          <input
            key={end}
            type="date"
            class="short"
            aria-label={say(end)}
            value={window[end]}
            onInput={({ currentTarget }) => onChange({ ...window, [end]: currentTarget.value })}
          />
        ))}
    </>
  );
}

/** What is not said is left out, as the API wants it. */
function withoutNothing(counted: {
  of: string;
  where?: Rule | undefined;
  within?: Window | undefined;
}): Counted {
  return {
    of: counted.of,
    ...(counted.where && { where: counted.where }),
    ...(counted.within && { within: counted.within }),
  };
}
