import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** What clinics pay the platform: payments, credit notes, refunds, and electronic invoices. */
export const paymentTexts = {
  "NOT_FOUND invoice_not_found": {
    ro: "Factura nu există. Reîncărcați pagina.",
    en: "There is no such invoice. Reload the page.",
  },
  "NOT_FOUND invoice_line_not_found": {
    ro: "Linia nu este a acestei facturi. Reîncărcați pagina.",
    en: "The line is not of this invoice. Reload the page.",
    details: { lineId: "data" },
  },
  "VALIDATION card_malformed": {
    ro: "Din card se păstrează doar ultimele patru cifre.",
    en: "Only the last four digits of a card are kept.",
    details: { field: "text" },
  },
  "VALIDATION iban_malformed": {
    ro: "IBAN-ul nu este corect. Verificați fiecare semn.",
    en: "This is not a correct IBAN. Check every character.",
    details: { field: "text" },
  },
  "VALIDATION bic_malformed": {
    ro: "Codul BIC are 8 sau 11 litere și cifre.",
    en: "A BIC has 8 or 11 letters and digits.",
    details: { field: "text" },
  },
  "VALIDATION bank_account_name_malformed": {
    ro: "Scrieți un nume, de cel mult 200 de caractere.",
    en: "Write a name of at most 200 characters.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION bank_account_currency_unknown": {
    ro: "În moneda aceasta nu se facturează nimic. Alegeți alta.",
    en: "Nothing is billed in this currency. Choose another one.",
    details: { field: "text" },
  },
  "NOT_FOUND payment_not_found": {
    ro: "Plata nu există. Reîncărcați pagina.",
    en: "There is no such payment. Reload the page.",
  },
  "NOT_FOUND payment_attempt_not_found": {
    ro: "Încercarea de plată nu există.",
    en: "There is no such attempt to charge.",
  },
  "NOT_FOUND refund_not_found": {
    ro: "Rambursarea nu există.",
    en: "There is no such refund.",
  },
  "CONFLICT credit_exceeds_line": {
    ro: "Din această linie nu se mai poate credita atât. Scrieți o sumă mai mică.",
    en: "Less than this is left of the line to credit. Give a smaller amount.",
    details: { lineId: "data", most: "data", currency: "data" },
  },
  "CONFLICT credit_exceeds_invoice": {
    ro: "Din factură nu se mai poate credita atât. Scrieți o sumă mai mică.",
    en: "Less than this is left of the invoice to credit. Give a smaller amount.",
    details: { most: "data", currency: "data" },
  },
  "CONFLICT refund_exceeds_payment": {
    ro: "Din plată nu se mai poate restitui atât. Scrieți o sumă mai mică.",
    en: "Less than this is left of the payment to refund. Give a smaller amount.",
    details: { most: "data", currency: "data" },
  },
  "CONFLICT transfer_recorded_otherwise": {
    ro: "Un transfer cu această referință este deja înregistrat, cu altă sumă, zi sau factură. Verificați extrasul.",
    en: "A transfer with this reference is recorded already, with another amount, day or invoice. Check the statement.",
    details: field,
  },
  "STATE invoice_not_issued": {
    ro: "Factura nu este emisă încă.",
    en: "The invoice has not been issued yet.",
  },
  "STATE invoice_not_creditable": {
    ro: "În starea aceasta factura nu se poate credita. Reîncărcați pagina.",
    en: "The invoice cannot be credited in this state. Reload the page.",
    details: { status: "text" },
  },
  "STATE nothing_carried": {
    ro: "Abonamentul nu are credit de restituit.",
    en: "The subscription has no credit to give back.",
  },
  "STATE carried_to_next_bill": {
    ro: "Abonamentul continuă: creditul se scade din următoarea factură.",
    en: "The subscription goes on: the next bill takes the credit off.",
  },
  "STATE nothing_to_credit": {
    ro: "Nicio factură a abonamentului nu se poate credita acum. Încercați din nou după ce furnizorul de facturare emite documentele.",
    en: "No invoice of the subscription can be credited now. Try again once the invoicing provider has issued the documents.",
  },
  "STATE invoice_document_missing": {
    ro: "Furnizorul de facturare nu a emis încă documentul. Încercați din nou după ce îl emite.",
    en: "The invoicing provider has not issued the document yet. Try again once it has.",
  },
  "STATE charge_under_way": {
    ro: "O încasare este în curs. Încercați din nou după ce se încheie.",
    en: "A charge is under way. Try again once it has ended.",
  },
  "STATE invoice_not_for_tax_office": {
    ro: "Factura nu se trimite la organul fiscal.",
    en: "The invoice is not sent to the tax office.",
  },
  "VALIDATION sum_out_of_range": {
    ro: "Scrieți o sumă mai mare decât zero.",
    en: "Give an amount above zero.",
    details: field,
  },
  "VALIDATION reference_missing": {
    ro: "Scrieți referința transferului de pe extras, de cel mult 140 de caractere.",
    en: "Give the reference of the transfer on the statement, of at most 140 characters.",
    details: field,
  },
  "VALIDATION note_too_long": {
    ro: "Scrieți o notă de cel mult {most, number} de caractere.",
    en: "Write a note of {most, number} characters at most.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION day_out_of_range": {
    ro: "Scrieți ziua în care au ajuns banii, nu una din viitor.",
    en: "Give the day on which the money arrived, not one in the future.",
    details: field,
  },
  "VALIDATION credit_lines_wrong": {
    ro: "Liniile de creditat nu sunt corecte: fiecare o dată, cu o sumă mai mare decât zero.",
    en: "The lines to credit are not right: each once, with an amount above zero.",
    details: { field: "text", path: "text" },
  },
  "VALIDATION refund_too_small": {
    ro: "Suma este prea mică pentru o notă de credit. Scrieți o sumă mai mare.",
    en: "The amount is too small for a credit note. Give a larger one.",
    details: field,
  },
  "VALIDATION page_out_of_range": {
    ro: "Cereți cel mult {most, number} de rânduri.",
    en: "Ask for {most, number} rows at most.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION payment_status_unknown": {
    ro: "Starea plății nu este cunoscută.",
    en: "The status of the payment is not known.",
    details: { status: "text" },
  },
  "VALIDATION payment_id_missing": {
    ro: "Lipsește numărul plății la furnizor.",
    en: "The provider's id of the payment is missing.",
    details: field,
  },
  "VALIDATION refund_status_unknown": {
    ro: "Starea rambursării nu este cunoscută.",
    en: "The status of the refund is not known.",
    details: { status: "text" },
  },
  "VALIDATION tax_state_unknown": {
    ro: "Starea la organul fiscal nu este cunoscută.",
    en: "The state at the tax office is not known.",
    details: { state: "text" },
  },
} as const satisfies Texts;
