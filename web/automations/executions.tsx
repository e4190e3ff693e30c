import { useEffect, useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { ExecutionsOfAutomationDocument } from "../documents/generated/operations.ts";
import { automationTexts } from "../texts/automations/index.ts";
import type { Contract } from "./contract.ts";
import { Outcomes, type Told, toldOf } from "./outcome.tsx";

/** What an automation did lately: a line for each action, with what became of it and why. */
export function Executions({
  client,
  contract,
  automation,
}: {
  client: Client;
  contract: Contract;
  automation: UUID;
}) {
  const say = useTexts(automationTexts);
  const id = useId();
  const [told, setTold] = useState<Told[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    setFailure(null);
    try {
      const { automationExecutions } = await client.ask(ExecutionsOfAutomationDocument, { automation });
      setTold(automationExecutions.nodes.map(toldOf));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  useEffect(() => void load(), [client, automation]);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{say("did")}</h2>
      <FailureNotice failure={failure} />
      {told?.length === 0 && <p class="soft">{say("did_nothing")}</p>}
      {told && told.length > 0 && <Outcomes contract={contract} told={told} label={say("did")} />}
      <p class="actions">
        <button type="button" class="plain" onClick={() => void load()}>
          {say("look_again")}
        </button>
      </p>
    </section>
  );
}
