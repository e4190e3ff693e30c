import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Signing forms: links, kiosks, the portal, and proofs. */
export const signatureTexts = {
  "NOT_FOUND link_not_found": {
    ro: "Aici nu este niciun formular de semnat. Verificați dacă linkul este întreg sau cereți clinicii altul.",
    en: "There is no form to sign here. See whether the link is whole, or ask the clinic for another one.",
  },
  "GONE used": {
    ro: "Formularul a fost deja semnat prin acest link.",
    en: "The form has been signed by this link already.",
  },
  "GONE expired": {
    ro: "Linkul a expirat. Cereți clinicii altul.",
    en: "The link has expired. Ask the clinic for another one.",
  },
  "GONE revoked": {
    ro: "Linkul nu mai este valabil. Dacă formularul mai trebuie semnat, cereți clinicii altul.",
    en: "The link is no longer valid. If the form still has to be signed, ask the clinic for another one.",
  },
  "GONE locked": {
    ro: "Linkul a fost blocat după cinci răspunsuri greșite. Cereți clinicii altul.",
    en: "The link was locked after five wrong answers. Ask the clinic for another one.",
  },
  "FORBIDDEN not_this_person": {
    ro: "Răspunsul nu se potrivește. Mai aveți {attemptsLeft, plural, one {o încercare} few {# încercări} other {# de încercări}}.",
    en: "That is not right. You have {attemptsLeft, plural, one {one more try} other {# more tries}}.",
    details: { attemptsLeft: "number" },
  },
  "UNAUTHENTICATED not_identified": {
    ro: "Spuneți mai întâi cine sunteți.",
    en: "Say first who you are.",
    details: { by: "data" },
  },
  "STATE staff_identify_here": {
    ro: "La clinică, personalul știe cine sunteți: nu este nevoie de identificare.",
    en: "At the clinic staff know who you are: there is nothing to answer.",
  },
  "STATE already_signed": {
    ro: "Formularul este deja semnat. O corectură este un formular nou.",
    en: "The form is signed already. A correction is a new form.",
    details: { signedAt: "data" },
  },
  "STATE not_signed": {
    ro: "Formularul nu este semnat, deci nu are nicio dovadă.",
    en: "The form is not signed, so there is no proof.",
  },
  "STATE signed_in_another_way": {
    ro: "Formularul nu se semnează așa: {mode, select, click_typed {pacientul îl semnează în cont} drawn_kiosk {se semnează pe o tabletă, la clinică} remote_link {pacientul primește un link} other {nu se semnează}}.",
    en: "The form is not signed like this: {mode, select, click_typed {the patient signs it in the portal} drawn_kiosk {it is signed on a tablet at the clinic} remote_link {the patient is sent a link} other {it is not signed}}.",
    details: { mode: "text" },
  },
  "STATE nowhere_to_send": {
    ro: "Pacientul nu are nici e-mail, nici telefon. Adăugați unul, apoi trimiteți linkul.",
    en: "There is neither an address nor a telephone number of the person. Add one, then send the link.",
  },
  "STATE nothing_to_revoke": {
    ro: "Nu este nimic de retras: niciun link și nicio tabletă nu sunt deschise pentru acest formular.",
    en: "There is nothing to take back: no link or tablet is open for this form.",
  },
  "VALIDATION not_agreed": {
    ro: "Confirmați că ați citit și sunteți de acord, apoi semnați.",
    en: "Confirm that you have read it and agree, then sign.",
    details: field,
  },
  "VALIDATION name_not_typed": {
    ro: "Scrieți-vă numele, cu cel puțin o literă și cel mult 200 de caractere.",
    en: "Type your name, with at least one letter and at most 200 characters.",
    details: field,
  },
  "VALIDATION signature_not_drawn": {
    ro: "Desenați semnătura, apoi semnați.",
    en: "Draw your signature, then sign.",
    details: field,
  },
  "VALIDATION signed_twice": {
    ro: "Acest formular se semnează {signature, select, typed {scriind numele} other {desenând semnătura}}, și numai așa.",
    en: "This form is signed by {signature, select, typed {typing the name} other {drawing the signature}}, and by nothing else.",
    details: { signature: "text" },
  },
  "VALIDATION path_invalid": {
    ro: "Liniile din {field} pot avea numai M, L, C, Q, Z și numere, cel mult {most} de caractere.",
    en: "The strokes in {field} may hold M, L, C, Q, Z and numbers only, at most {most} characters.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION signature_image_rejected": {
    ro: "Imaginea semnăturii nu poate fi folosită: trimiteți un PNG de cel mult 1600 x 800 de pixeli și 256 KB.",
    en: "The image of the signature cannot be used: send a PNG of at most 1600 x 800 pixels and 256 KB.",
    details: { field: "text", rejection: "data" },
  },
  "VALIDATION location_invalid": {
    ro: "{field} are latitudine și longitudine, în grade.",
    en: "{field} has a latitude and a longitude, in degrees.",
    details: field,
  },
  "VALIDATION refusal_too_long": {
    ro: "Motivul poate avea cel mult {most} de caractere.",
    en: "The reason may have at most {most} characters.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION no_caregiver_of_the_patient": {
    ro: "Această persoană nu este îngrijitor al pacientului. Alegeți alta.",
    en: "This person is no caregiver of the patient. Choose another one.",
    details: field,
  },
  "VALIDATION no_birth_date": {
    ro: "Clinica nu știe data nașterii pacientului. Trimiteți linkul cu un cod.",
    en: "The clinic does not know the patient's date of birth. Send the link with a code.",
    details: field,
  },
  "VALIDATION no_signature_of_the_specialist": {
    ro: "Încărcați mai întâi imaginea semnăturii la acest specialist și confirmați-o.",
    en: "Upload the image of the signature to this specialist first, and confirm it.",
    details: field,
  },
  "STATE signature_is_kept": {
    ro: "Această semnătură stă pe documente, deci se păstrează. Setați alta în locul ei.",
    en: "This signature stands on documents, so it is kept. Set another one in its place.",
  },
  "CONFLICT text_is_another": {
    ro: "Textul afișat nu mai este cel actual. Reîncărcați formularul, citiți-l și semnați din nou.",
    en: "The text that was shown is not the present one. Load the form again, read it, and sign it.",
    details: field,
  },
  "FORBIDDEN impersonators_do_not_sign": {
    ro: "Într-o sesiune deschisă în numele altcuiva nu se semnează.",
    en: "Nothing is signed in a session that was opened in somebody else's name.",
  },
  "RATE_LIMITED link_sent_often": {
    ro: "Pentru acest formular s-au trimis cinci linkuri într-o zi. Încercați mâine sau semnați la clinică.",
    en: "Five links were sent for this form in a day. Try tomorrow, or have it signed at the clinic.",
    details: { retryAfterSeconds: "seconds" },
  },
} satisfies Texts;
