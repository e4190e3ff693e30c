import type { LockArea } from "../lock_case.ts";

const ana = "app_public.patients where id = tests.id('ana at atlas')";
const block = "app_public.booking_blocks where id = tests.id('standing block')";

/** What a patient needs before a booking, and who may not book by themselves. APT-06, APT-09. */
export const readiness: LockArea = {
  furniture: `
    with block as (
      insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, blocked_by)
      select tests.id('atlas'), tests.id('elena'), 'Missed three', principal_id from tests.personas where name = 'adrian'
      returning id)
    select tests.remember('standing block', id) from block;
    select tests.booking_request('taken in', 'busy', 'luca', date_trunc('day', app_hidden.now()) + interval '2 days 14 hours', 'nobody@people.test');
    update app_public.booking_requests set patient_profile_id = tests.id('ana') where id = tests.id('taken in');
    select tests.patient('guest made', 'atlas', account => false);
    select tests.booking_request('made', 'busy', 'luca', date_trunc('day', app_hidden.now()) + interval '2 days 16 hours', 'made@people.test');
    update app_public.booking_requests set patient_profile_id = tests.id('guest made'), has_made_patient = true where id = tests.id('made');
    insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, blocked_by)
    select tests.id('atlas'), tests.id('guest made'), 'Known otherwise', principal_id from tests.personas where name = 'adrian'`,
  cases: [
    {
      lock: "app_private.make_forms_ahead: pg_advisory_xact_lock",
      as: "ana",
      key: "'forms_ahead:' || tests.id('ana at atlas')",
      call: "select app_public.prepare_booking(tests.id('calendar of atlas'), tests.id('ana'))",
    },
    {
      lock: "app_public.prepare_booking: app_private.require_to_book",
      as: "ana",
      rows: ana,
      call: "select app_public.prepare_booking(tests.id('busy'), tests.id('ana'))",
    },
    {
      lock: "app_private.patient_for_request: app_private.require_patient (2)",
      as: "flavia",
      rows: ana,
      call: "select app_public.take_in_guest(tests.id('taken in'))",
    },
    {
      lock: "app_private.say_who_it_is: app_private.lock_people",
      as: "flavia",
      key: "'people:' || tests.id('atlas')",
      call: "select app_public.take_in_guest(tests.id('made'))",
    },
    {
      lock: "app_private.let_go_of_guest: for update",
      as: "flavia",
      rows: "app_public.patients where patient_profile_id = tests.id('guest made')",
      call: "select app_public.reject_booking_request(tests.id('made'))",
    },
    {
      lock: "app_private.patient_to_block: for no key update",
      as: "flavia",
      rows: ana,
      call: "select app_public.block_booking(tests.id('ana at atlas'), 'Missed three')",
    },
    {
      lock: "app_private.decide_booking_block: for no key update",
      as: "flavia",
      rows: block,
      call: "select app_public.lift_booking_block(tests.id('standing block'), 'Came to talk')",
    },
    {
      lock: "app_public.contest_booking_block: for no key update",
      as: "elena",
      rows: block,
      call: "select app_public.contest_booking_block(tests.id('standing block'), 'I was ill')",
    },
  ],
};
