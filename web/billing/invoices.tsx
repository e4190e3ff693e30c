import { useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { MoreInvoicesDocument, type PageOfInvoicesFragment } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { dueOf, isOverdue, type ListedInvoice, numberOf } from "./billing.ts";
import { useWritten } from "./written.ts";

/** Invoices of a clinic, newest first, a page at a time. */
export function Invoices({
  client,
  clinic,
  first,
  zone,
  onOpen,
}: {
  client: Client;
  clinic: UUID;
  /** The first page, which came with everything else. */
  first: PageOfInvoicesFragment;
  zone: string | undefined;
  onOpen(invoice: ListedInvoice): void;
}) {
  const say = useTexts(billingTexts);
  const [pages, setPages] = useState<readonly PageOfInvoicesFragment[]>([first]);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => setPages([first]), [first]);
  const last = pages.at(-1);
  const more = async () => {
    setFailure(null);
    try {
      const after = last?.pageInfo.endCursor ?? null;
      const { invoices } = await client.ask(MoreInvoicesDocument, { clinic, after });
      setPages([...pages, invoices]);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  const invoices = pages.flatMap(({ nodes }) => nodes);
  return (
    <section aria-labelledby="invoices">
      <h2 id="invoices">{say("invoices")}</h2>
      {invoices.length === 0 && <p>{say("no_invoices")}</p>}
      <ul class="choices">
        {invoices.map((invoice) => (
          <li key={invoice.id}>
            <ListedInvoiceButton invoice={invoice} zone={zone} onOpen={() => onOpen(invoice)} />
          </li>
        ))}
      </ul>
      <FailureNotice failure={failure} />
      {last?.pageInfo.hasNextPage && (
        <p class="actions">
          <button type="button" onClick={() => void more()}>
            {say("more")}
          </button>
        </p>
      )}
    </section>
  );
}

/** An invoice in a list: number, amount, day, until when it is due, and how it stands with payment and tax office. */
function ListedInvoiceButton({
  invoice,
  zone,
  onOpen,
}: {
  invoice: ListedInvoice;
  zone: string | undefined;
  onOpen(): void;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const { currency, status, paymentState, taxState } = invoice;
  const isBilled = status === "ISSUED" || status === "PAID";
  const facts = [
    invoice.issuedAt && written.dayOf(invoice.issuedAt),
    invoice.dueOn && say("due", { day: written.day(invoice.dueOn) }),
    isBilled ? say(`payment_${paymentState}`) : say(`invoice_${status}`),
    isOverdue(invoice, zone) && say("overdue"),
    paymentState === "PARTIALLY_PAID" &&
      say("left_to_pay", { amount: written.money(dueOf(invoice), currency) }),
    taxState !== "NOT_APPLICABLE" && say("efactura", { state: say(`tax_${taxState}`) }),
  ];
  return (
    <button type="button" onClick={onOpen}>
      {numberOf(invoice)} · {written.money(invoice.totalAmount ?? invoice.netAmount, currency)}
      <span class="soft">{facts.filter(Boolean).join(" · ")}</span>
    </button>
  );
}
