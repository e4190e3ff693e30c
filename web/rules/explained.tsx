import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { useBuilder } from "./context.ts";
import type { Rule } from "./rule.ts";
import { useWords } from "./words.ts";

/** A rule with what became of each part, as `explainRule` tells it. */
export type Explanation = Rule & { holds: boolean; actual?: unknown };

/** Why somebody is in or not: every part in words, whether it holds, and what is known of the patient. */
export function Explained({ explanation }: { explanation: Explanation }) {
  const say = useTexts(ruleTexts);
  const words = useWords(useBuilder().contract);
  const parts = partsOf(explanation);
  return (
    <>
      <span class={explanation.holds ? "state granted" : "state refused"}>
        {say(explanation.holds ? "holds" : "holds_not")}
      </span>{" "}
      {words(explanation)}
      {"actual" in explanation && explanation.actual !== undefined && (
        <span class="soft"> {say("actual", { value: words.value(explanation) })}</span>
      )}
      {parts.length > 0 && (
        <ul class="explained">
          {parts.map((part, i) => (
            <li key={i}>
              <Explained explanation={part} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function partsOf(explanation: Explanation): Explanation[] {
  if ("all" in explanation) return explanation.all as Explanation[];
  if ("any" in explanation) return explanation.any as Explanation[];
  if ("not" in explanation) return [explanation.not as Explanation];
  return [];
}
