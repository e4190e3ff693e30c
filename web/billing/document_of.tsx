import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Invoice } from "./billing.ts";
import { useWritten } from "./written.ts";

/** Where the document lies at the invoicing provider, and how it stands there. */
export function DocumentOf({
  document,
}: {
  document: Pick<Invoice, "providerState" | "providerDocumentNumber" | "providerDocumentUrl">;
}) {
  const say = useTexts(billingTexts);
  const { providerState, providerDocumentNumber: number, providerDocumentUrl: url } = document;
  return (
    <>
      {say(`document_${providerState}`)}
      {number && ` · ${number}`}
      {url && /^https:\/\//.test(url) && (
        <>
          {" "}
          <a class="place" href={url} target="_blank" rel="noreferrer">
            {say("open_document")}
          </a>
        </>
      )}
    </>
  );
}

/** How an invoice or a credit note stands at the tax office, and by which day it has to be there. */
export function TaxState({ document }: { document: { taxState: string; taxDeadlineOn: string | null } }) {
  const say = useTexts(billingTexts);
  const written = useWritten();
  const state = document.taxState as Exclude<Invoice["taxState"], "NOT_APPLICABLE">;
  return (
    <>
      {say(`tax_${state}`)}
      {document.taxDeadlineOn && ` · ${say("tax_deadline", { day: written.day(document.taxDeadlineOn) })}`}
    </>
  );
}
