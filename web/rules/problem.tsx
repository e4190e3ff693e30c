import { useTexts } from "../components/texts.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { useBuilder } from "./context.ts";

/** What a person can mend; anything else is told as "not right", with its code. */
const known = [
  "not_a_date",
  "not_a_number",
  "not_a_text",
  "not_a_window",
  "not_an_integer",
  "not_in_order",
  "permission_missing",
  "segment_unknown",
  "too_deep",
  "too_few",
  "too_large",
  "too_many",
  "too_small",
  "value_missing",
] as const;

/** What the API found wrong at a part of the rule, where it stands. */
export function Problem({ path, id }: { path: string; id: string }) {
  const say = useTexts(ruleTexts);
  const reason = useProblem(path);
  if (!reason) return null;
  const word = known.find((one) => one === reason);
  return (
    <p class="problem" id={id}>
      {say(word ? `problem_${word}` : "problem")} <span class="code">{reason}</span>
    </p>
  );
}

/** The reason at this path, or inside of what stands there, but for parts that show their own. */
export function useProblem(path: string): string | undefined {
  const { problems } = useBuilder();
  const found = [...problems].find(([place]) => {
    if (!place.startsWith(path)) return false;
    return /^(\.(field|operator|value|segment)|\.count(?!\.where)|\[)?[^.]*(\.(of|within|days|from|to))*$/.test(
      place.slice(path.length),
    );
  });
  return found?.[1];
}
