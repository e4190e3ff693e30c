import type { Texts } from "./text.ts";

/** Video calls, and what is recorded of them. */
export const videoTexts = {
  "STATE appointment_not_by_video": {
    ro: "Programarea nu are loc prin video. Vedeți la programare unde are loc.",
    en: "The appointment does not take place by video. See the appointment for where it does.",
    details: { modality: "data" },
  },
  "STATE call_not_open": {
    ro: "Apelul video se deschide la {opensAt}. Reveniți atunci.",
    en: "The video call opens on {opensAt}. Come back then.",
    details: { opensAt: "instant", timezone: "timezone" },
  },
  "STATE call_over": {
    ro: "Apelul video s-a încheiat. Pentru o oră nouă, faceți o programare.",
    en: "The video call is over. Book an appointment for another time.",
    details: { status: "data" },
  },
  "STATE call_not_ready": {
    ro: "Apelul video se pregătește. Încercați din nou peste câteva clipe; dacă durează, sunați la clinică.",
    en: "The video call is being prepared. Try again in a moment; if it takes long, call the clinic.",
  },
  "STATE nothing_is_recorded": {
    ro: "Apelul nu se înregistrează acum. Reîncărcați pagina.",
    en: "The call is not being recorded. Reload the page.",
  },
  "CONFLICT recording_runs": {
    ro: "Apelul se înregistrează deja. Opriți întâi înregistrarea de acum.",
    en: "The call is being recorded already. Stop that recording first.",
  },
  "FORBIDDEN recording_is_for_staff": {
    ro: "Înregistrarea o pornește clinica. Cereți-i specialistului.",
    en: "The clinic starts the recording. Ask the specialist.",
  },
  "UNAVAILABLE video_unavailable": {
    ro: "Serviciul video nu răspunde acum. Încercați din nou peste câteva clipe; dacă durează, sunați la clinică.",
    en: "The video service does not answer right now. Try again in a moment; if it takes long, call the clinic.",
  },
} as const satisfies Texts;
