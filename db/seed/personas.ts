/**
 * The people of the demo that a token can be minted for: `npm run token -- <persona>`. The demo clinic
 * (db/seed) knows them by these addresses; example.com and .example receive no mail (RFC 2606).
 */
export const personas = {
  patient: {
    subject: "dev_patient",
    email: "ioana.muresan@example.com",
    name: "Ioana Mureșan",
    locale: "ro",
  },
  "second-patient": {
    subject: "dev_second_patient",
    email: "vlad.taranu@example.com",
    name: "Vlad Țăranu",
    locale: "en",
  },
  specialist: {
    subject: "dev_specialist",
    email: "mihai.pop@atlas-recuperare.example",
    name: "Mihai Pop",
    locale: "ro",
  },
  "front-desk": {
    subject: "dev_front_desk",
    email: "alina.moldovan@atlas-recuperare.example",
    name: "Alina Moldovan",
    locale: "ro",
  },
  "clinic-admin": {
    subject: "dev_clinic_admin",
    email: "raluca.campean@atlas-recuperare.example",
    name: "Raluca Câmpean",
    locale: "ro",
  },
  superadmin: {
    subject: "dev_superadmin",
    email: "irina.vasilescu@restartix.example",
    name: "Irina Vasilescu",
    locale: "en",
  },
  "other-clinic-admin": {
    subject: "dev_other_clinic_admin",
    email: "bogdan.stanescu@kineto-move.example",
    name: "Bogdan Stănescu",
    locale: "ro",
  },
} as const satisfies Record<string, { subject: string; email: string; name: string; locale: "ro" | "en" }>;

export type Persona = keyof typeof personas;
