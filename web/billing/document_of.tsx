import { useTexts } from "../components/texts.ts";
import { billingTexts } from "../texts/billing/index.ts";
import type { Invoice } from "./billing.ts";

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
