import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { type Invoice, numberOf } from "./billing.ts";
import { DocumentOf, TaxState } from "./document_of.tsx";
import { useWritten } from "./written.ts";

/** What was taken back of an invoice, why, and of which of its lines. */
export function CreditNotes({ invoice, zone }: { invoice: Invoice; zone: string | undefined }) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const notes = invoice.creditNotes.nodes;
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="credit-notes">
      <h2 id="credit-notes">{say("credit_notes")}</h2>
      <ul class="plain sums">
        {notes.map((note) => (
          <li key={note.id}>
            <p class="line">
              <span>
                {numberOf(note)} · {written.dayOf(note.issuedAt)}
              </span>
              <strong>−{written.money(note.grossAmount, invoice.currency)}</strong>
            </p>
            <p class="soft">
              {say("because", { reason: note.reason })} · <DocumentOf document={note} />
            </p>
            {note.taxState !== "NOT_APPLICABLE" && (
              <p class="soft">
                e-Factura: <TaxState document={note} />
              </p>
            )}
            {note.creditNoteLines.nodes.map(({ id, amount, invoiceLineId }) => (
              <p class="line soft" key={id}>
                <span>
                  {written.text(
                    invoice.invoiceLines.nodes.find((line) => line.id === invoiceLineId)?.descriptions,
                  )}
                </span>
                <span>−{written.money(amount, invoice.currency)}</span>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
