import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Invoice } from "./billing.ts";
import { useWritten } from "./written.ts";

/** What was paid of an invoice and given back, and what was tried in vain. */
export function Payments({ invoice, zone }: { invoice: Invoice; zone: string | undefined }) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const failed = invoice.paymentAttempts.nodes.filter(({ status }) => status !== "SUCCEEDED");
  return (
    <section aria-labelledby="payments">
      <h2 id="payments">{say("payments")}</h2>
      {invoice.payments.nodes.length === 0 && <p>{say("no_payments")}</p>}
      <ul class="plain">
        {invoice.payments.nodes.map((payment) => (
          <li key={payment.id}>
            <p class="line">
              <span>
                {written.day(payment.receivedOn)} · {say(`method_${payment.method}`)}
              </span>
              <strong>{written.money(payment.amount, payment.currency)}</strong>
            </p>
            {payment.appliedAmount !== payment.amount && (
              <p class="soft">
                {say("applied", { amount: written.money(payment.appliedAmount, payment.currency) })}
              </p>
            )}
            {payment.refunds.nodes.map((refund) => (
              <p class="soft" key={refund.id}>
                {say("refund", {
                  amount: written.money(refund.amount, refund.currency),
                  day: written.dayOf(refund.createdAt),
                  reason: refund.reason,
                })}{" "}
                · {say(`refund_${refund.status}`)}
              </p>
            ))}
          </li>
        ))}
      </ul>
      {failed.length > 0 && (
        <>
          <h3>{say("attempts")}</h3>
          <ul class="plain">
            {failed.map((attempt) => (
              <li key={attempt.id}>
                {written.moment(attempt.dueAt)} · {written.money(attempt.amount, invoice.currency)} ·{" "}
                {say(`attempt_${attempt.status}`)}
                {attempt.failureCode && <span class="code"> {attempt.failureCode}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
