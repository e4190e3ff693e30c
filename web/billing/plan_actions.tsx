import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { useTexts } from "../components/texts.ts";
import {
  CancelOrganizationSubscriptionDocument,
  ResumeOrganizationSubscriptionDocument,
} from "../documents/generated/operations.ts";
import type { Values } from "../schema_form/schema.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { Asked } from "./asked.tsx";
import type { Subscription } from "./billing.ts";
import { ChangeCadence, otherCadence } from "./change_cadence.tsx";
import { ChooseTier } from "./choose_tier.tsx";
import { cancelSchema, reasonSchema } from "./plan_schemas.ts";

type Act = "subscribe" | "change" | "cadence" | "cancel" | "resume";

/** What can be done about the plan of a clinic: to subscribe, to change the tier or how often it is billed after seeing what that costs, to cancel and to resume. */
export function PlanActions({
  client,
  clinic,
  subscription,
  place,
  isOurs = false,
  onChanged,
}: {
  client: Client;
  clinic: UUID;
  subscription: Subscription | null;
  /** In which currency a new subscription is billed, and on whose server the clinic is. */
  place: Pick<Subscription, "currency" | "tenancyMode">;
  /** Whether it is the platform that does it, which says why. */
  isOurs?: boolean;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(billingTexts);
  const [act, setAct] = useState<Act | null>(null);
  const [told, setTold] = useState<Act | null>(null);
  const live = subscription && subscription.status !== "CANCELED" ? subscription : null;
  const begin = (next: Act) => {
    setTold(null);
    setAct(next);
  };
  const stop = () => setAct(null);
  const done = async (of: Act) => {
    await onChanged();
    setAct(null);
    setTold(of);
  };
  const reasonOf = (values: Values) => (values.reason as string | undefined) ?? null;
  return (
    <>
      <p role="status">{told && say(`told_${told}`)}</p>
      {!act && (
        <p class="actions">
          {(!live || live.status === "PENDING") && (
            <button type="button" class="main" onClick={() => begin("subscribe")}>
              {say("subscribe")}
            </button>
          )}
          {(live?.status === "ACTIVE" || live?.status === "TRIALING") && (
            <button type="button" onClick={() => begin("change")}>
              {say("change")}
            </button>
          )}
          {(live?.status === "ACTIVE" || live?.status === "TRIALING") && (
            <button type="button" onClick={() => begin("cadence")}>
              {say(`bill_${otherCadence(live)}`)}
            </button>
          )}
          {live?.cancelsOn && (
            <button type="button" onClick={() => begin("resume")}>
              {say("resume")}
            </button>
          )}
          {live && !live.cancelsOn && (
            <button type="button" class="danger" onClick={() => begin("cancel")}>
              {say("cancel")}
            </button>
          )}
        </p>
      )}
      {(act === "subscribe" || act === "change") && (
        <ChooseTier
          client={client}
          clinic={clinic}
          changed={act === "change" ? live : null}
          place={act === "change" && live ? live : place}
          isOurs={isOurs}
          onDone={() => done(act)}
          onCancel={stop}
        />
      )}
      {act === "cadence" && live && (
        <ChangeCadence
          client={client}
          clinic={clinic}
          subscription={live}
          isOurs={isOurs}
          onDone={() => done(act)}
          onCancel={stop}
        />
      )}
      {act === "cancel" && (
        <Asked
          name={say("cancel")}
          schema={cancelSchema(isOurs)}
          values={{ atPeriodEnd: true }}
          go={say("cancel_go")}
          isDanger
          onGo={async (values) => {
            const atPeriodEnd = values.atPeriodEnd !== false;
            await client.ask(CancelOrganizationSubscriptionDocument, {
              clinic,
              reason: reasonOf(values),
              atPeriodEnd,
            });
            await done("cancel");
          }}
          onCancel={stop}
        />
      )}
      {act === "resume" && (
        <Asked
          name={say("resume")}
          schema={reasonSchema(isOurs)}
          values={{}}
          go={say("resume_go")}
          onGo={async (values) => {
            await client.ask(ResumeOrganizationSubscriptionDocument, { clinic, reason: reasonOf(values) });
            await done("resume");
          }}
          onCancel={stop}
        />
      )}
    </>
  );
}
