import type { LockArea } from "../lock_case.ts";

const account = (name: string) => `(select principal_id from tests.personas where name = '${name}')`;
const atlas = "app_public.organizations where id = tests.id('atlas')";
const people = "'people:' || tests.id('atlas')";
const invitation = "tests.id('invitation of nora')";
const membership = (name: string) =>
  `app_public.memberships where id = tests.membership_id('${name}', 'atlas')`;
const nameACaregiver = (name: string) =>
  `select app_public.add_caregiver(tests.id('atlas'), tests.id('ana'), '${name}@people.test', '${name}', 'spouse', 'Seen')`;
const signIn =
  "select app_hidden.sign_in('https://tests', 'fresh', 'session', 'fresh@people.test', true, 'Fresh', 'ro', null)";
const tellOfAna =
  "select app_hidden.update_identity('https://tests', 'ana', now(), 'ana.new@people.test', true, 'Ana', 'ro', false)";
const merge =
  "select app_public.merge_patients(tests.id('bogdan at atlas'), tests.id('petra at atlas'), 'Registered twice')";
const unmerge = "select app_public.undo_patient_merge(tests.id('merge of zoe'), 'They are two')";

/** Accounts, memberships, invitations and who is whose patient. FND-02, FND-03, FND-04, FND-07, FND-25, FND-34. */
export const identity: LockArea = {
  furniture: `
    select tests.person('nora', 'nora.of.atlas@people.test');
    insert into app_public.memberships (organization_id, human_id, ended_at)
    values (tests.id('atlas'), tests.id('nora'), app_hidden.now());
    select tests.remember('invitation of nora', id) from app_public.invitations where email = 'nora.of.atlas@people.test';
    select tests.patient('petra', 'atlas', account => false, email => 'nora.of.atlas@people.test');
    insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at)
    values (tests.id('atlas'), 'patient', 'nora.of.atlas@people.test', 'Petra Popescu', tests.id('petra'), tests.id('flavia'),
      app_hidden.now() + interval '14 days');
    select tests.remember('invitation of petra', id) from app_public.invitations where patient_profile_id = tests.id('petra');
    select tests.remember('merge of zoe', id) from app_public.patient_merges where merged_profile_id = tests.id('zoe')`,
  cases: [
    {
      lock: "app_private.first_sign_in: pg_advisory_xact_lock",
      as: "the authenticator",
      key: "'sign_in:fresh@people.test'",
      call: signIn,
    },
    {
      lock: "app_private.human_by_email: pg_advisory_xact_lock",
      as: "the authenticator",
      key: "'human:fresh@people.test'",
      call: signIn,
    },
    {
      lock: "app_private.human_by_email: for no key update",
      as: "ana",
      rows: `app_public.humans where principal_id = ${account("bogdan")}`,
      call: nameACaregiver("bogdan"),
    },
    {
      lock: "app_public.add_caregiver: for share of patient_profiles",
      as: "ana",
      rows: "app_public.patient_profiles where id = tests.id('ana')",
      call: nameACaregiver("bogdan"),
    },
    {
      lock: "app_hidden.end_identity: for no key update",
      as: "the worker",
      rows: `app_public.humans where principal_id = ${account("ana")}`,
      call: "select app_hidden.end_identity('https://tests', 'ana')",
    },
    {
      lock: "app_hidden.update_identity: for update",
      as: "the worker",
      rows: "app_private.identities where subject = 'ana'",
      call: tellOfAna,
    },
    {
      lock: "app_hidden.update_identity: pg_advisory_xact_lock",
      as: "the worker",
      key: "'human:ana.new@people.test'",
      call: tellOfAna,
    },
    {
      lock: "app_hidden.end_provider_membership: for update of memberships",
      as: "the worker",
      rows: membership("flavia"),
      call: "select app_hidden.end_provider_membership('https://tests', 'org_atlas', 'flavia', now())",
    },
    {
      lock: "app_private.locked_membership: for update",
      as: "olga",
      rows: membership("flavia"),
      call: "select app_public.end_membership(tests.membership_id('flavia', 'atlas'))",
    },
    {
      lock: "app_private.require_another_owner: for no key update",
      as: "olga",
      rows: atlas,
      call: "select app_public.end_membership(tests.membership_id('olga', 'atlas'))",
    },
    {
      lock: "app_public.end_membership: app_private.require_another_owner",
      as: "olga",
      rows: atlas,
      call: "select app_public.end_membership(tests.membership_id('olga', 'atlas'))",
    },
    {
      lock: "app_public.revoke_role: app_private.require_another_owner",
      as: "olga",
      rows: atlas,
      call: "select app_public.revoke_role(tests.membership_id('olga', 'atlas'), tests.role_id('owner', 'atlas'))",
    },
    {
      lock: "app_hidden.end_provider_membership: app_private.require_another_owner",
      as: "the worker",
      rows: atlas,
      call: "select app_hidden.end_provider_membership('https://tests', 'org_atlas', 'olga', now())",
    },
    {
      lock: "app_private.invite_to_profile: app_private.require_patient",
      as: "olga",
      rows: "app_public.patients where id = tests.id('petra at atlas')",
      call: "select app_public.invite_patient(tests.id('atlas'), tests.id('petra'))",
    },
    {
      lock: "app_private.open_invitation: pg_advisory_xact_lock",
      as: "olga",
      key: "'invitations of ' || tests.id('atlas')",
      call: "select app_public.invite_patient(tests.id('atlas'), tests.id('petra'), 'petra@people.test')",
      limit: {
        of: "app_private.open_invitation: many_invitations",
        another:
          "select app_public.invite_member(tests.id('atlas'), 'ines@people.test', 'Ines', array[tests.role_id('front_desk', 'atlas')])",
      },
    },
    {
      lock: "app_private.locked_invitation: for update",
      as: "olga",
      rows: `app_public.invitations where id = ${invitation}`,
      call: `select app_public.revoke_invitation(${invitation})`,
      limit: {
        of: "app_private.send_invitation: sent_often",
        another: `select app_public.resend_invitation(${invitation})`,
      },
    },
    {
      lock: "app_private.send_invitation: pg_advisory_xact_lock",
      as: "olga",
      key: "'invitation:' || tests.id('atlas') || ':nora.of.atlas@people.test'",
      call: `select app_public.resend_invitation(${invitation})`,
      limit: {
        of: "app_private.send_invitation: invited_often",
        another: "select app_public.resend_invitation(tests.id('invitation of petra'))",
      },
    },
    {
      lock: "app_private.invitation_to_me: for update of invitations",
      as: "nora",
      rows: `app_public.invitations where id = ${invitation}`,
      call: `select app_public.decline_invitation(${invitation})`,
    },
    {
      lock: "app_public.accept_invitation: for update",
      as: "nora",
      rows: membership("nora"),
      call: `select app_public.accept_invitation(${invitation})`,
    },
    {
      lock: "app_public.accept_invitation: for update of patient_profiles",
      as: "nora",
      rows: "app_public.patient_profiles where id = tests.id('petra')",
      call: "select app_public.accept_invitation(tests.id('invitation of petra'), 'Petra', 'Popescu', null, tests.terms('atlas'))",
    },
    {
      lock: "app_public.appoint_owner: for update",
      as: "root",
      rows: "app_public.organizations where id = tests.id('cetus')",
      call: "select app_public.appoint_owner(tests.id('cetus'), 'oana@people.test', 'Oana')",
    },
    {
      lock: "app_public.claim_patient_profiles: for update of patient_profiles",
      as: "nora",
      rows: "app_public.patient_profiles where id = tests.id('petra')",
      call: "select app_public.claim_patient_profiles('Petra', 'Popescu')",
    },
    {
      lock: "app_private.lock_people: pg_advisory_xact_lock",
      as: "flavia",
      key: people,
      call: "select app_public.create_patient(tests.id('atlas'), 'Ina', 'Rusu')",
    },
    {
      lock: "app_public.create_patient: app_private.lock_people",
      as: "flavia",
      key: people,
      call: "select app_public.create_patient(tests.id('atlas'), 'Ina', 'Rusu')",
    },
    {
      lock: "app_public.remove_patient: app_private.lock_people",
      as: "olga",
      key: people,
      call: "select app_public.remove_patient(tests.id('petra at atlas'))",
    },
    { lock: "app_public.merge_patients: app_private.lock_people", as: "olga", key: people, call: merge },
    {
      lock: "app_public.merge_patients: for update",
      as: "olga",
      rows: "app_public.patients where id = tests.id('petra at atlas')",
      call: merge,
    },
    {
      lock: "app_public.merge_patients: for update (2)",
      as: "olga",
      rows: "app_public.patient_profiles where id = tests.id('petra')",
      call: merge,
    },
    {
      lock: "app_public.undo_patient_merge: app_private.lock_people",
      as: "olga",
      key: people,
      call: unmerge,
    },
    {
      lock: "app_public.undo_patient_merge: for update",
      as: "olga",
      rows: "app_public.patient_merges where id = tests.id('merge of zoe')",
      call: unmerge,
    },
    {
      lock: "app_public.undo_patient_merge: for update (2)",
      as: "olga",
      rows: "app_public.patients where id = tests.id('bogdan at atlas')",
      call: unmerge,
    },
  ],
};
