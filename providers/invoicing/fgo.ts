import { OutcomeUnknown, Refused } from "../failures.ts";
import { fromDecimal, toDecimal, toJsonNumber } from "../minor_units.ts";
import type { FgoAccount } from "./account.ts";
import { document, type FgoClient, fgoClient, status } from "./fgo_client.ts";
import type { DocumentToIssue, InvoicingVendor, IssuedDocument, Turns } from "./port.ts";

/**
 * Documents at FGO, which sends them on to the tax office. Our id is `IdExtern`, by which FGO knows a repeat and answers the document
 * that is there. A credit note is a document of negative quantities: FGO's own reversal is of a whole invoice, and knows no
 * repeat. FGO's answers say neither tax nor total, so these are asked for, and never whether the tax office accepted.
 */
export function fgoInvoices(
  account: FgoAccount,
  {
    timeoutMs = 20_000,
    spacingMs,
    turns,
  }: { timeoutMs?: number; spacingMs?: number; turns?: Turns | undefined } = {},
): InvoicingVendor {
  const client = fgoClient(account, timeoutMs, spacingMs, turns);
  return {
    provider: "fgo",
    sendsToTaxOffice: true,
    async issue(issued) {
      const name = nameOf(issued.billedTo.legalName);
      const { Factura } = await client
        .ask(document, "factura/emitere", name, bodyOf(issued, name, account))
        .catch((error: unknown) => {
          // The document is there, and FGO did not say which one it is: nobody issues another.
          const isThere = error instanceof Refused && /exist[aă] deja|duplicat/i.test(error.message);
          throw isThere ? new OutcomeUnknown("fgo has the document and does not show it") : error;
        });
      const amounts = await amountsOf(client, issued, Factura);
      return {
        documentId: `${Factura.Serie}/${Factura.Numar}`,
        number: `${Factura.Serie} ${Factura.Numar}`,
        url: Factura.Link || null,
        ...amounts,
      };
    },
  };
}

/** The total with tax by FGO, and what of it is tax: the rest is ours, to the unit, or something is wrong. */
async function amountsOf(
  client: FgoClient,
  { currency, netAmount, kind }: DocumentToIssue,
  { Serie, Numar }: { Serie: string; Numar: string },
): Promise<Pick<IssuedDocument, "taxAmount" | "totalAmount">> {
  const { Factura } = await client.ask(status, "factura/getstatus", Numar, { Serie, Numar });
  const said = fromDecimal(Factura.Valoare, currency);
  if (said === null) throw new OutcomeUnknown("fgo says a total that is no amount");
  const total = kind === "credit_note" ? -said : said;
  if (total < netAmount) throw new OutcomeUnknown("fgo says a total below the amount without tax");
  return { taxAmount: total - netAmount, totalAmount: total };
}

/** The name as it is hashed and sent: both are the same bytes. */
function nameOf(legalName: string): string {
  return legalName.normalize("NFC").replace(/\p{C}/gu, "").replace(/\s+/g, " ").trim().slice(0, 255).trim();
}

function bodyOf(issued: DocumentToIssue, name: string, { series, vatRate }: FgoAccount): object {
  const { billedTo, currency, credits } = issued;
  const isRomanian = billedTo.country === "RO";
  return {
    Serie: series,
    Valuta: currency,
    TipFactura: "Factura",
    DataEmitere: issued.issuedOn,
    ...(issued.dueOn && { DataScadenta: issued.dueOn }),
    IdExtern: issued.id,
    VerificareDuplicat: true,
    Explicatii: credits ? `${issued.number}, storno ${credits.number}` : issued.number,
    Client: {
      Denumire: name,
      Tip: "PJ",
      ...(billedTo.taxId && { CodUnic: billedTo.taxId }),
      ...(billedTo.registrationNumber && { NrRegCom: billedTo.registrationNumber }),
      Email: billedTo.email,
      Tara: billedTo.country,
      // FGO's lists of counties and places have no diacritics.
      Judet: isRomanian ? withoutMarks(billedTo.county) : billedTo.county,
      Localitate: isRomanian ? withoutMarks(billedTo.city) : billedTo.city,
      Adresa: billedTo.street,
    },
    // A line is one piece at our amount, which was rounded once: FGO multiplies nothing that would round again.
    Continut: issued.lines.map(({ description, amount }) => {
      const isNegative = amount < 0n !== (issued.kind === "credit_note");
      return {
        Denumire: description.slice(0, 1000),
        UM: "BUC",
        NrProduse: isNegative ? -1 : 1,
        PretUnitar: toJsonNumber(toDecimal(amount < 0n ? -amount : amount, currency)),
        CotaTVA: toJsonNumber(vatRate),
      };
    }),
  };
}

const withoutMarks = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").trim();
