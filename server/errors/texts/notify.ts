import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Messages, their words, and by which way people want them. */
export const notifyTexts = {
  "NOT_FOUND not_suppressed": {
    ro: "La această adresă se scrie ca la oricare alta. Nu este nimic de deblocat.",
    en: "This address is written to as any other. There is nothing to lift.",
    details: field,
  },
  "STATE complaint_to_the_platform": {
    ro: "Titularul adresei s-a plâns de emailurile platformei. Rugați platforma să ridice blocarea.",
    en: "Its owner complained about mails of the platform. Ask the platform to lift it.",
    details: field,
  },
  "STATE opted_out": {
    ro: "Titularul a cerut să nu i se mai scrie. Poate reveni trimițând START de la acel număr.",
    en: "Its owner asked not to be written to. A START from that number takes it back.",
    details: field,
  },
  "NOT_FOUND inbox_item_not_found": {
    ro: "Unul dintre mesaje nu este în căsuța dumneavoastră. Reîncărcați pagina.",
    en: "One of these messages is not in your inbox. Reload the page.",
    details: field,
  },
  "VALIDATION too_many_at_once": {
    ro: "Alegeți între {least} și {most, plural, one {# mesaj} few {# mesaje} other {# de mesaje}}.",
    en: "Name {least} to {most, plural, one {# message} other {# messages}}.",
    details: { field: "text", least: "number", most: "number" },
  },
  "NOT_FOUND message_recipient_unknown": {
    ro: "Indicați persoana sau adresa căreia să i se scrie.",
    en: "Name a person or an address to write to.",
    details: { template: "text" },
  },
  "VALIDATION message_calendar_mismatch": {
    ro: "Un mesaj are un eveniment de calendar numai dacă modelul lui prevede unul. Corectați mesajul.",
    en: "A message carries a calendar entry if and only if its template has one. Correct the message.",
    details: { template: "text" },
  },
  "VALIDATION message_template_unknown": {
    ro: "Un asemenea mesaj nu există pe acest canal sau în această limbă (ro, en). Alegeți unul din messageTexts.",
    en: "There is no such message for this channel or language (ro, en). Choose one that messageTexts lists.",
    details: { template: "text", channel: "text?", locale: "text?" },
  },
  "VALIDATION message_variables_mismatch": {
    ro: "Variabila {variable} nu se potrivește cu mesajul. Folosiți variabilele lui, din messageTexts, și niciuna în plus.",
    en: "The variable {variable} does not fit the message. Give its variables, as messageTexts lists them, and no other.",
    details: { template: "text?", field: "text?", variable: "text", legal: "texts?" },
  },
  "VALIDATION message_channel_unknown": {
    ro: "Alegeți unul dintre canalele: {legal}.",
    en: "Choose one of the channels: {legal}.",
    details: { field: "text", legal: "texts" },
  },
  "VALIDATION message_topic_unknown": {
    ro: "Un asemenea subiect nu există. Alegeți unul din messageTopics.",
    en: "There is no such topic. Choose one that messageTopics lists.",
    details: field,
  },
  "VALIDATION message_status_unknown": {
    ro: "Starea {status} nu există. Alegeți una din message_moves.",
    en: "There is no status {status}. Give one that message_moves knows.",
    details: { status: "text" },
  },
  "VALIDATION message_body_length": {
    ro: "Scrieți între {least} și {most, plural, one {# caracter} few {# caractere} other {# de caractere}}.",
    en: "Write between {least} and {most, plural, one {# character} other {# characters}}.",
    details: { field: "text", least: "number", most: "number" },
  },
  "VALIDATION message_text_malformed": {
    ro:
      "{problem, select, variable_unknown {Mesajul nu are variabila {variable}. Folosiți numai: {legal}.} " +
      "section_not_open {Secțiunea {variable} se închide fără să fie deschisă. Deschideți-o cu '{{#'{variable}'}}'.} " +
      "section_not_closed {Secțiunea {variable} nu este închisă. Închideți-o cu '{{/'{variable}'}}'.} " +
      "other {Scrieți variabilele ca '{{when}}' și secțiunile ca '{{#when}}…{{/when}}'.}}",
    en:
      "{problem, select, variable_unknown {The message has no variable {variable}. Use only {legal}.} " +
      "section_not_open {The section {variable} is closed and was not open. Open it with '{{#'{variable}'}}'.} " +
      "section_not_closed {The section {variable} is not closed. Close it with '{{/'{variable}'}}'.} " +
      "other {Write variables as '{{when}}' and sections as '{{#when}}…{{/when}}'.}}",
    details: { field: "text", problem: "text", variable: "text?", legal: "texts?" },
  },
  "VALIDATION message_title_mismatch": {
    ro:
      "{channel, select, sms {Un SMS nu are titlu. Lăsați-l gol.} whatsapp {Un mesaj WhatsApp nu are titlu. Lăsați-l gol.} " +
      "other {Pe acest canal se afișează un titlu. Completați-l.}}",
    en:
      "{channel, select, sms {An SMS shows no title. Leave it out.} whatsapp {WhatsApp shows no title. Leave it out.} " +
      "other {This channel shows a title. Give one.}}",
    details: { field: "text", channel: "text" },
  },
  "VALIDATION message_title_malformed": {
    ro: "Scrieți titlul pe un rând, de la 1 la {most, plural, one {# caracter} few {# caractere} other {# de caractere}}.",
    en: "Write the title on one line of 1 to {most, plural, one {# character} other {# characters}}.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION message_data_malformed": {
    ro:
      "Datele de probă nu se potrivesc. Dați un obiect cu variabilele de înlocuit: momente ISO 8601 cu fus orar, " +
      "modality ca in_person, video sau phone, restul text.",
    en:
      "The sample data do not fit. Give an object with the variables to replace: instants in ISO 8601 with an offset, " +
      "modality as in_person, video or phone, the rest as text.",
    details: field,
  },
  "NOT_FOUND message_template_not_own": {
    ro: "Clinica nu are aici un text propriu. Nu este nimic de restaurat.",
    en: "The clinic has no words of its own there. There is nothing to restore.",
  },
  "IMMUTABLE message_template_is_immutable": {
    ro: "Un text folosit nu se schimbă. Editați-l: se face o versiune nouă.",
    en: "Words that were used do not change. Edit them: that makes a new version.",
  },
  "VALIDATION notification_preference_says_nothing": {
    ro: "Alegeți da sau nu.",
    en: "Say true or false.",
    details: field,
  },
  "VALIDATION quiet_hours_have_both_ends": {
    ro: "Alegeți ambele ore; aceeași oră de două ori înseamnă fără ore de liniște.",
    en: "Give both times; the same twice means never quiet.",
    details: field,
  },
  "VALIDATION timezone_unknown": {
    ro: "Fusul orar nu există. Alegeți unul din knownTimeZones.",
    en: "There is no such time zone. Choose one that knownTimeZones lists.",
    details: field,
  },
  "CONFLICT push_endpoint_taken": {
    ro: "În acest browser primește notificări alt cont. Dezactivați-le în browser, apoi activați-le din nou.",
    en: "Another account has the notices of this browser. Unsubscribe in it, then subscribe again.",
    details: field,
  },
} as const satisfies Texts;
