import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { ComparisonLine } from "./comparison.tsx";
import type { PartOfRule } from "./context.ts";
import { CountLine } from "./count.tsx";
import { Group } from "./group.tsx";
import { groupOf, type Rule } from "./rule.ts";
import { SegmentLine } from "./segment_line.tsx";

/** One part of a rule, whatever it is: with what turns it round, and what takes it away. */
export function Part({ rule, path, depth, collection, onChange }: PartOfRule) {
  const say = useTexts(ruleTexts);
  const isTurned = "not" in rule;
  const inner = isTurned ? rule.not : rule;
  const change = (changed: Rule) => onChange(isTurned ? { not: changed } : changed);
  const at = isTurned ? `${path}.not` : path;
  const group = groupOf(inner);
  return (
    <div class="part">
      {group && <Group {...group} path={at} depth={depth} collection={collection} onChange={change} />}
      {"field" in inner && (
        <ComparisonLine rule={inner} path={at} collection={collection} onChange={change} />
      )}
      {"count" in inner && <CountLine rule={inner} path={at} depth={depth} onChange={change} />}
      {"segment" in inner && <SegmentLine rule={inner} path={at} onChange={change} />}
      <p class="actions">
        <label class="option">
          <input
            type="checkbox"
            checked={isTurned}
            onChange={({ currentTarget }) => onChange(currentTarget.checked ? { not: inner } : inner)}
          />{" "}
          {say("not")}
        </label>
        <button type="button" class="plain" onClick={() => onChange(null)}>
          {say("take_away")}
        </button>
      </p>
    </div>
  );
}
