import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { useBuilder } from "./context.ts";
import { Problem } from "./problem.tsx";

/** Whoever is in another segment. */
export function SegmentLine({
  rule,
  path,
  onChange,
}: {
  rule: { segment: string };
  path: string;
  onChange(rule: { segment: string }): void;
}) {
  const say = useTexts(ruleTexts);
  const { contract } = useBuilder();
  const id = useId();
  return (
    <div class="line">
      <label class="option" for={id}>
        {say("is_in")}
      </label>
      <select
        id={id}
        value={rule.segment}
        onChange={({ currentTarget }) => onChange({ segment: currentTarget.value })}
      >
        {contract.segments.map(({ segmentId, name }) => (
          <option key={segmentId} value={segmentId}>
            {name}
          </option>
        ))}
      </select>
      <Problem path={path} id={`${id}-problem`} />
    </div>
  );
}
