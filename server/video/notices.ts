import { currentRequest } from "../errors/current_request.ts";
import { languageOf } from "../errors/language.ts";
import type { Text } from "../errors/texts/text.ts";

/** What those who are to meet in a room read of it, by its status. */
export const forParticipants: Readonly<Record<string, Text>> = {
  awaits_consent: {
    ro: "Apelul video are nevoie de acordul pacientului pentru telemedicină. Semnați-l și camera se deschide singură.",
    en: "The video call needs the patient's consent to telemedicine. Sign it, and the room opens by itself.",
  },
  wanted: {
    ro: "Camera video se pregătește. Este gata în câteva clipe.",
    en: "The video room is being prepared. It is ready in a moment.",
  },
  delayed: {
    ro: "Camera video întârzie: serviciul video nu răspunde. Încercăm mereu; programarea dumneavoastră rămâne.",
    en: "The video room is late: the video service does not answer. We keep trying; your appointment stands.",
  },
  ready: { ro: "Camera video este deschisă.", en: "The video room is open." },
  closing: { ro: "Apelul video s-a încheiat.", en: "The video call is over." },
  closed: { ro: "Apelul video s-a încheiat.", en: "The video call is over." },
};

/** What the clinic can do about what keeps a room from being made. */
export const forStaff: Readonly<Record<string, Text>> = {
  vendor_unreachable: {
    ro: "Serviciul video nu răspunde. Se încearcă din nou în cel mult un minut; dacă durează, sunați pacientul.",
    en: "The video service does not answer. It is tried again within a minute; if it takes long, call the patient.",
  },
  vendor_refused: {
    ro: "Serviciul video a refuzat. Verificați planul și limitele contului la furnizor.",
    en: "The video service refused. Check the plan and the limits of the account at the vendor.",
  },
  credentials_refused: {
    ro: "Serviciul video nu acceptă cheile contului. Un administrator le introduce din nou la integrări.",
    en: "The video service does not accept the keys of the account. An administrator enters them again at integrations.",
  },
  not_set_up: {
    ro: "Nu este pus la punct niciun cont video, sau a fost oprit. Un administrator îl alege la integrări.",
    en: "No video account is set up, or it was switched off. An administrator chooses one at integrations.",
  },
};

/** In the language of whoever asks. */
export const noticeOf = (texts: Readonly<Record<string, Text>>, word: string | null): string | null =>
  (word && texts[word]?.[languageOf(currentRequest())]) || null;
