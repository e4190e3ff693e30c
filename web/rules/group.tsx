import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { useBuilder } from "./context.ts";
import { fieldsOf, firstPart, operatorsOfCounts } from "./contract.ts";
import { groupWith, type Rule, withPart } from "./rule.ts";

/** Several parts of which all have to hold, or one: with a line for each, and what may be added. */
export function Group({
  kind,
  parts,
  path,
  depth,
  collection,
  onChange,
}: {
  kind: "all" | "any";
  parts: Rule[];
  path: string;
  /** How many levels it is down, from 1. */
  depth: number;
  /** Inside of which count it stands, by the code of what is counted. */
  collection: string | null;
  onChange(rule: Rule): void;
}) {
  const say = useTexts(ruleTexts);
  const { contract, Part } = useBuilder();
  const id = useId();
  const place = (part: Rule) => onChange(groupWith(kind, [...parts, part]));
  const first = firstPart(contract, collection);
  const [counted] = contract.collections;
  const [number] = operatorsOfCounts(contract);
  const [segment] = contract.segments;
  const isDeep = depth >= contract.depthLimit;
  return (
    <fieldset class="group">
      <legend id={id}>
        <select
          aria-label={say("how")}
          value={kind}
          onChange={({ currentTarget }) => onChange(groupWith(currentTarget.value as "all" | "any", parts))}
        >
          <option value="all">{say("all")}</option>
          <option value="any">{say("any")}</option>
        </select>
      </legend>
      {parts.length === 0 && <p class="soft">{say(kind === "all" ? "everybody" : "nobody")}</p>}
      <ol class="plain">
        {parts.map((part, i) => (
          <li key={i}>
            <Part
              rule={part}
              path={`${path}.${kind}[${i}]`}
              depth={depth + 1}
              collection={collection}
              onChange={(changed) => onChange(groupWith(kind, withPart(parts, i, changed)))}
            />
          </li>
        ))}
      </ol>
      <p class="actions">
        {first && (
          <button type="button" onClick={() => place(first)}>
            {say("add_condition")}
          </button>
        )}
        {collection === null && counted && number && (
          <button
            type="button"
            onClick={() => place({ count: { of: counted.code }, operator: number.code, value: 1 })}
          >
            {say("add_count")}
          </button>
        )}
        {collection === null && segment && (
          <button type="button" onClick={() => place({ segment: segment.segmentId })}>
            {say("add_segment")}
          </button>
        )}
        {!isDeep && fieldsOf(contract, collection).length > 0 && (
          <button
            type="button"
            onClick={() => place({ [kind === "all" ? "any" : "all"]: first ? [first] : [] } as Rule)}
          >
            {say("add_group")}
          </button>
        )}
      </p>
    </fieldset>
  );
}
