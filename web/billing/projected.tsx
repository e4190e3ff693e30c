import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Line, Subscription } from "./billing.ts";
import { Lines } from "./lines.tsx";
import { sumOf } from "./money.ts";
import { useWritten } from "./written.ts";

/**
 * What the period that runs comes to so far, by the very function that will bill it. The price of the plan is on an invoice of its own,
 * which is said beside it.
 */
export function Projected({ lines, subscription }: { lines: readonly Line[]; subscription: Subscription }) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const { currency } = subscription;
  const [period] = subscription.organizationBillingPeriods.nodes;
  return (
    <section aria-labelledby="projected">
      <h2 id="projected">{say("projected")}</h2>
      {period && (
        <p class="soft">
          {period.isTrial
            ? say("projected_trial", { until: written.day(period.endsOn) })
            : say("projected_words", { days: written.days(period.startsOn, period.endsOn) })}
        </p>
      )}
      {lines.length === 0 ? (
        <p>{say("projected_nothing")}</p>
      ) : (
        <>
          <Lines lines={lines} currency={currency} />
          <p class="line total">
            <span>{say("total_without_tax")}</span>
            <strong>{written.money(sumOf(lines.map(({ amount }) => amount)), currency)}</strong>
          </p>
        </>
      )}
    </section>
  );
}
