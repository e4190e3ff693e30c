import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { balanceOf, type Invoice } from "./billing.ts";
import { useWritten } from "./written.ts";

/** What was paid of an invoice and given back, and what was tried in vain. */
export function Payments({ invoice, zone }: { invoice: Invoice; zone: string | undefined }) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const attempts = invoice.paymentAttempts.nodes;
  const others = invoice.paymentAllocations.nodes.filter(
    ({ amount, payment }) => payment && payment.invoiceId !== invoice.id && BigInt(amount) > 0n,
  );
  return (
    <section aria-labelledby="payments">
      <h2 id="payments">{say("payments")}</h2>
      {invoice.payments.nodes.length + others.length === 0 && <p>{say("no_payments")}</p>}
      <ul class="plain sums">
        {invoice.payments.nodes.map((payment) => (
          <li key={payment.id}>
            <p class="line">
              <span>
                {written.day(payment.receivedOn)} · {say(`method_${payment.method}`)}
              </span>
              <strong>{written.money(payment.amount, payment.currency)}</strong>
            </p>
            {balanceOf(payment) > 0n && (
              <p class="soft">
                {say("balance", { amount: written.money(balanceOf(payment), payment.currency) })}
              </p>
            )}
            {payment.reference && <p class="soft">{payment.reference}</p>}
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
        {others.map(({ amount, payment }) => (
          <li key={payment?.id} class="line">
            <span>{say("from_balance", { day: written.day(payment?.receivedOn ?? "") })}</span>
            <strong>{written.money(amount, invoice.currency)}</strong>
          </li>
        ))}
      </ul>
      {attempts.length > 0 && (
        <>
          <h3>{say("attempts")}</h3>
          <ul class="plain">
            {attempts.map((attempt) => (
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
