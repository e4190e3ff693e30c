import type { Texts } from "./text.ts";

const claim = { claim: "text?" } as const;

/**
 * A session token that does not open anything. A person can sign in again; what a frontend or its identity provider
 * has to mend stands behind it, for whoever sets them up.
 */
export const signInTexts = {
  "UNAUTHENTICATED token_expired": {
    ro: "Sesiunea a expirat. Conectați-vă din nou.",
    en: "The session has expired. Sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED token_not_yet_valid": {
    ro: "Sesiunea nu este încă valabilă. Verificați ceasul dispozitivului și conectați-vă din nou.",
    en: "The session is not valid yet. Check the clock of the device and sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED token_malformed": {
    ro: "Sesiunea nu poate fi citită. Conectați-vă din nou.",
    en: "The session token cannot be read. Sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED token_missing": {
    ro: 'Conectați-vă mai întâi. (Conexiunea cere \'{"authorization": "Bearer …"}\' în connection_init.)',
    en: 'Sign in first. (Send \'{"authorization": "Bearer …"}\' as the payload of connection_init.)',
  },
  "UNAUTHENTICATED algorithm_refused": {
    ro: "Sesiunea nu este semnată cu RS256. Conectați-vă din nou.",
    en: "The session token is not signed with RS256. Sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED key_unknown": {
    ro: "Sesiunea este semnată cu o cheie necunoscută. Conectați-vă din nou.",
    en: "The session token is signed with a key that is not known. Sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED signature_invalid": {
    ro: "Semnătura nu este valabilă. Conectați-vă din nou; o livrare se semnează cu secretul acestei adrese.",
    en: "The signature does not verify. Sign in again; a delivery is signed with the secret of this address.",
    details: claim,
  },
  "UNAUTHENTICATED header_repeated": {
    ro: "Cererea are mai multe antete Authorization. Trimiteți unul singur.",
    en: "The request has several Authorization headers. Send one.",
    details: claim,
  },
  "UNAUTHENTICATED scheme_not_bearer": {
    ro: "Antetul Authorization se scrie Bearer și tokenul sesiunii. Conectați-vă din nou.",
    en: "The Authorization header is Bearer and the session token. Sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED session_differs": {
    ro: "Pe această conexiune este altă sesiune. Deschideți altă conexiune.",
    en: "This connection has another session. Open another connection for it.",
  },
  "UNAUTHENTICATED issuer_unknown": {
    ro: "Conectarea vine de la un emitent necunoscut. (CLERK_ISSUER trebuie să fie exact emitentul tokenului.)",
    en: "The sign-in comes from an unknown issuer. (CLERK_ISSUER must be the issuer of the token, to the letter.)",
    details: claim,
  },
  "UNAUTHENTICATED party_not_allowed": {
    ro:
      "Din această pagină nu vă puteți conecta. (Originea ei trebuie să fie în AUTHORIZED_PARTIES; o cerere fără Origin nu " +
      "primește azp.)",
    en:
      "You cannot sign in from this page. (Its origin belongs into AUTHORIZED_PARTIES; a request without an Origin gets " +
      "no azp.)",
    details: claim,
  },
  "UNAUTHENTICATED session_missing": {
    ro:
      "Tokenul nu este al unei sesiuni. Conectați-vă din nou. (Trimiteți getToken(); un token din JWT template nu are sid. " +
      "Vedeți docs/guides/sign_in.md.)",
    en:
      "This is no session token. Sign in again. (Send getToken(); a token of a JWT template has no sid. See " +
      "docs/guides/sign_in.md.)",
    details: claim,
  },
  "UNAUTHENTICATED subject_missing": {
    ro: "Tokenul nu numește pe nimeni. Conectați-vă din nou.",
    en: "The token names nobody. Sign in again.",
    details: claim,
  },
  "UNAUTHENTICATED claims_malformed": {
    ro: "Valoarea {claim} din token nu este ce trebuie. (docs/guides/sign_in.md spune ce poartă tokenul sesiunii.)",
    en: "The claim {claim} of the token is not what it should be. (docs/guides/sign_in.md says what a session token carries.)",
    details: claim,
  },
  "UNAUTHENTICATED session_pending": {
    ro: "Conectarea nu este încheiată. Terminați pasul care lipsește.",
    en: "The sign-in still lacks a step. Finish it.",
    details: claim,
  },
  "UNAUTHENTICATED impersonation_refused": {
    ro: "Aici nimeni nu lucrează în numele altcuiva. Conectați-vă cu propriul cont.",
    en: "Nobody acts as somebody else here. Sign in as yourself.",
    details: claim,
  },
  "UNAUTHENTICATED email_missing": {
    ro:
      "Conectarea nu aduce o adresă de email. (În tokenul sesiunii lipsește email: docs/guides/sign_in.md spune cum se " +
      "adaugă.)",
    en:
      "The sign-in carries no email address. (The session token lacks the claim email: docs/guides/sign_in.md says how to " +
      "add it.)",
    details: claim,
  },
  "UNAUTHENTICATED email_verified_missing": {
    ro:
      "Conectarea nu spune dacă adresa este confirmată. (În tokenul sesiunii lipsește email_verified: docs/guides/sign_in.md " +
      "spune cum se adaugă.)",
    en:
      "The sign-in does not say whether the address is verified. (The session token lacks the claim email_verified: " +
      "docs/guides/sign_in.md says how to add it.)",
    details: claim,
  },
} as const satisfies Texts;
