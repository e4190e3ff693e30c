import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { UUID } from "../../client/index.ts";
import { clinicToWorkAt } from "../components/clinic_to_work_at.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import type { SignedInPageProps } from "../components/signed_in_page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  AutomationBuilderDocument,
  AutomationsOfClinicDocument,
  ReorderAutomationsDocument,
} from "../documents/generated/operations.ts";
import { moved } from "../schema_form/schema.ts";
import { automationTexts } from "../texts/automations/index.ts";
import type { Contract } from "./contract.ts";
import type { Automation } from "./draft.ts";
import { EditedAutomation } from "./edited_automation.tsx";
import { controlOf, type ListedAutomation, OneListed } from "./listed_automation.tsx";

type Known = {
  clinic: { id: UUID; name: string } | null;
  contract: Contract | null;
  automations: ListedAutomation[];
};

/** The automations of the clinic where somebody works, in their order, each with what it did last; and one as it is edited. */
export function Automations({ client, onName, onSignOut }: SignedInPageProps) {
  const say = useTexts(automationTexts);
  const [known, setKnown] = useState<Known | null>(null);
  const [edited, setEdited] = useState<Automation | "new" | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isMoving, setMoving] = useState(false);
  const [said, setSaid] = useState("");
  const focused = useRef<string[]>([]);

  const load = useCallback(async () => {
    setFailure(null);
    try {
      const clinic = await clinicToWorkAt(client, "automations.manage");
      if (!clinic) return setKnown({ clinic, contract: null, automations: [] });
      onName(clinic.name);
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

  const contract = known?.contract;
  /** Where it is moved to, the focus goes with it; who finds no place to press there stays on its name. */
  const move = async (place: number, by: -1 | 1, control: "open" | "up" | "down") => {
    if (!known?.clinic || isMoving) return;
    const { clinic } = known;
    const automations = moved(known.automations, place, place + by);
    const one = known.automations[place] as ListedAutomation;
    setFailure(null);
    setMoving(true);
    setKnown({ ...known, automations });
    focused.current = [controlOf(one, control), controlOf(one, "open")];
    try {
      await client.ask(ReorderAutomationsDocument, {
        clinic: clinic.id,
        automations: automations.map(({ id }) => id),
      });
      setSaid(say("moved", { name: one.name, place: place + by + 1, count: automations.length }));
    } catch (error) {
      setSaid("");
      await load();
      setFailure(failureOf(error, say("offline")));
    }
    setMoving(false);
  };
  useLayoutEffect(() => {
    const [first] = focused.current.flatMap((id) => document.getElementById(id) ?? []);
    focused.current = [];
    first?.focus();
  });

  if (known?.clinic && contract && edited)
    return (
      <EditedAutomation
        client={client}
        clinic={known.clinic.id}
        contract={contract}
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
      {known && contract && (
        <>
          {known.automations.length === 0 && <p>{say("none")}</p>}
          {known.automations.length > 1 && <p class="soft">{say("order_help")}</p>}
          <p class="unseen" role="status">
            {said}
          </p>
          <ul class="choices">
            {known.automations.map((automation, place) => (
              <li key={automation.id}>
                <OneListed
                  contract={contract}
                  automation={automation}
                  place={place}
                  count={known.automations.length}
                  isMoving={isMoving}
                  onOpen={() => setEdited(automation)}
                  onMove={(by, control) => void move(place, by, control)}
                />
              </li>
            ))}
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
