import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { OneInvoiceDocument, type OneInvoiceQuery } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { dueOf, type Invoice, isOverdue, numberOf } from "./billing.ts";
import { CreditNotes } from "./credit_notes.tsx";
import { DocumentOf, TaxState } from "./document_of.tsx";
import { Explained } from "./explained.tsx";
import { Lines } from "./lines.tsx";
import { Payments } from "./payments.tsx";
import { TransferTo } from "./transfer_to.tsx";
import { useWritten } from "./written.ts";

/** One invoice: what it is of and from which usage, how it was paid, what was taken back of it, and its document at the provider. */
export function InvoiceScreen({
  client,
  clinic,
  invoice: id,
  zone,
  onBack,
  actions,
}: {
  client: Client;
  clinic: UUID;
  invoice: UUID;
  zone: string | undefined;
  onBack(): void;
  /** What can be done about it, above what it is of. */
  actions?(invoice: Invoice, reload: () => Promise<void>): ComponentChildren;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const [known, setKnown] = useState<OneInvoiceQuery | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setKnown(await client.ask(OneInvoiceDocument, { invoice: id }));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, id, say]);
  useEffect(() => void load(), [client, id]);

  // What is another clinic's is not there, like what never was.
  const invoice = known?.invoice?.organizationId === clinic ? known.invoice : null;
  return (
    <>
      {known && (
        <StepHeading>
          {invoice ? say("invoice", { number: numberOf(invoice) }) : say("no_such_invoice")}
        </StepHeading>
      )}
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {invoice && (
        <>
          <Facts invoice={invoice} zone={zone} />
          {known && dueOf(invoice) > 0n && invoice.subscription?.provider === "manual" && (
            <section aria-labelledby="pay-by-transfer">
              <h2 id="pay-by-transfer">{say("pay_by_transfer")}</h2>
              <TransferTo
                accounts={known.platformBankAccounts.nodes}
                currency={invoice.currency}
                reference={numberOf(invoice)}
              />
            </section>
          )}
          {actions?.(invoice, load)}
          <h2>{say("lines")}</h2>
          <Lines
            lines={invoice.invoiceLines.nodes}
            currency={invoice.currency}
            under={(line) =>
              line.meter && (
                <Explained
                  client={client}
                  line={line.id}
                  name={written.text(line.descriptions)}
                  zone={zone}
                />
              )
            }
          />
          <Payments invoice={invoice} zone={zone} />
          <CreditNotes invoice={invoice} zone={zone} />
        </>
      )}
      <p class="actions">
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </>
  );
}

function Facts({ invoice, zone }: { invoice: Invoice; zone: string | undefined }) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const { currency, status, paymentState } = invoice;
  const sum = (amount: string | bigint) => written.money(amount, currency);
  return (
    <>
      <p>
        <span class="state">{say(`invoice_${status}`)}</span>{" "}
        {(status === "ISSUED" || status === "PAID") && (
          <span class="state">{say(`payment_${paymentState}`)}</span>
        )}{" "}
        {isOverdue(invoice, zone) && <span class="state refused">{say("overdue")}</span>}
      </p>
      <dl class="facts">
        <dt>{say("issued_on")}</dt>
        <dd>{invoice.issuedAt ? written.dayOf(invoice.issuedAt) : "–"}</dd>
        <dt>{say("due_on")}</dt>
        <dd>{invoice.dueOn ? written.day(invoice.dueOn) : "–"}</dd>
        <dt>{say("net")}</dt>
        <dd>{sum(invoice.netAmount)}</dd>
        <dt>{say("tax")}</dt>
        <dd>{invoice.taxAmount === null ? say("tax_on_document") : sum(invoice.taxAmount)}</dd>
        <dt>{say("total")}</dt>
        <dd>{invoice.totalAmount === null ? say("tax_on_document") : sum(invoice.totalAmount)}</dd>
        <dt>{say("paid")}</dt>
        <dd>{sum(invoice.paidAmount)}</dd>
        {invoice.creditedAmount !== "0" && (
          <>
            <dt>{say("credited")}</dt>
            <dd>{sum(invoice.creditedAmount)}</dd>
          </>
        )}
        <dt>{say("to_pay")}</dt>
        <dd>{sum(dueOf(invoice))}</dd>
        <dt>{say("document")}</dt>
        <dd>
          <DocumentOf document={invoice} />
        </dd>
        {invoice.taxState !== "NOT_APPLICABLE" && (
          <>
            <dt>e-Factura</dt>
            <dd>
              <TaxState document={invoice} />
            </dd>
          </>
        )}
      </dl>
    </>
  );
}
