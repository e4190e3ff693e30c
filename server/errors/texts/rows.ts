import type { Texts } from "./text.ts";

const rule = { field: "text?", rule: "text" } as const;

/** What PostgreSQL says of rows and values, and that it says nothing. */
export const rowTexts = {
  "CONFLICT changed_meanwhile": {
    ro: "Altcineva a salvat între timp. Copiați ce ați scris, deschideți din nou și treceți modificările pe ce este acum acolo.",
    en: "Somebody has saved meanwhile. Copy what you wrote, open it again, and put your changes into what is there now.",
  },
  "VALIDATION required": {
    ro: "Completați câmpul {field}.",
    en: "{field} is required. Fill it in.",
    details: { field: "text", rule: "text?" },
  },
  "VALIDATION rule_broken": {
    ro:
      "{shape, select, " +
      "not_blank {Completați câmpul: nu poate rămâne gol.} " +
      "one_line {Scrieți pe un singur rând.} " +
      "length {Scrieți cel mult {most, plural, one {un caracter} few {# caractere} other {# de caractere}}.} " +
      "range {Dați o valoare între {least} și {most}.} " +
      "legal {Alegeți una dintre valorile: {legal}.} " +
      "slug {Folosiți litere mici de la a la z și cifre, cu câte o cratimă sau o liniuță jos între ele.} " +
      "code {Scrieți codul ISO cu majuscule, de exemplu RON sau RO.} " +
      "base64url {Trimiteți ce dă browserul, ca base64url.} " +
      "lower_case {Scrieți cu litere mici.} " +
      "object {Dați un obiect JSON.} " +
      "reason {Scrieți de ce, în câteva cuvinte.} " +
      "ordered {Sfârșitul vine după început. Schimbați cele două valori.} " +
      "positive {Dați un număr mai mare decât zero.} " +
      "not_negative {Dați zero sau un număr mai mare.} " +
      "other {Valoarea nu este acceptată. Regula: {rule}. Corectați-o și încercați din nou.}}",
    en:
      "{shape, select, " +
      "not_blank {Fill in {field}: it cannot stay blank.} " +
      "one_line {Write {field} on one line.} " +
      "length {Write at most {most, plural, one {one character} other {# characters}} in {field}.} " +
      "range {Give {field} between {least} and {most}.} " +
      "legal {Choose {field} from {legal}.} " +
      "slug {Write {field} in lower-case letters a to z and digits, with single hyphens or underscores between them.} " +
      "code {Write {field} as the code of the ISO in capital letters, such as RON or RO.} " +
      "base64url {Give {field} as the browser gives it, as base64url.} " +
      "lower_case {Write {field} in lower case.} " +
      "object {Give {field} as a JSON object.} " +
      "reason {Say why, in a few words.} " +
      "ordered {The end comes after the start. Change one of them.} " +
      "positive {Give {field} as a number above zero.} " +
      "not_negative {Give {field} as zero or more.} " +
      "other {This must hold: {rule}. Correct it and try again.}}",
    details: { ...rule, shape: "text?", least: "text?", most: "text?", legal: "texts?" },
  },
  "VALIDATION reference_not_found": {
    ro: "Se numește ceva ce nu există sau a fost șters. Alegeți din nou.",
    en: "This names something that does not exist, or no longer. Choose again.",
    details: rule,
  },
  "CONFLICT still_referenced": {
    ro: "Altceva încă depinde de acest lucru. Schimbați sau ștergeți mai întâi ce depinde de el.",
    en: "Something else still depends on this. Change or remove that first.",
    details: rule,
  },
  "CONFLICT already_exists": {
    ro: "Există deja unul la fel. Alegeți altă valoare sau folosiți-l pe cel existent.",
    en: "There is one like this already. Choose another value, or use the one that is there.",
    details: rule,
  },
  "CONFLICT overlaps": {
    ro: "Se suprapune cu ceva existent. Alegeți alt interval.",
    en: "This overlaps with something that is there. Choose other times.",
    details: rule,
  },
  "CONFLICT concurrent_change": {
    ro: "Altcineva a schimbat același lucru în aceeași clipă. Încercați din nou.",
    en: "Somebody else changed this at the same moment. Try again.",
  },

  "VALIDATION value_too_long": {
    ro: "Un text este mai lung decât încape în câmpul lui. Scurtați-l.",
    en: "A text is longer than its field. Shorten it.",
  },
  "VALIDATION value_out_of_range": {
    ro: "Un număr este prea mare sau prea mic pentru câmpul lui. Corectați-l.",
    en: "A number is larger or smaller than its field can hold. Correct it.",
  },
  "VALIDATION date_not_readable": {
    ro: "Scrieți data ca AAAA-LL-ZZ, iar momentul cu fusul orar sau Z.",
    en: "Write a date as YYYY-MM-DD, and an instant with its offset or Z.",
  },
  "VALIDATION date_out_of_range": {
    ro: "Data nu există în calendar sau este în afara anilor 0001–9999. Corectați-o.",
    en: "There is no such date, or it lies outside the years 0001 to 9999. Correct it.",
  },
  "VALIDATION time_zone_not_readable": {
    ro: "Alegeți un fus orar, de exemplu Europe/Bucharest: knownTimeZones le listează.",
    en: "Name a time zone such as Europe/Bucharest: knownTimeZones lists them.",
  },
  "VALIDATION text_not_readable": {
    ro: "Un text conține un caracter ce nu poate fi păstrat, de exemplu NUL. Scoateți-l.",
    en: "A text holds a character that cannot be kept, such as NUL. Take it out.",
  },
  "VALIDATION value_not_accepted": {
    ro: "O valoare nu este dintre cele pe care le acceptă câmpul ei. Corectați-o.",
    en: "A value is not one that its field takes. Correct it.",
  },
  "VALIDATION value_not_readable": {
    ro: "O valoare nu este de tipul câmpului ei, de exemplu un UUID sau un număr. Corectați-o.",
    en: "A value is not of the type of its field, such as a UUID or a number. Correct it.",
  },

  "UNAVAILABLE database_busy": {
    ro: "Serverul este ocupat. Încercați din nou peste câteva clipe.",
    en: "The server is busy. Try again in a moment.",
  },
  "TIMEOUT statement_timeout": {
    ro: "A durat prea mult și s-a oprit; nu s-a salvat nimic. Încercați din nou sau cereți mai puțin.",
    en: "This took too long and was stopped; nothing was saved. Try again, or ask for less.",
  },
  "TIMEOUT lock_timeout": {
    ro: "Altcineva schimbă chiar acum același lucru. Încercați din nou.",
    en: "Somebody else is changing this. Try again.",
  },
  "INTERNAL unexpected": {
    ro: "A apărut o eroare la noi și a fost înregistrată. Încercați din nou; dacă se repetă, dați-ne codul {errorId}.",
    en: "Something broke on our side and has been recorded. Try again; if it happens again, tell us the id {errorId}.",
    details: { errorId: "text" },
  },
} as const satisfies Texts;
