import { useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { NamesOfPatientsDocument, SimulateAutomationDocument } from "../documents/generated/operations.ts";
import { automationTexts } from "../texts/automations/index.ts";
import type { Contract } from "./contract.ts";
import { type Draft, variablesOf } from "./draft.ts";
import { Outcomes, type Told } from "./outcome.tsx";

/** Who would have got what in the last days, and why others would not (AUT-03): of the automation as it is written here. */
export function DryRun({
  client,
  clinic,
  contract,
  draft,
  problem,
  onRefused,
}: {
  client: Client;
  clinic: UUID;
  contract: Contract;
  draft: Draft;
  /** What is wrong with how far back it looks. */
  problem: string | undefined;
  /** What cannot be saved cannot be tried: what is wrong is marked where it stands. */
  onRefused(error: unknown): void;
}) {
  const say = useTexts(automationTexts);
  const id = useId();
  const [days, setDays] = useState(30);
  const [isAsking, setAsking] = useState(false);
  const [found, setFound] = useState<{ of: string; told: Told[] } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const text = JSON.stringify([days, draft]);

  const ask = async () => {
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    onRefused(null);
    try {
      const { name: _, ...tried } = variablesOf(draft);
      const { simulateAutomation } = await client.ask(SimulateAutomationDocument, { clinic, days, ...tried });
      const acted = simulateAutomation.simulatedActions;
      const names = await namesOf(
        client,
        clinic,
        acted.flatMap(({ patientProfileId }) => patientProfileId ?? []),
      );
      setFound({
        of: text,
        told: acted.map((one) => ({
          ...one,
          id: `${one.eventId} ${one.actionIndex}`,
          at: one.occurredAt,
          who: names.get(one.patientProfileId ?? "") ?? null,
        })),
      });
    } catch (error) {
      setFound(null);
      setFailure(failureOf(error, say("offline")));
      onRefused(error);
    }
    setAsking(false);
  };
  const told = found?.of === text ? found.told : null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{say("try")}</h2>
      <p class="soft">{say("try_words")}</p>
      <div class={problem ? "field wrong" : "field"}>
        <label for={`${id}-days`}>{say("days")}</label>
        <input
          id={`${id}-days`}
          type="number"
          class="short"
          min={1}
          aria-invalid={problem !== undefined}
          aria-describedby={problem ? `${id}-days-problem` : undefined}
          value={days}
          onInput={({ currentTarget }) => setDays(Number(currentTarget.value))}
        />
        {problem && (
          <p class="problem" id={`${id}-days-problem`}>
            {problem}
          </p>
        )}
      </div>
      <p class="actions">
        <button type="button" aria-disabled={isAsking} onClick={() => void ask()}>
          {say(isAsking ? "trying" : "try_now")}
        </button>
      </p>
      <FailureNotice failure={failure} />
      <p role="status">
        {told &&
          say("tried", {
            events: new Set(told.map(({ id: one }) => one.split(" ")[0])).size,
            done: told.filter(({ outcome }) => outcome === "DONE" || outcome === "WAITING").length,
          })}
      </p>
      {told && told.length > 0 && <Outcomes contract={contract} told={told} label={say("try")} />}
    </section>
  );
}

/** The names of those patients whom the caller may see, a hundred at a time. */
async function namesOf(client: Client, clinic: UUID, profiles: UUID[]): Promise<Map<string, string>> {
  const wanted = [...new Set(profiles)];
  const names = new Map<string, string>();
  for (let from = 0; from < wanted.length; from += 100) {
    const { patients } = await client.ask(NamesOfPatientsDocument, {
      clinic,
      profiles: wanted.slice(from, from + 100),
    });
    for (const { patientProfileId, patientProfile } of patients.nodes)
      if (patientProfile)
        names.set(patientProfileId, `${patientProfile.givenName} ${patientProfile.familyName}`);
  }
  return names;
}
