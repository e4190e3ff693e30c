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
} as const satisfies Texts;
