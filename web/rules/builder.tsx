import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { ExplainRuleDocument } from "../documents/generated/operations.ts";
import { ruleTexts } from "../texts/rules/index.ts";
import { BuilderContext } from "./context.ts";
import type { Contract } from "./contract.ts";
import { Explained, type Explanation } from "./explained.tsx";
import { Group } from "./group.tsx";
import { type Preview, usePreview } from "./live.ts";
import { Part } from "./part.tsx";
import { groupOf, type Rule } from "./rule.ts";

/**
 * Builds a rule out of what the API's builder contract offers and nothing else (SEG-05): its parts, what is wrong at which of
 * them, how many patients it holds for, some of them, and why it holds for each.
 */
export function RuleBuilder({
  client,
  clinic,
  contract,
  rule,
  problems,
  onChange,
}: {
  client: Client;
  clinic: UUID;
  contract: Contract;
  rule: Rule;
  /** What was wrong when it was saved, by path. */
  problems: Map<string, string>;
  onChange(rule: Rule): void;
}) {
  const say = useTexts(ruleTexts);
  const preview = usePreview(client, clinic, rule, say("offline"));
  const group = groupOf(rule) ?? { kind: "all" as const, parts: [rule] };
  return (
    <BuilderContext.Provider
      value={{ contract, problems: new Map([...problems, ...preview.problems]), Part }}
    >
      <Group {...group} path="$" depth={1} collection={null} onChange={onChange} />
      <Found client={client} clinic={clinic} rule={rule} preview={preview} />
    </BuilderContext.Provider>
  );
}

/** How many it holds for now, and some of them, each of whom can be asked about. */
function Found({
  client,
  clinic,
  rule,
  preview: { found, problems, failure, isAsking },
}: {
  client: Client;
  clinic: UUID;
  rule: Rule;
  preview: Preview;
}) {
  const say = useTexts(ruleTexts);
  const [explained, setExplained] = useState<{
    patient: string;
    text: string;
    explanation: Explanation;
  } | null>(null);
  const [failed, setFailed] = useState<Failure | null>(null);
  const text = JSON.stringify(rule);
  const explain = async (patient: UUID) => {
    setFailed(null);
    try {
      const { explainRule } = await client.ask(ExplainRuleDocument, { clinic, patient, rule });
      setExplained({ patient, text, explanation: explainRule as Explanation });
    } catch (error) {
      setFailed(failureOf(error, say("offline")));
    }
  };
  return (
    <section aria-labelledby="found" class="found" aria-busy={isAsking}>
      <h2 id="found">
        <span role="status">
          {problems.size > 0
            ? say("incomplete")
            : found
              ? say("count", { count: found.patientCount })
              : say("counting")}
        </span>
      </h2>
      <FailureNotice failure={failure ?? failed} />
      {found && found.patients.length > 0 && (
        <>
          <p class="soft">{say("sample")}</p>
          <ul class="plain">
            {found.patients.map(({ patientId, givenName, familyName }) => (
              <li key={patientId}>
                <p class="actions">
                  <span>
                    {givenName} {familyName}
                  </span>
                  <button
                    type="button"
                    class="plain"
                    aria-label={say("why_of", { name: `${givenName} ${familyName}` })}
                    onClick={() => void explain(patientId)}
                  >
                    {say("why")}
                  </button>
                </p>
                {explained?.patient === patientId && explained.text === text && (
                  <div class="explanation">
                    <Explained explanation={explained.explanation} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
