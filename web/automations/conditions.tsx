import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { RuleBuilderDocument } from "../documents/generated/operations.ts";
import { BuilderContext } from "../rules/context.ts";
import type { Contract } from "../rules/contract.ts";
import { Group } from "../rules/group.tsx";
import { Part } from "../rules/part.tsx";
import { groupOf, type Rule } from "../rules/rule.ts";
import { automationTexts } from "../texts/automations/index.ts";

/** What has to hold of the patient and of the event: what rules of segments are made of, with the fields of the event beside it. */
export function Conditions({
  client,
  clinic,
  event,
  rule,
  problems,
  onChange,
}: {
  client: Client;
  clinic: UUID;
  event: string;
  rule: Rule;
  problems: Map<string, string>;
  onChange(rule: Rule): void;
}) {
  const say = useTexts(automationTexts);
  const [known, setKnown] = useState<{ event: string; contract: Contract } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let isOver = false;
    setFailure(null);
    client
      .ask(RuleBuilderDocument, { clinic, event })
      .then(({ ruleBuilder }) => {
        if (!isOver) setKnown({ event, contract: ruleBuilder });
      })
      .catch((error: unknown) => {
        if (!isOver) setFailure(failureOf(error, say("offline")));
      });
    return () => {
      isOver = true;
    };
  }, [client, clinic, event]);
  const group = groupOf(rule) ?? { kind: "all" as const, parts: [rule] };
  return (
    <>
      <FailureNotice failure={failure} />
      {known?.event !== event && !failure && <Waiting>{say("loading")}</Waiting>}
      {known?.event === event && (
        <BuilderContext.Provider value={{ contract: known.contract, problems, Part }}>
          <Group {...group} path="$" depth={1} collection={null} onChange={onChange} />
        </BuilderContext.Provider>
      )}
    </>
  );
}
