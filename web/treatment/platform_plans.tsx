import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { PlansOfPlatformDocument } from "../documents/generated/operations.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import type { Plan } from "./plan.ts";
import { PlanList } from "./plan_list.tsx";

const PlanEditor = lazily(async () => (await import("./plan_editor.tsx")).PlanEditor);

/** Whoever runs the platform may all of it; that nobody approves what they wrote, the API says. */
const may = { manage: true, approve: true, assign: false, seeSessions: false, seeAppointments: false };

/** The platform's treatment plans, as superadmins write, approve and retire them for every clinic. */
export function PlatformPlans({ client, onSignOut }: { client: Client; onSignOut(): void }) {
  const say = useTexts(treatmentTexts);
  const [plans, setPlans] = useState<readonly Plan[] | null>(null);
  const [opened, setOpened] = useState<{ plan: Plan | null } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setPlans((await client.ask(PlansOfPlatformDocument, {})).treatmentPlans.nodes);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);

  if (opened)
    return (
      <PlanEditor
        client={client}
        clinic={null}
        plan={opened.plan}
        patient={null}
        onBack={() => {
          setOpened(null);
          void load();
        }}
      />
    );
  return (
    <>
      <StepHeading>{say("plans_of_platform")}</StepHeading>
      <p>{say("plans_of_platform_words")}</p>
      <p>
        <a class="button" href="/exercises">
          {say("to_exercises")}
        </a>
      </p>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!plans && !failure && <Waiting>{say("loading")}</Waiting>}
      {plans && (
        <>
          <p class="actions">
            <button type="button" class="main" onClick={() => setOpened({ plan: null })}>
              {say("new_plan")}
            </button>
          </p>
          <PlanList
            client={client}
            may={may}
            plans={plans}
            onEdit={(plan) => setOpened({ plan })}
            onChanged={load}
          />
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
