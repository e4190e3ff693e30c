import type { Text } from "./text.ts";

/**
 * What is said of a code where the reason is not known: a database that was migrated before this server was started
 * anew may know one more.
 */
export const codeTexts = {
  VALIDATION: {
    ro: "Datele trimise nu sunt corecte. Verificați-le și încercați din nou.",
    en: "What was sent is not correct. Check it and try again.",
  },
  UNAUTHENTICATED: { ro: "Conectați-vă și încercați din nou.", en: "Sign in and try again." },
  FORBIDDEN: {
    ro: "Nu aveți dreptul să faceți acest lucru. Adresați-vă unui administrator al clinicii.",
    en: "You may not do this. Ask an administrator of your clinic.",
  },
  NOT_FOUND: {
    ro: "Acest lucru nu există sau nu aveți acces la el. Verificați și încercați din nou.",
    en: "There is no such thing, or it is not yours to see. Check it and try again.",
  },
  CAPABILITY_NOT_BUILT: {
    ro: "Această funcție nu este încă disponibilă. Alegeți alta.",
    en: "This is not available yet. Choose something else.",
  },
  CONFLICT: {
    ro: "Altceva împiedică această operație. Reîncărcați pagina și verificați.",
    en: "Something else stands in the way. Reload the page and look at it.",
  },
  NOT_READY: {
    ro: "Mai este nevoie de ceva din partea pacientului. Vedeți ce lipsește, apoi încercați din nou.",
    en: "Something is still needed of the patient. See what is missing, then try again.",
  },
  CONSENT_REQUIRED: {
    ro: "Lipsește un acord. Citiți-l și dați-l, apoi încercați din nou.",
    en: "A consent is missing. Read and give it, then try again.",
  },
  ENTITLEMENT_EXHAUSTED: {
    ro: "Abonamentul clinicii nu cuprinde mai mult. Adresați-vă clinicii.",
    en: "The clinic's plan includes no more of this. Ask the clinic.",
  },
  FORM_REQUIRED: {
    ro: "Mai întâi trebuie semnat un formular. Completați-l și încercați din nou.",
    en: "A form must be signed first. Fill it in, then try again.",
  },
  IMMUTABLE: {
    ro: "Ce s-a scris aici nu se mai schimbă. Faceți o înregistrare nouă.",
    en: "What is written here is never changed. Make a new entry.",
  },
  SLOT_TAKEN: {
    ro: "Ora aceasta nu mai este liberă. Alegeți alta.",
    en: "This time is no longer free. Choose another.",
  },
  STATE: {
    ro: "Acum nu se poate. Reîncărcați pagina pentru a vedea ce s-a schimbat.",
    en: "This is not possible now. Reload the page to see what has changed.",
  },
  GONE: {
    ro: "Nu mai este valabil. Luați-o de la început.",
    en: "This is over. Start again.",
  },
  IDEMPOTENCY_MISMATCH: {
    ro: "Cererea a fost trimisă deja cu alte date. Reîncărcați pagina și trimiteți-o din nou.",
    en: "This request was sent before with other values. Reload the page and send it again.",
  },
  RATE_LIMITED: {
    ro: "Prea multe cereri. Așteptați puțin și încercați din nou.",
    en: "Too many requests. Wait a little and try again.",
  },
  GRAPHQL_VALIDATION: {
    ro: "Cererea nu se potrivește cu acest server. Reîncărcați pagina.",
    en: "The request does not fit this server. Reload the page.",
  },
  DOCUMENT_TOO_LARGE: {
    ro: "S-a cerut prea mult deodată. Cereți mai puțin.",
    en: "This asks for too much at once. Ask for less.",
  },
  TRUSTED_DOCUMENTS_REQUIRED: {
    ro: "Serverul nu cunoaște această cerere. Reîncărcați pagina.",
    en: "The server does not know this request. Reload the page.",
  },
  DOCUMENT_UNKNOWN: {
    ro: "Serverul nu cunoaște această cerere. Reîncărcați pagina.",
    en: "The server does not know this request. Reload the page.",
  },
  ROUTE_NOT_FOUND: {
    ro: "Adresa nu există. Verificați-o.",
    en: "There is no such path. Check the address.",
  },
  METHOD_NOT_ALLOWED: {
    ro: "Adresa nu se deschide așa. Folosiți metoda din antetul Allow.",
    en: "This path is not asked like this. Use a method of the header Allow.",
  },
  PAYLOAD_TOO_LARGE: {
    ro: "S-a trimis prea mult deodată. Trimiteți mai puțin.",
    en: "Too much was sent at once. Send less.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    ro: "Tipul de conținut nu este acceptat. Trimiteți application/json.",
    en: "This content type is not accepted. Send application/json.",
  },
  INTERNAL: {
    ro: "A apărut o eroare la noi și a fost înregistrată. Încercați din nou mai târziu.",
    en: "Something broke on our side and has been recorded. Try again later.",
  },
  UNAVAILABLE: {
    ro: "Serverul este ocupat. Încercați din nou peste câteva clipe.",
    en: "The server is busy. Try again in a moment.",
  },
  TIMEOUT: {
    ro: "A durat prea mult și s-a oprit; nu s-a salvat nimic. Încercați din nou.",
    en: "This took too long and was stopped; nothing was saved. Try again.",
  },
} as const satisfies Readonly<Record<string, Text>>;
