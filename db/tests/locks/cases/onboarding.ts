import type { LockArea } from "../lock_case.ts";

const people = "'people:' || tests.id('atlas')";
const claim = "tests.id('claim of rica')";
const confirm = `select app_public.confirm_profile_claim(${claim}, '123456', tests.terms('atlas'))`;
const accountOfRica = "app_public.humans where principal_id = tests.id('rica')";
const claimFrom = (contact: string) =>
  `select app_public.request_profile_claim(tests.id('atlas'), '${contact}', 'Rica', 'Registered')`;
const claimByNumber = claimFrom("0722 000 111");
const claimByAddress = claimFrom("rica.registered@people.test");
const enrol = (clinic: string) =>
  `select app_public.enroll_child(tests.id('${clinic}'), tests.terms('${clinic}'), 'Tea', 'Ene', '2018-01-01', 'parent')`;

/** Signing up, claiming by a code, and what a new clinic is given. FND-32, FRM-03. */
export const onboarding: LockArea = {
  furniture: `
    select tests.person('rica');
    select tests.patient('rica registered', 'atlas', account => false, email => 'rica.registered@people.test');
    with code as (
      insert into app_private.codes (organization_id, salt, digest, expires_at)
      values (tests.id('atlas'), '$2a$04$abcdefghijklmnopqrstuu', app_private.code_digest('123456', '$2a$04$abcdefghijklmnopqrstuu'),
        app_hidden.now() + interval '15 minutes')
      returning organization_id, id
    )
    insert into app_private.profile_claims (organization_id, human_id, code_id, patient_profile_id)
    select organization_id, tests.id('rica'), id, tests.id('rica registered') from code;
    select tests.remember('claim of rica', id) from app_private.profile_claims where human_id = tests.id('rica')`,
  cases: [
    {
      lock: "app_public.request_profile_claim: app_private.lock_account",
      as: "rica",
      rows: accountOfRica,
      call: claimByNumber,
      limit: { of: "app_public.request_profile_claim: many_claims", another: claimByAddress },
    },
    {
      lock: "app_public.request_profile_claim: pg_advisory_xact_lock",
      as: "rica",
      key: "'claims of ' || tests.id('rica registered at atlas')",
      call: claimByNumber,
      limit: { of: "app_public.request_profile_claim: nothing is sent", another: claimByAddress },
    },
    {
      lock: "app_public.enroll_child: app_private.lock_account",
      as: "rica",
      rows: accountOfRica,
      call: enrol("atlas"),
      limit: { of: "app_public.enroll_child: many_children", another: enrol("boreal") },
    },
    {
      lock: "app_public.confirm_profile_claim: for update",
      as: "rica",
      rows: `app_private.profile_claims where id = ${claim}`,
      call: confirm,
    },
    {
      lock: "app_private.try_code: for update",
      as: "rica",
      rows: `app_private.codes where id = (select code_id from app_private.profile_claims where id = ${claim})`,
      call: confirm,
    },
    {
      lock: "app_public.confirm_profile_claim: for update of patient_profiles",
      as: "rica",
      rows: "app_public.patient_profiles where id = tests.id('rica registered')",
      call: confirm,
    },
    {
      lock: "app_public.join_clinic: app_private.lock_people",
      as: "rica",
      key: people,
      call: "select app_public.join_clinic(tests.id('atlas'), tests.terms('atlas'), 'Rica', 'Ene', '1990-01-01')",
    },
    {
      lock: "app_public.enroll_child: app_private.lock_people",
      as: "rica",
      key: people,
      call: enrol("atlas"),
    },
    {
      lock: "app_private.give_predefined_forms: for no key update",
      as: "the database",
      rows: "app_public.organizations where id = tests.id('atlas')",
      call: "select app_private.give_predefined_forms(tests.id('atlas'))",
    },
  ],
};
