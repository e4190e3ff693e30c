import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { Asked, Untyped } from "../billing/asked.tsx";
import { dueOf, type Invoice, type Payment } from "../billing/billing.ts";
import { ZONE } from "../billing/days.ts";
import { amountIn, typed } from "../billing/money.ts";
import { useWritten } from "../billing/written.ts";
import { todayIn } from "../components/calendar.ts";
import { useTexts } from "../components/texts.ts";
import {
  CreditInvoiceDocument,
  DiscountInvoiceDocument,
  RecordBankTransferDocument,
  RefundPaymentDocument,
  VoidInvoiceDocument,
  WriteOffInvoiceDocument,
} from "../documents/generated/operations.ts";
import type { Values } from "../schema_form/schema.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";
import { creditSchema, discountSchema, reasonSchema, refundSchema, transferSchema } from "./schemas.ts";

type Act =
  | { of: "transfer" | "credit" | "discount" | "void" | "write_off" }
  | { of: "refund"; payment: Payment };

/** What a superadmin does about an invoice: money that came by transfer, money that goes back, what is taken off it or given up. */
export function InvoiceActions({
  client,
  invoice,
  zone,
  onDone,
}: {
  client: Client;
  invoice: Invoice;
  zone: string | undefined;
  onDone(): Promise<void>;
}) {
  const say = useTexts(billingAdminTexts);
  const written = useWritten(zone);
  const [act, setAct] = useState<Act | null>(null);
  const [told, setTold] = useState<Act["of"] | null>(null);
  const { currency } = invoice;
  const due = dueOf(invoice);
  const begin = (next: Act) => {
    setTold(null);
    setAct(next);
  };
  const done = async (of: Act["of"]) => {
    await onDone();
    setAct(null);
    setTold(of);
  };
  /** An amount as it was typed at a field; refused there where it is none. */
  const amountAt = (values: Values, field: string): bigint => {
    const amount = amountIn(String(values[field] ?? ""), currency);
    if (amount === null) throw new Untyped({ [`$.${field}`]: say("no_amount") });
    return amount;
  };
  const refundable = invoice.payments.nodes.filter(
    ({ amount, refundedAmount }) => BigInt(amount) > BigInt(refundedAmount),
  );
  // What was paid is credited, too: the money is a balance then, or goes back.
  const isCreditable =
    (invoice.status === "ISSUED" || invoice.status === "PAID") &&
    invoice.totalAmount !== null &&
    BigInt(invoice.creditedAmount) < BigInt(invoice.totalAmount);
  const reasonOf = (values: Values) => String(values.reason ?? "");
  return (
    <section aria-label={say("invoice_actions")}>
      <p role="status">{told && say(`told_${told}`)}</p>
      {!act && (
        <p class="actions">
          {(due > 0n || invoice.status === "UNCOLLECTIBLE") && (
            <button type="button" class="main" onClick={() => begin({ of: "transfer" })}>
              {say("transfer")}
            </button>
          )}
          {refundable.map((payment) => (
            <button key={payment.id} type="button" onClick={() => begin({ of: "refund", payment })}>
              {say("refund", {
                amount: written.money(payment.amount, payment.currency),
                day: written.day(payment.receivedOn),
              })}
            </button>
          ))}
          {isCreditable && (
            <>
              <button type="button" onClick={() => begin({ of: "credit" })}>
                {say("credit")}
              </button>
              <button type="button" onClick={() => begin({ of: "discount" })}>
                {say("discount")}
              </button>
              <button type="button" class="danger" onClick={() => begin({ of: "void" })}>
                {say("void")}
              </button>
            </>
          )}
          {due > 0n && (
            <button type="button" class="danger" onClick={() => begin({ of: "write_off" })}>
              {say("write_off")}
            </button>
          )}
        </p>
      )}
      {act?.of === "transfer" && (
        <Asked
          name={say("transfer")}
          schema={transferSchema(currency)}
          values={{ amount: typed(due, currency, written.language), receivedOn: todayIn(zone ?? ZONE) }}
          go={say("transfer_go")}
          onGo={async (values) => {
            const amount = amountAt(values, "amount");
            await client.ask(RecordBankTransferDocument, {
              invoice: invoice.id,
              amount,
              receivedOn: values.receivedOn as never,
              reference: String(values.reference ?? ""),
              note: (values.note as string | undefined) ?? null,
            });
            await done("transfer");
          }}
          onCancel={() => setAct(null)}
        />
      )}
      {act?.of === "refund" && (
        <Asked
          name={say("refund_title")}
          schema={refundSchema(currency)}
          values={{
            amount: typed(
              BigInt(act.payment.amount) - BigInt(act.payment.refundedAmount),
              currency,
              written.language,
            ),
          }}
          go={say("refund_go")}
          isDanger
          onGo={async (values) => {
            const amount = amountAt(values, "amount");
            await client.ask(RefundPaymentDocument, {
              payment: act.payment.id,
              amount,
              reason: reasonOf(values),
            });
            await done("refund");
          }}
          onCancel={() => setAct(null)}
        />
      )}
      {act?.of === "credit" && (
        <Asked
          name={say("credit")}
          schema={creditSchema(invoice.invoiceLines.nodes, currency, ({ descriptions }, language) =>
            String((descriptions as Record<string, string>)[language] ?? ""),
          )}
          values={{}}
          go={say("credit_go")}
          isDanger
          onGo={async (values) => {
            const lines: { lineId: UUID; amount: string }[] = invoice.invoiceLines.nodes
              .filter(({ position }) => values[`line${position}`] !== undefined)
              .map(({ id, position }) => ({
                lineId: id,
                amount: String(amountAt(values, `line${position}`)),
              }));
            await client.ask(CreditInvoiceDocument, { invoice: invoice.id, lines, reason: reasonOf(values) });
            await done("credit");
          }}
          onCancel={() => setAct(null)}
        />
      )}
      {act?.of === "discount" && (
        <Asked
          name={say("discount")}
          schema={discountSchema(currency)}
          values={{}}
          go={say("discount_go")}
          isDanger
          onGo={async (values) => {
            const amount = amountAt(values, "amount");
            await client.ask(DiscountInvoiceDocument, {
              invoice: invoice.id,
              amount,
              reason: reasonOf(values),
            });
            await done("discount");
          }}
          onCancel={() => setAct(null)}
        />
      )}
      {act?.of === "void" && (
        <Asked
          name={say("void")}
          schema={reasonSchema}
          values={{}}
          go={say("void_go")}
          isDanger
          onGo={async (values) => {
            await client.ask(VoidInvoiceDocument, { invoice: invoice.id, reason: reasonOf(values) });
            await done("void");
          }}
          onCancel={() => setAct(null)}
        />
      )}
      {act?.of === "write_off" && (
        <Asked
          name={say("write_off")}
          schema={reasonSchema}
          values={{}}
          go={say("write_off_go")}
          isDanger
          onGo={async (values) => {
            await client.ask(WriteOffInvoiceDocument, { invoice: invoice.id, reason: reasonOf(values) });
            await done("write_off");
          }}
          onCancel={() => setAct(null)}
        />
      )}
    </section>
  );
}
