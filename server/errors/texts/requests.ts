import type { Texts } from "./text.ts";

const field = { field: "text" } as const;
const scalar = { scalar: "text" } as const;

/** Requests that do not run: their headers, body, document, and how much they ask for. */
export const requestTexts = {
  "VALIDATION body_incomplete": {
    ro: "Cererea a sosit incompletă. Trimiteți-o din nou.",
    en: "Fewer or more bytes came than were announced. Send it again.",
  },
  "VALIDATION body_not_json": {
    ro: "Conținutul cererii nu este JSON valid. Corectați-l.",
    en: "The body is not valid JSON. Correct it.",
  },
  "VALIDATION body_not_utf8": {
    ro: "Trimiteți conținutul cererii ca UTF-8.",
    en: "Send the body as UTF-8.",
  },
  "VALIDATION path_not_readable": {
    ro: "Adresa nu poate fi citită. Scrieți-o în UTF-8 cu codificare procentuală.",
    en: "The path cannot be read. Write it in percent-encoded UTF-8.",
  },
  "VALIDATION request_malformed": {
    ro:
      'Câmpul {field} al cererii nu este corect. Trimiteți un obiect: \'{"query": "…", "variables": {…}}\' sau ' +
      '\'{"documentId": "sha256:…", "variables": {…}}\'.',
    en:
      'The field {field} of the request is not correct. Send one object: \'{"query": "…", "variables": {…}}\', or ' +
      '\'{"documentId": "sha256:…", "variables": {…}}\'.',
    details: field,
  },
  "VALIDATION request_not_accepted": {
    ro: "Cererea nu poate fi făcută așa: {problem}. Corectați-o și încercați din nou.",
    en: "The request cannot be made like this: {problem}. Correct it and try again.",
    details: { problem: "text" },
  },
  "VALIDATION subscriptions_need_a_socket": {
    ro: "Abonamentele se cer printr-un WebSocket la această adresă, cu protocolul graphql-transport-ws.",
    en: "Subscribe over a WebSocket at this path, in the protocol graphql-transport-ws.",
  },
  "VALIDATION only_subscriptions": {
    ro: "Aici se cer numai abonamente. Trimiteți celelalte cereri cu POST.",
    en: "There are only subscriptions here. POST queries and mutations.",
  },
  "VALIDATION idempotency_key_for_several": {
    ro: "Trimiteți operațiile una câte una, fiecare cu un Idempotency-Key al ei.",
    en: "Send mutations one by one, each with an Idempotency-Key of its own.",
    details: field,
  },
  "VALIDATION idempotency_key_malformed": {
    ro: "Idempotency-Key are între 1 și 200 de caractere ASCII vizibile, fără spații. Folosiți, de exemplu, un UUID.",
    en: "Idempotency-Key has 1 to 200 printable ASCII characters, without spaces. Take a UUID, for example.",
    details: field,
  },
  "VALIDATION organization_malformed": {
    ro: "{field} este identificatorul unei clinici. Corectați-l.",
    en: "{field} is the id of a clinic. Correct it.",
    details: field,
  },
  "VALIDATION page_out_of_bounds": {
    ro: "O pagină are între {least, number} și {most, number} de rânduri ({field}). Cereți mai puține deodată.",
    en: "{field} goes from {least, number} to {most, number}. Ask for fewer rows at once.",
    details: { field: "text", least: "number", most: "number" },
  },
  "VALIDATION first_and_last": {
    ro: "Cereți primele sau ultimele rânduri, nu pe amândouă.",
    en: "Ask for the first or for the last, not for both.",
    details: field,
  },
  "VALIDATION field_invalid": {
    ro: "Câmpul {field} nu este completat corect. Verificați-l.",
    en: "{field} does not fit: {rule}. Correct it.",
    details: { field: "text", rule: "text" },
  },
  "VALIDATION field_unknown": {
    ro: "Câmpul {field} nu este cunoscut aici. Scoateți-l.",
    en: "{field} is not known here. Take it out.",
    details: field,
  },
  "VALIDATION instant_invalid": {
    ro: "Scrieți momentul cu fusul orar sau Z, de exemplu 2027-03-08T10:00:00+02:00, în anii 0001–9999.",
    en: "Write an instant with its offset or Z, such as 2027-03-08T10:00:00+02:00, in the years 0001 to 9999.",
    details: scalar,
  },
  "VALIDATION date_invalid": {
    ro: "Scrieți ziua ca AAAA-LL-ZZ, de exemplu 2027-03-08, în anii 0001–9999.",
    en: "Write a day as YYYY-MM-DD, such as 2027-03-08, in the years 0001 to 9999.",
    details: scalar,
  },
  "VALIDATION time_invalid": {
    ro: "Scrieți ora ca HH:MM sau HH:MM:SS, de exemplu 09:30.",
    en: "Write a time of day as HH:MM or HH:MM:SS, such as 09:30.",
    details: scalar,
  },
  "VALIDATION filter_is_empty": {
    ro: "O parte a filtrului nu spune nimic: scoateți-o. Pentru ce lipsește scrieți isNull: true.",
    en: "A part of the filter says nothing: leave it out. To ask for what is missing, write isNull: true.",
  },
  "VALIDATION cursor_not_readable": {
    ro: "Cursorul nu se potrivește. Luați-l din pageInfo sau edges, de la același câmp și în aceeași ordine.",
    en: "The cursor does not fit. Give one of the same field in the same order, as pageInfo or edges have it.",
  },

  "GRAPHQL_VALIDATION document_invalid": {
    ro: "Cererea nu se potrivește cu acest server: {problem} Reîncărcați pagina; dacă se repetă, anunțați-ne.",
    en: "The request does not fit this server: {problem} Correct it, or reload the page.",
    details: { problem: "text" },
  },
  "DOCUMENT_TOO_LARGE over_limit": {
    ro: "S-a cerut prea mult deodată ({limit}: cel mult {most, number}). Cereți mai puțin sau pagini mai mici.",
    en:
      "{limit, select, depth {Nest at most {most, number} levels.} inputDepth {Nest values at most {most, number} levels.} " +
      "inputs {Hand in at most {most, number} values at once.} " +
      "cost {This costs more than {most, number}: ask for smaller pages, or for less at once.} " +
      "other {Ask for at most {most, number} {limit} at once.}}",
    details: { limit: "text", most: "number" },
  },
  "TRUSTED_DOCUMENTS_REQUIRED document_not_trusted": {
    ro: "Aici se răspunde numai la cererile aplicațiilor noastre: trimiteți documentId. Reîncărcați pagina.",
    en: "Only documents that a frontend was built with are answered here. Send documentId, or reload the page.",
  },
  "DOCUMENT_UNKNOWN document_unknown": {
    ro: "Serverul nu cunoaște această cerere: pagina este de altă versiune. Reîncărcați-o.",
    en: "No document is known by this id: the server was started with another list. Reload the page.",
  },
  "ROUTE_NOT_FOUND route_not_found": {
    ro: "Adresa nu există. Verificați-o.",
    en: "There is no such path. Check the address.",
  },
  "ROUTE_NOT_FOUND provider_unknown": {
    ro: "Aici nu este așteptat nimeni. Verificați adresa.",
    en: "Nobody is expected to call here. Check the address.",
  },
  "METHOD_NOT_ALLOWED post_only": {
    ro: "Trimiteți cererea cu POST.",
    en: "POST the document.",
  },
  "PAYLOAD_TOO_LARGE body_too_large": {
    ro: "Cererea este prea mare: cel mult {most}. Trimiteți mai puțin deodată.",
    en: "The body may have at most {most}. Send less at once.",
    details: { most: "bytes" },
  },
  "UNSUPPORTED_MEDIA_TYPE encoding_not_accepted": {
    ro: "Trimiteți conținutul cererii ca UTF-8 și necomprimat.",
    en: "Send the body as UTF-8 and not compressed.",
  },
  "UNSUPPORTED_MEDIA_TYPE media_type_not_accepted": {
    ro: "Trimiteți application/json.",
    en: "Send application/json.",
  },

  "RATE_LIMITED too_many_requests": {
    ro:
      "{limit, select, none {Ați cerut atâtea programări câte poate cere o persoană. Sunați la clinică sau încercați din " +
      "nou peste {retryAfterSeconds}.} other {Prea multe cereri. Încercați din nou peste {retryAfterSeconds}.}}",
    en:
      "{limit, select, none {You have asked for as many appointments as one person can. Call the clinic, or try again in " +
      "{retryAfterSeconds}.} other {Too many requests. Try again in {retryAfterSeconds}.}}",
    details: { limit: "text?", retryAfterSeconds: "seconds" },
  },
  "RATE_LIMITED too_many_at_once": {
    ro: "Prea multe cereri ale dumneavoastră sunt încă în lucru. Încercați din nou peste {retryAfterSeconds}.",
    en: "Too many requests of yours are still running. Try again in {retryAfterSeconds}.",
    details: { retryAfterSeconds: "seconds" },
  },
  "RATE_LIMITED too_many_subscriptions": {
    ro:
      "O conexiune poartă cel mult {most, plural, one {un abonament} few {# abonamente} other {# de abonamente}}. " +
      "Închideți unul.",
    en: "A connection carries at most {most, plural, one {one subscription} other {# subscriptions}}. End one first.",
    details: { most: "number" },
  },
  "RATE_LIMITED too_many_streams": {
    ro:
      "Din rețeaua dumneavoastră se urmăresc deja {most, plural, one {un calendar} few {# calendare} other {# de calendare}}, " +
      "cât se poate deodată. Închideți o pagină sau reîncărcați-o când vreți să vedeți ce s-a schimbat.",
    en:
      "{most, plural, one {One calendar is} other {# calendars are}} watched from your network, as many as may be. Close a " +
      "page, or load it again to see what changed.",
    details: { most: "number" },
  },
  "UNAVAILABLE streams_full": {
    ro: "Orele libere nu pot fi urmărite acum. Încercați din nou peste câteva clipe.",
    en: "Times cannot be watched right now. Try again in a moment.",
  },
} as const satisfies Texts;
