import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { useTexts } from "../components/texts.ts";
import {
  CancelOrganizationSubscriptionDocument,
  ChangeOrganizationTierDocument,
  ResumeOrganizationSubscriptionDocument,
  SubscribeOrganizationDocument,
} from "../documents/generated/operations.ts";
import type { Values } from "../schema_form/schema.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { Asked } from "./asked.tsx";
import type { Subscription, Tier } from "./billing.ts";
import { ChangePreview } from "./change_preview.tsx";
import { cancelSchema, changeSchema, resumeSchema, subscribeSchema } from "./plan_schemas.ts";
import { Included, priceOf } from "./tier.tsx";
import { useWritten } from "./written.ts";

type Act = "subscribe" | "change" | "cancel" | "resume";

/** What can be done about the plan of a clinic: to subscribe, to change the tier after seeing what that costs, to cancel and to resume. */
export function PlanActions({
  client,
  clinic,
  subscription,
  tiers,
  currency,
  tenancyMode,
  isOurs = false,
  onChanged,
}: {
  client: Client;
  clinic: UUID;
  subscription: Subscription | null;
  tiers: readonly Tier[];
  /** In which a new subscription would be billed. */
  currency: string;
  tenancyMode: Subscription["tenancyMode"];
  /** Whether it is the platform that does it, which says why. */
  isOurs?: boolean;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten(subscription?.timezone);
  const [act, setAct] = useState<Act | null>(null);
  const [told, setTold] = useState<Act | null>(null);
  const status = subscription?.status ?? null;
  const isLive = status !== null && status !== "CANCELED" && status !== "PENDING";
  const begin = (next: Act) => {
    setTold(null);
    setAct(next);
  };
  const done = (of: Act, ask: (values: Values) => Promise<unknown>) => async (values: Values) => {
    await ask(values);
    await onChanged();
    setAct(null);
    setTold(of);
  };
  const reasonOf = (values: Values) => (values.reason as string | undefined) ?? null;
  const place = isLive && subscription ? subscription : { currency, tenancyMode };
  const offered = tiers.flatMap((tier) => {
    const price = priceOf(tier, place);
    if (!price) return [];
    const label = [
      written.text(tier.names),
      say("price_MONTHLY", { amount: written.money(price.monthlyAmount, price.currency) }),
      say("price_ANNUAL", { amount: written.money(price.annualAmount, price.currency) }),
    ].join(" · ");
    return [{ value: tier.id, label }];
  });
  const chosen = ({ tierId }: Values) => tiers.find(({ id }) => id === tierId);
  return (
    <>
      <p role="status">{told && say(`told_${told}`)}</p>
      {!act && (
        <p class="actions">
          {!isLive && (
            <button type="button" class="main" onClick={() => begin("subscribe")}>
              {say("subscribe")}
            </button>
          )}
          {(status === "ACTIVE" || status === "TRIALING") && (
            <button type="button" onClick={() => begin("change")}>
              {say("change")}
            </button>
          )}
          {isLive && subscription?.cancelsOn && (
            <button type="button" onClick={() => begin("resume")}>
              {say("resume")}
            </button>
          )}
          {isLive && !subscription?.cancelsOn && (
            <button type="button" class="danger" onClick={() => begin("cancel")}>
              {say("cancel")}
            </button>
          )}
        </p>
      )}
      {act === "subscribe" && (
        <Asked
          name={say("subscribe")}
          schema={subscribeSchema(isOurs)}
          values={{ cadence: "monthly" }}
          choices={{ tiers: offered }}
          go={say("subscribe_go")}
          under={(values) => <Included tier={chosen(values)} />}
          onGo={done("subscribe", (values) =>
            client.ask(SubscribeOrganizationDocument, {
              clinic,
              tier: (values.tierId as UUID | undefined) ?? ("" as UUID),
              cadence: values.cadence === "annual" ? "ANNUAL" : "MONTHLY",
              reason: reasonOf(values),
            }),
          )}
          onCancel={() => setAct(null)}
        />
      )}
      {act === "change" && subscription && (
        <Asked
          name={say("change")}
          schema={changeSchema(isOurs)}
          values={{}}
          choices={{ tiers: offered.filter(({ value }) => value !== subscription.tierVersion?.tier?.id) }}
          go={say("change_go")}
          under={(values) => (
            <>
              <Included tier={chosen(values)} />
              {chosen(values) && (
                <ChangePreview client={client} clinic={clinic} tier={chosen(values)?.id as UUID} />
              )}
            </>
          )}
          onGo={done("change", (values) =>
            client.ask(ChangeOrganizationTierDocument, {
              clinic,
              tier: values.tierId as UUID,
              reason: reasonOf(values),
            }),
          )}
          onCancel={() => setAct(null)}
        />
      )}
      {act === "cancel" && (
        <Asked
          name={say("cancel")}
          schema={cancelSchema(isOurs)}
          values={{ atPeriodEnd: true }}
          go={say("cancel_go")}
          isDanger
          onGo={done("cancel", (values) =>
            client.ask(CancelOrganizationSubscriptionDocument, {
              clinic,
              reason: reasonOf(values),
              atPeriodEnd: values.atPeriodEnd !== false,
            }),
          )}
          onCancel={() => setAct(null)}
        />
      )}
      {act === "resume" && (
        <Asked
          name={say("resume")}
          schema={resumeSchema(isOurs)}
          values={{}}
          go={say("resume_go")}
          onGo={done("resume", (values) =>
            client.ask(ResumeOrganizationSubscriptionDocument, { clinic, reason: reasonOf(values) }),
          )}
          onCancel={() => setAct(null)}
        />
      )}
    </>
  );
}
