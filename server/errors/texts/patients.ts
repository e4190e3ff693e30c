import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Patients, those who care for them, and which of them is one person. */
export const patientTexts = {
  "NOT_FOUND patient_not_found": {
    ro: "În clinică nu există acest pacient. Căutați-l din nou.",
    en: "There is no such patient at the clinic. Search again.",
  },
  "VALIDATION text_too_long": {
    ro: "Scrieți cel mult {most, number} de caractere: ajunge o parte din nume, din număr sau din adresă.",
    en: "Type at most {most, number} characters: a part of the name, the number or the address is enough.",
    details: { field: "text", most: "number" },
  },
  "CONFLICT person_unclear": {
    ro:
      "{field, select, displayName {Cereți aparținătorului adresa și numele contului său: amândouă trebuie să se " +
      "potrivească.} other {{facts, select, name {Scrieți-vă prenumele și numele așa cum le știe clinica: aceeași " +
      "adresă poate fi a unei familii.} birthday {Scrieți data nașterii, cea pe care o știe clinica.} other {Poate fi " +
      "un pacient pe care clinica îl are deja. Alegeți pacientul sau spuneți că este altă persoană.}}}}",
    en:
      "{field, select, displayName {Ask the caregiver for the address and the name of their account: both must agree.} " +
      "other {{facts, select, name {Give your given and family name as the clinic knows them: an address may be a " +
      "family's.} birthday {Give your birth date: it must be the one that the clinic knows.} other {This may be " +
      "somebody who is a patient already. Name the patient, or say that it is another person (asNewPatient).}}}}",
    details: { field: "text?", facts: "texts?", candidates: "data?" },
  },
  "FORBIDDEN person_decides": {
    ro: "Pacientul are cont: numai el își poate numi un aparținător. Rugați-l să o facă.",
    en: "This patient has an account: only they can name a caregiver. Ask them to.",
  },
  "FORBIDDEN email_not_verified": {
    ro:
      "{field, select, email {Adăugați această adresă la contul dumneavoastră și confirmați-o, apoi scrieți-o aici.} " +
      "other {Confirmați-vă adresa de email, apoi încercați din nou.}}",
    en:
      "{field, select, email {Add this address to your account and verify it, then write it here.} " +
      "other {Verify your email address, then try again.}}",
    details: { field: "text?" },
  },
  "CONFLICT already_a_caregiver": {
    ro: "Persoana este deja aparținător. Nu mai este nimic de făcut.",
    en: "This person is a caregiver already. There is nothing left to do.",
    details: field,
  },
  "NOT_FOUND caregiver_not_found": {
    ro: "Acest aparținător nu există sau nu dumneavoastră decideți despre el. Reîncărcați pagina.",
    en: "There is no such caregiver, or it is not yours to end. Reload the page.",
  },
  "VALIDATION too_young_for_own_account": {
    ro:
      "Sub {years, plural, one {un an} few {# ani} other {# de ani}} în numele pacientului lucrează un aparținător. " +
      "Adăugați unul.",
    en: "Under {years, plural, one {one year} other {# years}} a caregiver acts for the patient. Add one.",
    details: { field: "text", years: "number" },
  },
  "STATE account_age_unknown": {
    ro:
      "Sub {years, plural, one {un an} few {# ani} other {# de ani}} nimeni nu are cont propriu, iar data nașterii nu este cunoscută. " +
      "Completați-o, apoi încercați din nou.",
    en:
      "Under {years, plural, one {one year} other {# years}} nobody has an account of their own, and the date of birth is not known. " +
      "Fill it in, then try again.",
    details: { years: "number" },
  },
  "VALIDATION not_born_yet": {
    ro: "Data nașterii este în viitor. Verificați-o.",
    en: "The birthday lies in the future. Check it.",
    details: field,
  },
  "VALIDATION of_age": {
    ro:
      "De la {years, plural, one {un an} few {# ani} other {# de ani}} fiecare se înscrie cu propriul cont. Rugați " +
      "persoana să își facă unul.",
    en: "From {years, plural, one {one year} other {# years}} on people sign up with an account of their own. Ask them to.",
    details: { field: "text", years: "number" },
  },
  "VALIDATION not_a_representative": {
    ro: "Un copil este înscris de un părinte sau de tutore. Alegeți una dintre cele două.",
    en: "A child is signed up by a parent or a guardian. Choose one of the two.",
    details: field,
  },
  "FORBIDDEN caregiver_is_a_minor": {
    ro: "Nu aveți încă vârsta la care puteți reprezenta un copil. Rugați un părinte să îl înscrie.",
    en: "You are not yet of the age to represent a child. Ask a parent to sign them up.",
  },
  "RATE_LIMITED many_children": {
    ro: "Ați înscris mulți copii astăzi. Continuați peste {retryAfterSeconds} sau sunați la clinică.",
    en: "You have signed up many children today. Go on in {retryAfterSeconds}, or call the clinic.",
    details: { retryAfterSeconds: "seconds" },
  },
  "RATE_LIMITED many_claims": {
    ro: "Ați cerut multe coduri astăzi. Continuați peste {retryAfterSeconds} sau sunați la clinică.",
    en: "You have asked for many codes today. Go on in {retryAfterSeconds}, or call the clinic.",
    details: { retryAfterSeconds: "seconds" },
  },
  "NOT_FOUND claim_not_found": {
    ro: "Nu există această cerere. Cereți un cod nou.",
    en: "There is no such claim. Ask for a new code.",
  },
  "GONE claim_is_over": {
    ro: "Codul nu mai este valabil. Cereți altul.",
    en: "This code is over. Ask for another one.",
  },
  "CONSENT_REQUIRED terms_not_accepted": {
    ro: "Citiți și acceptați condițiile enumerate, apoi încercați din nou.",
    en: "Read and accept what is listed, then try again.",
    details: { missing: "data" },
  },
  "CONFLICT profile_has_an_account": {
    ro: "Pacientul are deja cont. Nu este nevoie de o invitație.",
    en: "This patient has an account already. No invitation is needed.",
  },
  "CONFLICT account_would_be_lost": {
    ro: "Celălalt pacient are cont. Păstrați-l pe acela.",
    en: "The other patient has an account. Keep that one.",
    details: field,
  },
  "CONFLICT birth_dates_differ": {
    ro: "Datele nașterii sunt diferite. Dacă una este greșită, corectați-o mai întâi.",
    en: "They were born on two days. If one is a mistake, correct it first.",
  },
  "CONFLICT caregivers_differ": {
    ro:
      "Unul dintre pacienți are un aparținător pe care celălalt nu îl are. Încheiați acea legătură sau rugați " +
      "persoana să își numească mai întâi aparținătorul.",
    en: "Somebody cares for the one and not for the other. End that link, or let the person name the caregiver first.",
  },
  "CONFLICT two_accounts": {
    ro: "Amândoi pacienții au cont propriu. Ei decid a cui este fișa: întrebați-i.",
    en: "Both patients have an account of their own. Whose record it is, they decide: ask them.",
  },
  "VALIDATION same_patient": {
    ro: "Alegeți doi pacienți diferiți.",
    en: "Name two patients.",
    details: field,
  },
  "CONFLICT patient_was_merged": {
    ro: "Pacientul a fost unit cu altul. Anulați mai întâi unirea.",
    en: "This patient was merged into another one. Undo the merge instead.",
    details: { mergeId: "text" },
  },
  "CONFLICT merged_further": {
    ro: "Între timp pacientul a fost unit din nou. Anulați mai întâi acea unire.",
    en: "The patient was merged again since. Undo that merge first.",
    details: { mergeId: "text" },
  },
  "CONFLICT moved_since": {
    ro: "Între timp, o parte din ce s-a unit a trecut la altcineva. Mutați-o mai întâi înapoi.",
    en: "Some of what was merged moved to somebody else since. Move it back first.",
    details: { entity: "text", ids: "texts" },
  },
  "STATE merge_is_undone": {
    ro: "Unirea a fost deja anulată. Reîncărcați pagina.",
    en: "This merge was undone already. Reload the page.",
    details: { legal: "texts" },
  },
} as const satisfies Texts;
