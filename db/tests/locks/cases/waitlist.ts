import type { LockArea } from "../lock_case.ts";

const waitlist = "'waitlist:' || tests.id('atlas')";
const visitor = "'visitor:' || md5('a visitor')::uuid";
const fromAnAddress = "select set_config('app.ip', '203.0.113.9', true)";
const asAnother = "select set_config('app.visitor_id', md5('another visitor')::uuid::text, true)";
const join = (calendar = "busy") =>
  `select app_public.join_waitlist(tests.id('${calendar}'), current_date, current_date + 30, given_name => 'G', family_name => 'F',
     email => 'lock@people.test', phone => '+40722000777')`;
const joinForAna =
  "select app_public.join_waitlist(tests.id('busy'), current_date, current_date + 30, patient_profile_id => tests.id('ana'))";
const ana =
  "app_public.patients where patient_profile_id = tests.id('ana') and organization_id = tests.id('atlas')";
const claim =
  "(select tc from app_private.time_claims tc join app_public.waitlist_offers o on o.claim_id = tc.id where o.id = tests.id('lock offer'))";
const dayOf = (claimed: string) =>
  `(${claimed}).specialist_id || ' ' || (lower((${claimed}).blocked) at time zone 'UTC')::date`;
const hold = `'hold:' || (${claim}).id`;
const leave = "select app_public.remove_from_waitlist(tests.id('lock entry'))";
const take = "select app_public.take_own_offer(tests.id('lock offer'))";
const visit = "tests.id('ana''s appointment at atlas')";
const visitsClaim = `(select tc from app_private.time_claims tc join app_public.appointments a on a.claim_id = tc.id where a.id = ${visit})`;
const add = `select app_public.add_to_appointment(${visit}, tests.id('massage at atlas'), minutes => 5)`;
const ofVisit = (table: string, column: string) =>
  `app_public.${table} where id = (select a.${column} from app_public.appointments a where a.id = ${visit})`;

/** Who waits and what is offered to whom; what is added to an appointment. SCH-10, APT-02, FND-35. */
export const waitlists: LockArea = {
  furniture: `
    update app_public.organizations set reminders_from = '00:00', reminders_until = '23:59:59.9' where id = tests.id('atlas');
    with made as (
      insert into app_public.waitlist_entries
        (organization_id, calendar_id, starts_on, ends_on, given_name, family_name, email, phone, locale, token_hash)
      values (tests.id('atlas'), tests.id('busy'), current_date, current_date + 30, 'L', 'F', 'lock.offered@people.test', '+40722000888',
              'ro', sha256('lock entry'))
      returning id)
    select tests.remember('lock entry', made.id) from made;
    select tests.remember('lock offer', (app_private.make_offer(
      e, c, tests.start_of_kept() + interval '3 days 4 hours', tests.id('mara'), app_hidden.now() + interval '1 day')).id)
    from app_public.waitlist_entries e
    join app_public.calendars c on c.id = e.calendar_id
    where e.id = tests.id('lock entry')`,
  cases: [
    {
      lock: "app_private.lock_waitlist: pg_advisory_xact_lock",
      as: "a visitor",
      key: waitlist,
      call: join(),
      limit: {
        of: "app_private.require_waitlist_allowance: waits_too_often",
        another: join("calendar of atlas"),
      },
    },
    {
      lock: "app_public.join_waitlist: app_private.lock_waitlist",
      as: "a visitor",
      key: waitlist,
      call: join(),
    },
    {
      lock: "app_private.calendar_to_wait_in: app_private.require_to_book",
      as: "flavia",
      rows: ana,
      call: joinForAna,
    },
    {
      lock: "app_public.join_waitlist: app_private.require_waitlist_allowance",
      as: "a visitor",
      key: `'waits of visitor:' || ${visitor}`,
      call: join(),
    },
    {
      lock: "app_private.require_waitlist_allowance: pg_advisory_xact_lock",
      as: "a visitor",
      key: `'waits of visitor:' || ${visitor}`,
      call: join(),
      limit: {
        of: "app_private.require_waitlist_allowance: too_many_waits",
        another: join("calendar of atlas"),
      },
    },
    {
      lock: "app_private.require_waitlist_allowance: pg_advisory_xact_lock (2)",
      as: "a visitor",
      key: "'waits of address:' || inet '203.0.113.9'",
      call: `${fromAnAddress}; ${join()}`,
      limit: {
        of: "app_private.require_waitlist_allowance: too_many_waits",
        another: `${fromAnAddress}; ${asAnother}; ${join()}`,
      },
    },
    { lock: "app_private.end_wait: app_private.lock_waitlist", as: "flavia", key: waitlist, call: leave },
    { lock: "app_private.end_wait: app_private.lock_hold", as: "flavia", key: hold, call: leave },
    { lock: "app_private.end_wait: app_private.lock_claims", as: "flavia", key: dayOf(claim), call: leave },
    {
      lock: "app_private.end_wait: for update",
      as: "flavia",
      rows: `app_private.time_claims where id = (${claim}).id`,
      call: leave,
    },
    {
      lock: "app_private.settle_waitlist: app_private.lock_waitlist",
      as: "the worker",
      key: waitlist,
      call: "select app_private.settle_waitlist(tests.id('atlas'))",
    },
    {
      lock: "app_private.offer_next_time: app_private.lock_waitlist",
      as: "the worker",
      key: waitlist,
      call: "select app_private.offer_next_time(tests.id('atlas'))",
    },
    {
      lock: "app_public.offer_time: app_private.lock_waitlist",
      as: "flavia",
      key: waitlist,
      call: "select app_public.offer_time(tests.id('waits at atlas'), tests.start_of_kept() + interval '4 days')",
    },
    { lock: "app_private.take_offered: app_private.lock_hold", as: "flavia", key: hold, call: take },
    {
      lock: "app_private.take_offered: app_private.lock_claims",
      as: "flavia",
      key: dayOf(claim),
      call: take,
    },
    {
      lock: "app_private.resize_claim: app_private.lock_specialist_days",
      as: "flavia",
      key: dayOf(visitsClaim),
      call: add,
    },
    {
      lock: "app_private.resize_claim: app_private.lock_clinic_resources",
      as: "the engine",
      key: "'resources:' || tests.id('atlas')",
      call: `select app_private.resize_claim((${visitsClaim}).id, c, 5) from app_public.calendars c where c.id = tests.id('staff only of atlas')`,
    },
    {
      lock: "app_private.lock_appointment_to_resize: app_private.require_specialist",
      as: "flavia",
      rows: ofVisit("specialists", "specialist_id"),
      call: add,
    },
    {
      lock: "app_private.lock_appointment_to_resize: app_private.require_calendar",
      as: "flavia",
      rows: ofVisit("calendars", "calendar_id"),
      call: add,
    },
  ],
};
