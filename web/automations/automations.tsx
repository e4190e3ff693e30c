import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { clinicToWorkAt } from "../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import {
  AutomationBuilderDocument,
  AutomationsOfClinicDocument,
  type AutomationsOfClinicQuery,
} from "../documents/generated/operations.ts";
import { automationTexts } from "../texts/automations/index.ts";
import { type Contract, eventNamed, labelIn } from "./contract.ts";
import type { Automation } from "./draft.ts";
import { EditedAutomation } from "./edited_automation.tsx";
import { Outcomes, toldOf } from "./outcome.tsx";

type Known = {
  clinic: { id: UUID; name: string } | null;
  contract: Contract | null;
  automations: AutomationsOfClinicQuery["automationRules"]["nodes"];
};

/** The automations of the clinic where somebody works, in their order, each with what it did last; and one as it is edited. */
export function Automations({
  client,
  onClinic,
  onSignOut,
}: {
  client: Client;
  onClinic(name: string): void;
  onSignOut(): void;
}) {
  const say = useTexts(automationTexts);
  const language = useContext(LanguageContext);
  const [known, setKnown] = useState<Known | null>(null);
  const [edited, setEdited] = useState<Automation | "new" | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      const clinic = await clinicToWorkAt(client, "automations.manage");
      if (!clinic) return setKnown({ clinic, contract: null, automations: [] });
      onClinic(clinic.name);
      const [{ automationBuilder }, { automationRules }] = await Promise.all([
        client.ask(AutomationBuilderDocument, { clinic: clinic.id }),
        client.ask(AutomationsOfClinicDocument, { clinic: clinic.id }),
      ]);
      const automations = [...automationRules.nodes].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
      setKnown({ clinic, contract: automationBuilder, automations });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);

  if (known?.clinic && known.contract && edited)
    return (
      <EditedAutomation
        client={client}
        clinic={known.clinic.id}
        contract={known.contract}
        automation={edited === "new" ? null : edited}
        onChange={setEdited}
        onDone={() => {
          setEdited(null);
          void load();
        }}
      />
    );
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <p>{say("intro")}</p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && !known.clinic && <p>{say("no_clinic")}</p>}
      {known?.contract && (
        <>
          {known.automations.length === 0 && <p>{say("none")}</p>}
          <ul class="choices">
            {known.automations.map((automation) => {
              const event = known.contract && eventNamed(known.contract, automation.eventName);
              const latest = automation.latest.nodes.flatMap(({ automationExecutions }) =>
                automationExecutions.nodes.map(toldOf),
              );
              return (
                <li key={automation.id}>
                  <button type="button" onClick={() => setEdited(automation)}>
                    {automation.name}{" "}
                    <span class="soft">
                      {event ? labelIn(language, event) : automation.eventName} ·{" "}
                      {say(automation.isEnabled ? "on" : "off")} ·{" "}
                      {say("version", { version: automation.version })}
                    </span>
                  </button>
                  {known.contract && latest.length > 0 && (
                    <Outcomes contract={known.contract} told={latest} label={say("did")} />
                  )}
                </li>
              );
            })}
          </ul>
          <p class="actions">
            <button type="button" class="main" onClick={() => setEdited("new")}>
              {say("new")}
            </button>
          </p>
        </>
      )}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}
