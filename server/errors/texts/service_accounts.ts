import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Keys of programs, what they record, and what clinics have beside their tier. */
export const serviceAccountTexts = {
  "UNAUTHENTICATED service_key_invalid": {
    ro: "Cheia nu este valabilă. Trimiteți o cheie activă: Authorization: Bearer rxsk_….",
    en: "The key is not valid. Send one that is active: Authorization: Bearer rxsk_….",
  },
  "FORBIDDEN service_key_of_another_scope": {
    ro: "Cheia este pentru altceva ({scope}). Folosiți una făcută pentru această operație.",
    en: "The key is for something else ({scope}). Use one that was made for this.",
    details: { scope: "text" },
  },
  "VALIDATION scope_not_offered": {
    ro: "O clinică are chei pentru abonamentele pacienților, platforma pentru apelurile modelelor. Alegeți scopul potrivit.",
    en: "A clinic has keys for PATIENT_SUBSCRIPTIONS, the platform for AI_CALLS. Choose the scope that fits.",
    details: field,
  },
  "CONFLICT too_many_keys": {
    ro: "Sunt deja {most, number} chei active. Revocați una înainte.",
    en: "There are {most, number} active keys already. Revoke one first.",
    details: { most: "number" },
  },
  "CONFLICT call_key_reused": {
    ro: "Sub această cheie a fost înregistrat alt apel. Dați fiecărui apel o cheie a lui.",
    en: "Another call was recorded under this key. Give each call a key of its own.",
    details: field,
  },
  "VALIDATION entitlement_unknown": {
    ro: "O asemenea opțiune nu există. Alegeți una din platformEntitlements.",
    en: "There is no such entitlement. Choose one of platformEntitlements.",
    details: field,
  },
  "CAPABILITY_NOT_BUILT entitlement_not_built": {
    ro: "Opțiunea {entitlement} este prevăzută pentru mai târziu și nu poate fi acordată încă.",
    en: "{entitlement} is declared for later; nothing implements it yet, so it cannot be granted.",
    details: { entitlement: "text" },
  },
} as const satisfies Texts;
