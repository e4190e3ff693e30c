import type { LockArea } from "../lock_case.ts";

const ana = "app_public.patients where id = tests.id('ana at atlas')";
const anasAppointment = "app_public.appointments where id = tests.id('ana''s appointment at atlas')";
const leave = "select app_public.withdraw_consent('org_terms', tests.id('ana at atlas'))";

/** Consents: who relies on one, and who gives or withdraws it. FND-17, CNS-03. */
export const consents: LockArea = {
  furniture: "",
  cases: [
    {
      lock: "app_private.add_consent_version: pg_advisory_xact_lock",
      as: "adrian",
      key: "'consent_versions:' || tests.id('atlas')",
      call: "select app_public.publish_consent_version(tests.id('atlas'), 'org_terms', 'Termeni', 'Sunt de acord.')",
    },
    {
      lock: "app_private.hold_consents: for share",
      as: "the engine",
      rows: ana,
      call: "select app_private.hold_consent(tests.id('atlas'), tests.id('ana'), 'org_terms')",
    },
    {
      lock: "app_private.hold_consents: for share of consents",
      as: "the engine",
      rows: "app_public.consents where patient_profile_id = tests.id('ana') and purpose_code = 'org_terms'",
      call: "select app_private.hold_consent(tests.id('atlas'), tests.id('ana'), 'org_terms')",
    },
    {
      lock: "app_private.lock_account: for no key update",
      as: "ana",
      rows: "app_public.humans where email = 'ana@people.test'",
      call: "select app_public.withdraw_consent('analytics')",
    },
    {
      lock: "app_private.lock_consents: for no key update",
      as: "the engine",
      rows: ana,
      call: "select app_private.lock_consents(tests.id('atlas'), tests.id('ana at atlas'))",
    },
    {
      lock: "app_public.give_consent: for no key update",
      as: "ana",
      rows: ana,
      call: `select app_public.give_consent(
        (select id from app_public.consent_purpose_versions where purpose_code = 'org_terms' and organization_id is null),
        tests.id('ana at atlas'))`,
    },
    {
      lock: "app_public.withdraw_consent: app_private.lock_people",
      as: "ana",
      key: "'people:' || tests.id('atlas')",
      call: leave,
    },
    {
      lock: "app_private.remove_who_withdrew: for update",
      as: "ana",
      rows: anasAppointment,
      call: leave,
    },
    {
      // Of each visit its day is locked again when it is taken off.
      lock: "app_private.remove_who_withdrew: app_private.lock_claims",
      as: "ana",
      key: `(
        select specialist_id || ' ' || (lower(blocked) at time zone 'UTC')::date from app_private.time_claims
        where id = (select claim_id from ${anasAppointment}))`,
      call: leave,
    },
    {
      lock: "app_public.withdraw_consent: for no key update",
      as: "ana",
      rows: ana,
      call: "select app_public.withdraw_consent('marketing_sms', tests.id('ana at atlas'))",
    },
    {
      lock: "app_public.withdraw_medical_consents: for no key update",
      as: "ana",
      rows: ana,
      call: "select app_public.withdraw_medical_consents(tests.id('ana at atlas'))",
    },
  ],
};
