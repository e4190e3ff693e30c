import { useEffect, useState } from "preact/hooks";
import { type Client, refusalOf, type UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { PreviewRuleDocument, type PreviewRuleQuery } from "../documents/generated/operations.ts";
import type { Rule } from "./rule.ts";

/** What the API says of a rule as it is being written: who is in it, or what is wrong at which path. */
export type Preview = {
  found: PreviewRuleQuery["previewRule"] | null;
  problems: Map<string, string>;
  failure: Failure | null;
  isAsking: boolean;
};

const nothing: Preview = { found: null, problems: new Map(), failure: null, isAsking: true };

/** Asks a moment after the last change; an answer that a later question overtook is not shown. */
export function usePreview(client: Client, clinic: UUID, rule: Rule, offline: string): Preview {
  const [preview, setPreview] = useState(nothing);
  const text = JSON.stringify(rule);
  useEffect(() => {
    let isOver = false;
    setPreview((before) => ({ ...before, isAsking: true }));
    const timer = setTimeout(async () => {
      const next = await ask(client, clinic, rule, offline);
      if (!isOver) setPreview(next);
    }, 300);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, clinic, text, offline]);
  return preview;
}

async function ask(client: Client, clinic: UUID, rule: Rule, offline: string): Promise<Preview> {
  try {
    const { previewRule } = await client.ask(PreviewRuleDocument, { clinic, rule, sample: 10 });
    return { ...nothing, found: previewRule, isAsking: false };
  } catch (error) {
    const problems = problemsOf(error);
    return {
      ...nothing,
      problems,
      failure: problems.size > 0 ? null : failureOf(error, offline),
      isAsking: false,
    };
  }
}

/** What is wrong with a rule, by path, as VALIDATION rule_not_valid tells it; nothing of another refusal. */
export function problemsOf(error: unknown): Map<string, string> {
  const refusal = refusalOf(error, "VALIDATION", "rule_not_valid");
  const fields = (refusal?.details.fields ?? []) as { path: string; reason: string }[];
  return new Map(fields.map(({ path, reason }) => [path, reason]));
}
