import type { Texts } from "./text.ts";

const field = { field: "text" } as const;

/** Accounts, members, roles and invitations; clinics and who opens them. */
export const identityTexts = {
  "UNAUTHENTICATED not_signed_in": { ro: "Conectați-vă mai întâi.", en: "Sign in first." },
  "UNAUTHENTICATED account_disabled": {
    ro: "Contul este închis. Adresați-vă clinicii.",
    en: "This account is closed. Ask the clinic.",
  },
  "UNAUTHENTICATED session_revoked": {
    ro: "Sesiunea s-a încheiat. Conectați-vă din nou.",
    en: "This session has ended. Sign in again.",
  },
  "UNAUTHENTICATED human_unknown": { ro: "Conectați-vă din nou.", en: "Sign in again." },
  "UNAUTHENTICATED email_not_verified": {
    ro: "Confirmați-vă adresa de email, apoi conectați-vă din nou.",
    en: "Verify your email address, then sign in again.",
  },
  "FORBIDDEN not_of_this_clinic": {
    ro: "Nu faceți parte din această clinică, nici ca personal, nici ca pacient. Alegeți altă clinică.",
    en: "You are neither staff nor patient of the clinic in X-Organization. Choose another.",
  },
  "FORBIDDEN permission_missing": {
    ro: "Vă lipsește permisiunea {permission}. Cereți-o unui administrator al clinicii.",
    en: "Ask an administrator of your clinic for the permission {permission}.",
    details: { permission: "text" },
  },
  "FORBIDDEN above_yourself": {
    ro: "Puteți da sau lua numai permisiuni pe care le aveți și dumneavoastră. Adresați-vă cuiva care are mai multe.",
    en: "You can only give or take what you hold yourself. Ask someone who holds more.",
    details: { permissions: "texts" },
  },
  "VALIDATION permission_unknown": {
    ro: "Permisiunea {permission} nu există. Alegeți din lista de permisiuni.",
    en: "There is no permission {permission}. Choose from the list of permissions.",
    details: { field: "text", permission: "text" },
  },
  "VALIDATION permissions_missing": {
    ro: "Alegeți ce permite rolul; și o listă goală este un răspuns.",
    en: "Say what the role allows; an empty list is an answer.",
    details: field,
  },
  "IMMUTABLE system_role": {
    ro: "Aceasta este cheia unui rol al sistemului. Alegeți alta.",
    en: "This is the key of a system role. Choose another.",
    details: field,
  },
  "VALIDATION role_missing": {
    ro: "Alegeți cel puțin un rol.",
    en: "Choose at least one role.",
    details: field,
  },
  "VALIDATION role_not_found": {
    ro: "Alegeți un rol al acestei clinici.",
    en: "Choose a role of this clinic.",
    details: field,
  },
  "NOT_FOUND role_not_held": {
    ro: "Persoana nu are acest rol. Reîncărcați pagina.",
    en: "This member does not hold that role. Reload the page.",
  },
  "NOT_FOUND membership_not_found": {
    ro: "În clinică nu există acest membru. Reîncărcați lista.",
    en: "There is no such member at your clinic. Reload the list.",
  },
  "STATE last_owner": {
    ro: "Clinica ar rămâne fără proprietar. Numiți mai întâi altul.",
    en: "The clinic would have no owner. Name another owner first.",
  },

  "CONFLICT already_a_member": {
    ro: "Persoana este deja membră. Schimbați-i rolurile, dacă este nevoie.",
    en: "This person is a member already. Change their roles if need be.",
    details: field,
  },
  "CONFLICT already_invited": {
    ro: "La această adresă există deja o invitație. Trimiteți-o din nou sau retrageți-o.",
    en: "An invitation to this address is open. Send it again, or revoke it.",
    details: field,
  },
  "CONFLICT caregiver_is_not_the_patient": {
    ro: "Sunteți aparținătorul acestei persoane. Clinica are nevoie de adresa ei proprie: spuneți-i-o.",
    en: "You act for this person. The clinic needs the person's own address: give it to them.",
  },
  "NOT_FOUND invitation_not_found": {
    ro: "Invitația nu există pentru acest cont. Conectați-vă cu adresa la care a fost trimisă.",
    en: "There is no such invitation. Sign in with the address that it was sent to.",
  },
  "GONE invitation_is_over": {
    ro: "Invitația nu mai este valabilă. Cereți clinicii alta.",
    en: "This invitation is over. Ask the clinic for another one.",
    details: { status: "text" },
  },
  "STATE invitation_is_over": {
    ro: "Invitația nu mai este deschisă. Trimiteți alta, dacă este nevoie.",
    en: "This invitation is over. Make another one if need be.",
    details: { status: "text" },
  },
  "STATE invitation_declined": {
    ro: "Persoana a refuzat în ultimele 30 de zile. Întrebați-o pe altă cale.",
    en: "This person declined within the last 30 days. Ask them another way.",
    details: field,
  },
  "STATE sent_often": {
    ro: "Invitația a fost trimisă de cinci ori. Retrageți-o și întrebați persoana pe altă cale.",
    en: "This invitation was sent five times. Revoke it, and ask the person another way.",
  },
  "RATE_LIMITED invited_often": {
    ro: "La această adresă s-a scris de trei ori într-o zi. Încercați din nou peste {retryAfterSeconds}.",
    en: "This address was written to three times within a day. Try again in {retryAfterSeconds}.",
    details: { field: "text", retryAfterSeconds: "seconds" },
  },
  "RATE_LIMITED many_invitations": {
    ro: "O clinică invită cel mult 200 de persoane pe zi. Continuați peste {retryAfterSeconds}.",
    en: "A clinic invites up to 200 people a day. Go on in {retryAfterSeconds}.",
    details: { retryAfterSeconds: "seconds" },
  },
  "GONE profile_is_gone": {
    ro: "Fișa pentru care ați fost invitat nu mai există. Cereți clinicii o invitație nouă.",
    en: "The record that you were invited to is gone. Ask the clinic to invite you again.",
  },
  "GONE role_is_gone": {
    ro: "Rolul din invitație nu mai există. Cereți clinicii o invitație nouă.",
    en: "The role in the invitation is gone. Ask the clinic to invite you again.",
  },
  "GONE inviter_may_no_longer": {
    ro: "Cine v-a invitat nu mai are acest drept. Cereți clinicii o invitație nouă.",
    en: "Whoever invited you may no longer do so. Ask the clinic to invite you again.",
  },

  "NOT_FOUND organization_not_found": {
    ro: "Clinica nu există. Verificați identificatorul.",
    en: "There is no such clinic. Check its id.",
  },
  "NOT_FOUND draft_not_found": {
    ro: "Nu există o clinică neactivată cu acest identificator. Verificați-l.",
    en: "There is no draft clinic with this id. Check it.",
  },
  "CONFLICT clinic_has_members": {
    ro: "Clinica are sau a avut membri: proprietarii ei decid cine se alătură. Adresați-vă lor.",
    en: "This clinic has, or had, members: its owners decide who joins them. Ask them.",
  },
  "VALIDATION tenancy_mode_not_built": {
    ro: "Alegeți modul shared: altul nu este disponibil.",
    en: "Only shared tenancy is available. Choose it.",
    details: field,
  },
  "CONFLICT account_disabled": {
    ro: "Contul cu această adresă este închis. Indicați altă adresă.",
    en: "The account with this address is closed. Name another one.",
    details: field,
  },
  "CONFLICT platform_has_a_superadmin": {
    ro: "Platforma are deja un administrator. Conectați-vă și folosiți createOrganization sau adăugați --another.",
    en:
      "A superadmin is there already. Sign in and use createOrganization, or add --another if a further superadmin " +
      "is meant.",
  },
  "CONFLICT slug_taken": {
    ro: "Există deja o clinică cu acest nume în adresă, iar proprietarul este altcineva. Alegeți altul.",
    en: "There is a clinic with this slug, and somebody else owns it. Choose another.",
    details: field,
  },
} as const satisfies Texts;
