import { currentRequest } from "../errors/current_request.ts";
import { languageOf } from "../errors/language.ts";
import type { Text } from "../errors/texts/text.ts";

/** What to do about each outcome of a test that did not pass. */
export const outcomes: Readonly<Record<string, Text>> = {
  credentials_refused: {
    ro: "Furnizorul nu acceptă aceste chei: copiați-le din nou sau faceți acolo altele.",
    en: "The vendor does not accept these keys: copy them again, or make new ones there.",
  },
  sender_not_verified: {
    ro: "Furnizorul nu a verificat încă acest expeditor: publicați înregistrările DNS pe care le arată.",
    en: "The vendor has not verified this sender yet: publish the DNS records it shows.",
  },
  sending_not_allowed: {
    ro: "Furnizorul nu lasă încă acest cont să trimită: vedeți consola lui.",
    en: "The vendor does not let this account send yet: see its console.",
  },
  bucket_not_found: {
    ro: "În această regiune nu există un asemenea bucket. Verificați numele și regiunea.",
    en: "There is no such bucket in this region. Check its name and the region.",
  },
  address_not_allowed: {
    ro:
      "Acolo nu se poate apela un server: este nevoie de o adresă publică și de un port de la 1 la 65535, iar un depozit " +
      "de fișiere se apelează prin https.",
    en:
      "No server can be called there: it needs a public address and a port from 1 to 65535, and a store is reached over " +
      "https.",
  },
  settings_incomplete: {
    ro: "Completați setările acestui furnizor.",
    en: "Fill in the settings of this provider.",
  },
  unreachable: {
    ro: "Furnizorul nu răspunde. Încercați din nou peste câteva clipe și verificați adresa și regiunea.",
    en: "The vendor does not answer. Try again in a moment, and check address and region.",
  },
  credentials_unreadable: {
    ro: "Cheile păstrate nu pot fi deschise. Introduceți-le din nou.",
    en: "The stored keys cannot be opened. Enter them again.",
  },
};

/** In the language of whoever asked for the test; null for an outcome that has no words. */
export function hintFor(reason: string): string | null {
  return outcomes[reason]?.[languageOf(currentRequest())] ?? null;
}
