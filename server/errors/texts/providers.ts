import type { Texts } from "./text.ts";

const field = { field: "text" } as const;
const capability = { capability: "text" } as const;

/** Vendors, and the accounts that clinics have there. */
export const providerTexts = {
  "VALIDATION capability_unknown": {
    ro: "O asemenea funcție nu există. Alegeți una din serviceCapabilities.",
    en: "There is no such capability. Choose one that serviceCapabilities lists.",
    details: field,
  },
  "CAPABILITY_NOT_BUILT capability_not_built": {
    ro: "Funcția {capability} este prevăzută pentru mai târziu. Alegeți alta.",
    en: "{capability} is declared for later; nothing implements it yet. Choose another.",
    details: capability,
  },
  "CAPABILITY_NOT_BUILT test_not_built": {
    ro: "Conturile de la {provider} nu pot fi încă testate. Folosiți contul fără test.",
    en: "Accounts at {provider} cannot be tested yet. Go on without the test.",
    details: { provider: "text" },
  },
  "VALIDATION integration_required": {
    ro: "Platforma nu are cont acolo. Introduceți-l pe al clinicii cu saveIntegration și alegeți-l aici.",
    en: "The platform has no account there. Enter your own with saveIntegration and name it here.",
    details: field,
  },
  "VALIDATION provider_not_offered": {
    ro: "Furnizorul nu este oferit pentru această funcție. Alegeți unul din serviceProviders și platformServiceProviders.",
    en: "The provider is not offered for this. Choose one of serviceProviders and platformServiceProviders.",
    details: field,
  },
  "STATE test_must_pass_first": {
    ro: "Contul trebuie testat înainte (testIntegration). După un test reușit poate fi activat.",
    en: "Test the integration first (testIntegration). When the test passes, it can be enabled.",
    details: { from: "text", to: "text" },
  },
  "CONFLICT changed_during_test": {
    ro: "Contul a fost schimbat în timpul testului. Testați-l din nou.",
    en: "The account was changed or switched while it was tested. Test it again.",
  },
  "CONFLICT integration_in_use": {
    ro: "Contul este folosit pentru: {capabilities}. Alegeți mai întâi alt furnizor pentru ele.",
    en: "The account serves {capabilities}. Choose another provider for them first.",
    details: { capabilities: "texts" },
  },
  "STATE integration_disabled": {
    ro: "Contul propriu al clinicii este oprit. Testați-l și activați-l sau alegeți alt furnizor.",
    en: "The clinic's own account is switched off. Test and enable it, or choose another provider.",
    details: { capability: "text", provider: "text", integrationId: "text" },
  },
  "STATE provider_missing": {
    ro: "Platforma nu are un furnizor implicit pentru {capability}. Adresați-vă platformei sau alegeți unul propriu.",
    en: "The platform has no default for {capability}. Ask the platform, or choose a provider of your own.",
    details: capability,
  },
  "VALIDATION setting_invalid": {
    ro: "Valoarea din {field} nu este potrivită. Vedeți în settingsFields ce se scrie acolo.",
    en: "What stands in {field} does not fit. See the settingsFields of this provider for what belongs there.",
    details: field,
  },
  "CONFLICT default_needs_a_successor": {
    ro: "Furnizorul implicit nu se poate doar scoate. Faceți mai întâi altul implicit.",
    en: "A default cannot just go. Make another provider the default instead.",
    details: capability,
  },
  "CONFLICT platform_account_in_use": {
    ro: "Clinici folosesc acolo contul platformei. Ele trebuie să aleagă mai întâi altceva.",
    en: "Clinics use the platform's account there. They must choose something else first.",
    details: capability,
  },
  "VALIDATION default_needs_an_account": {
    ro: "Clinicile care nu aleg nimic folosesc contul platformei, deci furnizorul implicit trebuie să aibă unul. Setați hasPlatformAccount.",
    en: "Clinics that choose nothing use the platform's account, so the default must have one. Say that it has.",
    details: field,
  },
  "VALIDATION credentials_required": {
    ro: "Cheile păstrate au fost introduse pentru altă destinație. Introduceți-le din nou, împreună cu setările noi.",
    en: "The stored keys were entered for another destination. Enter them again together with the new settings.",
    details: field,
  },
  "VALIDATION credential_unknown": {
    ro: "Câmpul {field} nu există la acest furnizor sau apare de două ori. Dați fiecare cheie din: {legal}, o singură dată.",
    en: "There is no {field} at this provider, or it came twice. Give each of {legal} once, and nothing else.",
    details: { field: "text", legal: "texts" },
  },
  "VALIDATION credential_missing": {
    ro: "Lipsește {field}. Copiați-l așa cum îl arată furnizorul.",
    en: "{field} is missing. Copy it as the vendor shows it.",
    details: field,
  },
  "VALIDATION credential_invalid": {
    ro: "{field} are între 1 și 4096 de caractere, așa cum îl arată furnizorul. Copiați-l din nou.",
    en: "{field} is 1 to 4096 characters, as the vendor shows it. Copy it again.",
    details: field,
  },
  "UNAVAILABLE tests_busy": {
    ro: "Se testează prea multe conturi deodată. Încercați din nou peste câteva clipe.",
    en: "Too many accounts are being tested at once. Try again in a moment.",
  },
  "UNAVAILABLE kms_unavailable": {
    ro:
      "Serviciul de chei nu răspunde, deci ce este criptat nu poate fi citit sau scris. Restul funcționează; încercați " +
      "din nou peste câteva clipe.",
    en:
      "The key service does not answer, so what is encrypted cannot be read or written. The rest works; try again in a " +
      "moment.",
  },

  "VALIDATION body_malformed": {
    ro: "Livrarea nu are forma pe care o trimite acest furnizor. Verificați ce trimite.",
    en: "The delivery is not of the shape that this vendor sends. Check what is sent.",
  },
  "UNAUTHENTICATED signature_missing": {
    ro: "Livrarea nu este semnată. Semnați-o cu secretul acestei adrese.",
    en: "The delivery is not signed. Sign it with the secret of this address.",
  },
  "UNAUTHENTICATED timestamp_too_old": {
    ro: "Livrarea a fost semnată prea demult. Semnați-o din nou cu secretul acestei adrese.",
    en: "The delivery was signed too long ago. Sign it again with the secret of this address.",
  },
  "UNAVAILABLE certificates_busy": {
    ro: "Certificatul semnăturii nu poate fi adus acum. Trimiteți din nou peste câteva clipe.",
    en: "The certificate of the signature cannot be fetched now. Send the notice again in a moment.",
  },
} as const satisfies Texts;
