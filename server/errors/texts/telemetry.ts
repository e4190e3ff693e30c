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
  "FORBIDDEN telerehab_closed": {
    ro: "Ședințele de acasă nu vă sunt deschise acum. Întrebați clinica ce abonament sau plan le deschide.",
    en: "Sessions from home are not open to you now. Ask the clinic which plan opens them.",
  },
} as const satisfies Texts;
