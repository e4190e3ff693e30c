import type { Texts } from "./text.ts";

/** Sessions at home that are recorded: their start, and what is left of them. */
export const telemetryTexts = {
  "VALIDATION session_or_plan": {
    ro: "Alegeți o ședință, sau un plan și ședința din el care se face în plus.",
    en: "Choose a session, or a plan and which of its sessions is done beyond what is due.",
    details: { field: "text" },
  },
  "VALIDATION session_result_not_valid": {
    ro: "Rezultatul ședinței nu are forma așteptată.",
    en: "The result of the session is not of the expected form.",
    details: { field: "text" },
  },
  "NOT_FOUND exercise_session_not_found": {
    ro: "Această înregistrare nu există. Reîncărcați pagina.",
    en: "There is no such recording. Reload the page.",
  },
  "NOT_FOUND nothing_to_replay": {
    ro: "În această ședință nu s-a înregistrat mișcarea.",
    en: "No movement was recorded in this session.",
  },
  "STATE replay_not_ready": {
    ro: "Ședința nu s-a încheiat încă. Reveniți peste câteva minute.",
    en: "The session has not ended yet. Come back in a few minutes.",
  },
  "STATE replay_archived": {
    ro: "Înregistrarea este în arhivă, iar readucerea ei durează ore. Întrebați clinica.",
    en: "The recording is in the archive, and it takes hours to bring it back. Ask the clinic.",
  },
  "GONE replay_removed": {
    ro: "Înregistrarea nu se mai păstrează. Rezultatele ei au rămas.",
    en: "The recording is not kept any more. What it came to is.",
  },
  "FORBIDDEN telerehab_closed": {
    ro: "Ședințele de acasă nu vă sunt deschise acum. Întrebați clinica ce abonament sau plan le deschide.",
    en: "Sessions from home are not open to you now. Ask the clinic which plan opens them.",
  },
  "UNAVAILABLE busy": {
    ro: "Se primesc acum prea multe înregistrări. Pagina trimite din nou peste câteva clipe.",
    en: "Too many recordings arrive at the moment. The page tries again.",
  },
  "UNAVAILABLE try_again": {
    ro: "Înregistrarea nu poate fi primită acum. Pagina trimite din nou peste câteva clipe.",
    en: "The recording cannot be taken at the moment. The page tries again.",
  },
  "CONFLICT number_used_for_other_content": {
    ro: "Sub acest număr s-a primit alt conținut. Reîncărcați pagina.",
    en: "Other content has come under this number. Reload the page.",
  },
  "CONFLICT out_of_window": {
    ro: "Numărul este prea departe de cele primite. Trimiteți întâi ce lipsește.",
    en: "The number is too far from those that have come. Send first what is missing.",
  },
  "GONE session_ended": {
    ro: "Înregistrarea s-a încheiat. Porniți ședința din nou ca să înregistrați mai departe.",
    en: "The recording has ended. Start the session again to go on recording.",
  },
  "GONE session_too_long": {
    ro: "Înregistrarea a ajuns la lungimea maximă. Porniți ședința din nou ca să înregistrați mai departe.",
    en: "The recording is as long as one can be. Start the session again to go on recording.",
  },
  "NOT_FOUND no_such_path": {
    ro: "Această adresă nu există. Vedeți documentația înregistrării ședințelor.",
    en: "There is no such address. See the guide of recorded sessions.",
  },
  "VALIDATION events_not_valid": {
    ro: "Evenimentele nu au forma așteptată, la {field}. Corectați și trimiteți din nou.",
    en: "The events are not of the expected form, at {field}. Correct them and send them again.",
    details: { field: "text" },
  },
  "VALIDATION exercise_not_named": {
    ro: "Cererea nu spune al cui exercițiu este lotul. Trimiteți locul exercițiului în {field}.",
    en: "The request does not say of which exercise the batch is. Send the place of the exercise in {field}.",
    details: { field: "text" },
  },
  "RATE_LIMITED too_many": {
    ro: "Prea multe cereri. Așteptați {retryAfterSeconds} și trimiteți din nou.",
    en: "Too many requests. Wait {retryAfterSeconds} and send again.",
    details: { retryAfterSeconds: "seconds" },
  },
  "FORBIDDEN session_of_another_token": {
    ro: "Jetonul este al altei înregistrări. Porniți ședința din nou.",
    en: "The token is of another recording. Start the session again.",
  },
  "VALIDATION end_not_valid": {
    ro: "Încheierea nu are forma așteptată, la {field}. Corectați și trimiteți din nou.",
    en: "The end is not of the expected form, at {field}. Correct it and send it again.",
    details: { field: "text" },
  },
  "FORBIDDEN session_unknown": {
    ro: "Această înregistrare nu este cunoscută. Porniți ședința din nou.",
    en: "This recording is not known. Start the session again.",
  },
  "FORBIDDEN consent_missing": {
    ro: "Lipsește acordul pentru ce se trimite. Puteți continua exercițiile fără înregistrare.",
    en: "The consent to what is sent is missing. You can go on with the exercises without a recording.",
    details: { scope: "data" },
  },
  "FORBIDDEN consent_withdrawn": {
    ro: "Acordul a fost retras, iar înregistrarea s-a oprit. Puteți continua exercițiile.",
    en: "The consent was withdrawn, and recording has stopped. You can go on with the exercises.",
    details: { scope: "data" },
  },
  "UNAUTHENTICATED token_too_long": {
    ro: "Jetonul este valabil mai mult decât poate fi. Porniți ședința din nou.",
    en: "The token is valid for longer than one can be. Start the session again.",
  },
} as const satisfies Texts;
