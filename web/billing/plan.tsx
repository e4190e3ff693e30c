import { type ComponentChildren, Fragment } from "preact";
import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Carried, Subscription } from "./billing.ts";
import { useWritten } from "./written.ts";

/** What the clinic subscribes to: which tier at which price, how it stands, what that means, and what comes next. */
export function PlanSection({
  subscription,
  carried,
  isOurs = false,
  children,
}: {
  subscription: Subscription | null;
  /** What the clinic has to its credit, of this subscription and of earlier ones. */
  carried: readonly Carried[];
  /** Whether it is the platform that looks, rather than the clinic. */
  isOurs?: boolean;
  /** What can be done about it. */
  children?: ComponentChildren;
}) {
  const say = useTexts(billingTexts);
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">{say("plan")}</h2>
      {!subscription && <p>{say("no_plan")}</p>}
      {subscription && (
        <>
          <Meaning subscription={subscription} isOurs={isOurs} />
          <PlanFacts subscription={subscription} carried={carried} />
        </>
      )}
      {children}
    </section>
  );
}

/** What a status that is not as it should be means, and what to do about it. */
function Meaning({ subscription, isOurs }: { subscription: Subscription; isOurs: boolean }) {
  const say = useTexts(billingTexts);
  const { status } = subscription;
  if (isOurs || status === "ACTIVE" || status === "TRIALING") return null;
  const isBad = status === "PAST_DUE" || status === "SUSPENDED";
  return (
    <div class={isBad ? "notice bad" : "notice"}>
      <p>
        <strong>{say(`status_${status}`)}.</strong> {say(`means_${status}`)}
      </p>
    </div>
  );
}

function PlanFacts({ subscription, carried }: { subscription: Subscription; carried: readonly Carried[] }) {
  const say = useTexts(billingTexts);
  const { status, cadence, currency, tierVersion, tenancyMode, timezone } = subscription;
  const written = useWritten(timezone);
  const price = tierVersion?.platformTierPrices.nodes.find(
    (one) => one.currency === currency && one.tenancyMode === tenancyMode,
  );
  const [period] = subscription.organizationBillingPeriods.nodes;
  const amount = cadence === "ANNUAL" ? price?.annualAmount : price?.monthlyAmount;
  return (
    <dl class="facts">
      <dt>{say("tier")}</dt>
      <dd>
        {written.text(tierVersion?.tier?.names)} <span class="state">{say(`status_${status}`)}</span>
      </dd>
      {amount !== undefined && (
        <>
          <dt>{say("price")}</dt>
          <dd>
            {say(`price_${cadence}`, { amount: written.money(amount, currency) })}, {say("without_tax")}
          </dd>
        </>
      )}
      <dt>{say("cadence")}</dt>
      <dd>{say(`cadence_${cadence}`)}</dd>
      {status === "TRIALING" && subscription.trialEndsAt && (
        <>
          <dt>{say("trial")}</dt>
          <dd>{say("until", { day: written.dayOf(subscription.trialEndsAt) })}</dd>
        </>
      )}
      {period && status !== "CANCELED" && (
        <>
          <dt>{say("next_bill")}</dt>
          <dd>{written.day(period.endsOn)}</dd>
        </>
      )}
      {carried.map(({ subscriptionId, carriedAmount, currency, isOwed }) => (
        <Fragment key={subscriptionId}>
          <dt>{say("credit")}</dt>
          <dd>
            {say(isOwed ? "credit_owed" : "credit_next", { amount: written.money(carriedAmount, currency) })}
          </dd>
        </Fragment>
      ))}
      {subscription.pastDueAt && (
        <>
          <dt>{say("past_due_since")}</dt>
          <dd>{written.dayOf(subscription.pastDueAt)}</dd>
        </>
      )}
      {subscription.suspendedAt && (
        <>
          <dt>{say("suspended_since")}</dt>
          <dd>{written.dayOf(subscription.suspendedAt)}</dd>
        </>
      )}
      {subscription.cancelsOn && (
        <>
          <dt>{say("cancels_on")}</dt>
          <dd>{written.day(subscription.cancelsOn)}</dd>
        </>
      )}
      {subscription.endedAt && (
        <>
          <dt>{say("ended_on")}</dt>
          <dd>{written.dayOf(subscription.endedAt)}</dd>
        </>
      )}
      {subscription.statusReason && (
        <>
          <dt>{say("reason")}</dt>
          <dd>{subscription.statusReason}</dd>
        </>
      )}
    </dl>
  );
}
