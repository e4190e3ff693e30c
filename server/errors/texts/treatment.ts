import type { Texts } from "./text.ts";

const field = { field: "text" } as const;
const status = { status: "text" } as const;

/** Treatment plans, those that patients were assigned, and their sessions. */
export const treatmentTexts = {
  "NOT_FOUND treatment_plan_not_found": {
    ro: "Acest plan de tratament nu există pentru pacient. Alegeți altul.",
    en: "There is no such treatment plan for this patient. Choose another.",
  },
  "NOT_FOUND session_not_found": {
    ro: "Ședința nu există. Reîncărcați pagina.",
    en: "There is no such session. Reload the page.",
  },
  "NOT_FOUND exercise_not_in_the_session": {
    ro: "Ședința nu are acest exercițiu. Reîncărcați pagina.",
    en: "The session has no such exercise. Reload the page.",
  },
  "VALIDATION sessions_not_valid": {
    ro: "Ceva nu se potrivește în ședințele planului, la {path}. Corectați și încercați din nou.",
    en: "Something does not fit in the sessions of the plan, at {path}. Correct it and try again.",
    details: { ...field, path: "text" },
  },
  "VALIDATION exercise_not_published": {
    ro: "Un exercițiu nu este publicat sau nu se prescrie astfel. Alegeți altul, sau schimbați repetările în secunde.",
    en: "An exercise is not published, or is not prescribed in this way. Choose another, or prescribe seconds instead of repetitions.",
    details: { ...field, exerciseId: "text" },
  },
  "VALIDATION global_plan_needs_a_slug": {
    ro: "Un plan al platformei are un nume scurt propriu și niciun pacient.",
    en: "A plan of the platform has a slug of its own, and no patient.",
    details: field,
  },
  "VALIDATION weekdays_not_valid": {
    ro: "Alegeți cel puțin o zi a săptămânii.",
    en: "Choose at least one day of the week.",
    details: field,
  },
  "VALIDATION ends_before_the_last_session": {
    ro: "Ultima ședință este pe {lastDueOn}. Alegeți un sfârșit de atunci încolo.",
    en: "The last session is due on {lastDueOn}. Choose an end from then on.",
    details: { ...field, lastDueOn: "text" },
  },
  "VALIDATION in_the_future": {
    ro: "Momentul acesta nu a venit încă. Verificați ceasul aparatului.",
    en: "This time has not come yet. Look at the clock of the device.",
    details: field,
  },
  "VALIDATION not_within_the_session": {
    ro: "Momentul acesta nu este al ședinței. Alegeți unul de la începutul ei încolo, cel mult o zi mai târziu.",
    en: "This time is not within the session. Choose one from its start on, a day later at most.",
    details: field,
  },
  "VALIDATION pain_out_of_range": {
    ro: "Durerea se notează de la 0 la 10.",
    en: "Pain is rated from 0 to 10.",
    details: field,
  },
  "VALIDATION amount_out_of_range": {
    ro: "Spuneți câte serii, repetări sau secunde ați făcut.",
    en: "Say how many sets, repetitions or seconds were done.",
    details: field,
  },
  "FORBIDDEN own_version": {
    ro: "Ați scris la această versiune. O aprobă altcineva.",
    en: "You wrote of this version. Somebody else approves it.",
  },
  "FORBIDDEN only_the_patient": {
    ro: "Numai pacientul, sau cine îl îngrijește, poate face asta.",
    en: "Only the patient, or somebody who cares for them, can do this.",
  },
  "STATE version_waits_for_approval": {
    ro: "O versiune așteaptă aprobarea. Întâi trebuie aprobată sau trimisă înapoi.",
    en: "A version waits for approval. It has to be approved or sent back first.",
    details: { versionId: "text" },
  },
  "STATE no_draft_to_submit": {
    ro: "Nu este nimic de trimis. Schimbați întâi planul.",
    en: "There is nothing to submit. Change the plan first.",
  },
  "STATE version_not_approved": {
    ro: "Se atribuie numai o versiune aprobată. Alegeți alta.",
    en: "Only an approved version can be assigned. Choose another.",
    details: status,
  },
  "STATE treatment_plan_not_active": {
    ro: "Planul de tratament nu este în desfășurare. Reîncărcați pagina.",
    en: "The treatment plan is not under way. Reload the page.",
    details: status,
  },
  "STATE session_under_way": {
    ro: "Pacientul este într-o ședință. Așteptați să se încheie.",
    en: "The patient is in a session. Wait until it is over.",
  },
  "STATE session_not_started": {
    ro: "Ședința nu a fost începută. Începeți-o întâi.",
    en: "The session was not started. Start it first.",
  },
  "STATE session_not_due": {
    ro: "Ședința este pe {dueOn}. Așteptați ziua aceea.",
    en: "The session is due on {dueOn}. Wait for that day.",
    details: { dueOn: "text" },
  },
  "STATE no_extra_sessions": {
    ro: "Planul nu are ședințe în plus. Întrebați clinica.",
    en: "The plan allows no extra sessions. Ask the clinic.",
  },
  "STATE contraindications_not_acknowledged": {
    ro: "Citiți contraindicațiile și confirmați că nu vi se aplică, apoi începeți.",
    en: "Read the contraindications and confirm that none applies to you, then start.",
    details: { contraindicationIds: "data" },
  },
  "STATE session_is_in_the_clinic": {
    ro: "Ședința are loc la clinică. O încheie clinica.",
    en: "The session takes place in the clinic. The clinic completes it.",
  },
  "STATE session_is_at_home": {
    ro: "Ședința are loc acasă. O încheie pacientul.",
    en: "The session takes place at home. The patient completes it.",
  },
  "STATE session_not_open": {
    ro: "Ședința nu mai este deschisă. Reîncărcați pagina.",
    en: "The session is not open any more. Reload the page.",
    details: status,
  },
  "STATE appointment_has_ended": {
    ro: "Programarea s-a încheiat. Alegeți alta.",
    en: "The appointment is over. Choose another.",
    details: status,
  },
  "CONFLICT treatment_plan_already_assigned": {
    ro: "Pacientul are deja acest plan de tratament. Mutați-l la altă versiune, sau încheiați-l întâi.",
    en: "The patient has this treatment plan already. Move it to another version, or end it first.",
  },
  "CONFLICT appointment_is_linked": {
    ro: "Programarea ține deja de altă ședință. Alegeți altă programare.",
    en: "The appointment belongs to another session already. Choose another appointment.",
  },
  "CONFLICT client_id_is_used": {
    ro: "Aparatul a folosit acest număr pentru altceva. Trimiteți din nou cu altul.",
    en: "The device used this id for something else. Send it again with another.",
    details: field,
  },
  "CONFLICT slug_is_used": {
    ro: "Numele scurt este folosit. Alegeți altul.",
    en: "The slug is used already. Choose another.",
    details: field,
  },
} as const satisfies Texts;
