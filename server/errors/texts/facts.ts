import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Addresses, numbers and names, as people write them. */
export const factTexts = {
  "VALIDATION not_an_address": {
    ro: "Scrieți o singură adresă de email: un nume, semnul @ și un domeniu.",
    en: "Write one email address: a name, an @ and a domain.",
    details: field,
  },
  "VALIDATION dot_misplaced": {
    ro:
      "Un punct din adresa de email este greșit pus: nu stă la început sau la sfârșit, nici lângă @, nici două la rând. " +
      "Corectați adresa.",
    en: "An email address neither begins nor ends with a dot on either side of the @, nor has two in a row. Correct it.",
    details: field,
  },
  "VALIDATION local_part_too_long": {
    ro: "Înainte de @ încap cel mult 64 de caractere. Corectați adresa.",
    en: "Before the @ stand at most 64 characters. Correct the address.",
    details: field,
  },
  "VALIDATION domain_label_too_long": {
    ro: "Între punctele domeniului încap cel mult 63 de caractere. Corectați adresa.",
    en: "Between the dots of a domain stand at most 63 characters. Correct the address.",
    details: field,
  },
  "VALIDATION address_too_long": {
    ro: "O adresă de email are cel mult 254 de caractere. Corectați adresa.",
    en: "An email address has at most 254 characters. Correct it.",
    details: field,
  },
  "VALIDATION domain_not_accepted": {
    ro:
      "După @ nu stă un domeniu la care se pot trimite emailuri. Literele altor alfabete sunt bune, semnele nu. " +
      "Corectați adresa.",
    en:
      "What stands behind the @ is no domain that mail can be sent to. Letters of other alphabets are fine, signs are " +
      "not. Correct the address.",
    details: field,
  },
  "VALIDATION not_a_number": {
    ro: "Scrieți un singur număr de telefon, de exemplu 0722 123 456 sau +40 722 123 456, și nimic altceva.",
    en: "Write one telephone number, such as 0722 123 456 or +40 722 123 456, and nothing beside it.",
    details: field,
  },
  "VALIDATION not_in_use": {
    ro: "În această țară nu există asemenea numere de telefon. Verificați primele cifre.",
    en: "No telephone number of this country looks like this. Look at its first digits.",
    details: field,
  },
  "VALIDATION too_long": {
    ro: "Numărul de telefon are prea multe cifre pentru țara lui. Verificați-l.",
    en: "The telephone number has too many digits for its country. Check it.",
    details: field,
  },
  "VALIDATION too_short": {
    ro: "Numărul de telefon are prea puține cifre pentru țara lui. Verificați-l.",
    en: "The telephone number has too few digits for its country. Check it.",
    details: field,
  },
  "VALIDATION wrong_length": {
    ro: "În această țară numerele de telefon nu au atâtea cifre. Verificați numărul.",
    en: "No telephone number of this country has so many digits. Check it.",
    details: field,
  },
  "VALIDATION unknown_country": {
    ro: "Începeți numărul de telefon cu + și prefixul țării, de exemplu +40.",
    en: "Begin the telephone number with + and the calling code of its country, such as +40.",
    details: field,
  },
  "VALIDATION link_in_text": {
    ro: "Scrieți aici un nume: fără linkuri, adrese sau numere. După punct se lasă un spațiu.",
    en: "Write a name here: no link, no address and no number. After a dot comes a space.",
    details: field,
  },
} as const satisfies Texts;
