import type { LockArea } from "../lock_case.ts";

const anasAppointment = "tests.id('ana''s appointment at atlas')";
const request = "tests.id('open request')";
const ana = "app_public.patients where id = tests.id('ana at atlas')";
const bookOnce = "select app_public.book_appointment('token of once', tests.id('ana'))";
const bookDirectlyOnce =
  "select app_public.book_directly(tests.id('busy'), tests.start_of_kept() + interval '4 hours', tests.id('ana'))";
const bookSeriesOnce =
  "select app_public.book_series(tests.id('busy'), tests.start_of_kept() + interval '5 hours', tests.id('ana'), 2)";
const cancelSeries =
  "select app_public.cancel_series((select id from app_public.appointments where series_id = id))";
const later = "select tests.freeze_time(app_hidden.now() + interval '30 days')";
const moveToBogdan = `select app_public.move_appointment_to_patient(${anasAppointment}, tests.id('bogdan'), 'Wrong chart')`;
const handOver = "select app_public.remove_specialist(tests.id('stefan'), tests.id('stefan''s colleague'))";

const dayOfClaim = (which: string) => `(
  select specialist_id || ' ' || (lower(blocked) at time zone 'UTC')::date from app_private.time_claims where id = ${which})`;
const claimOfAna = `(select claim_id from app_public.appointments where id = ${anasAppointment})`;
const calendarOfAna = `app_public.calendars where id = (select calendar_id from app_public.appointments where id = ${anasAppointment})`;

/** Requests, appointments, and the specialists and patients they rely on. APT-01, APT-09, SPC-06, FND-34. */
export const appointments: LockArea = {
  furniture: `
    select tests.booking_request('open request', 'busy', 'luca', date_trunc('day', app_hidden.now()) + interval '2 days 9 hours');
    update app_public.booking_requests set token_hash = extensions.digest('token of request', 'sha256') where id = ${request};
    select tests.booking_request('request of ana', 'busy', 'luca', date_trunc('day', app_hidden.now()) + interval '2 days 11 hours', 'ana@people.test');
    update app_public.booking_requests set given_name = 'Ana', family_name = 'Popescu' where id = tests.id('request of ana');
    select tests.hold('once', 'busy', 'luca', date_trunc('day', app_hidden.now()) + interval '2 days 12 hours');
    update app_private.time_claims set token_hash = sha256(convert_to('token of once', 'UTF8')) where id = tests.id('claim of once');
    select set_config('app.idempotency_key', 'once', true);
    select tests.act_as('ana');
    ${bookOnce};
    select tests.act_as('flavia');
    ${bookDirectlyOnce};
    ${bookSeriesOnce};
    select tests.act_as('the database');
    select set_config('app.idempotency_key', '', true)`,
  cases: [
    {
      lock: "app_private.locked_booking_request: for update",
      as: "flavia",
      rows: `app_public.booking_requests where id = ${request}`,
      call: `select app_public.reject_booking_request(${request})`,
    },
    {
      lock: "app_private.locked_guest_request: for update",
      as: "a visitor",
      rows: `app_public.booking_requests where id = ${request}`,
      call: "select app_public.withdraw_booking_request('token of request')",
    },
    {
      lock: "app_private.expire_booking_requests: for update skip locked",
      as: "the worker",
      before: later,
      rows: `app_public.booking_requests where id = ${request}`,
      leaves: "app_public.booking_requests where status = 'requested'",
      call: "select app_private.expire_booking_requests()",
    },
    {
      lock: "app_private.patient_for_request: app_private.lock_people",
      as: "flavia",
      key: "'people:' || tests.id('atlas')",
      call: `select app_public.confirm_booking_request(${request})`,
    },
    {
      lock: "app_private.require_patient: for share",
      as: "flavia",
      rows: ana,
      call: `select app_public.confirm_booking_request(${request}, tests.id('ana'))`,
    },
    {
      lock: "app_private.patient_for_request: app_private.require_patient",
      as: "flavia",
      rows: ana,
      call: `select app_public.confirm_booking_request(${request}, tests.id('ana'))`,
    },
    {
      lock: "app_private.patient_for_request: app_private.require_patient (3)",
      as: "flavia",
      rows: ana,
      call: "select app_public.confirm_booking_request(tests.id('request of ana'))",
    },
    {
      lock: "app_public.move_appointment_to_patient: app_private.lock_people",
      as: "flavia",
      key: "'people:' || tests.id('atlas')",
      call: moveToBogdan,
    },
    {
      lock: "app_public.move_appointment_to_patient: app_private.require_patient",
      as: "flavia",
      rows: "app_public.patients where id = tests.id('bogdan at atlas')",
      call: moveToBogdan,
    },
    {
      lock: "app_public.book_appointment: app_private.require_to_book",
      as: "ana",
      before: "select set_config('app.idempotency_key', 'once', true)",
      rows: ana,
      call: bookOnce,
    },
    {
      lock: "app_public.book_appointment: app_private.require_to_book (2)",
      as: "ana",
      rows: ana,
      call: "select app_public.book_appointment('token of kept', tests.id('ana'))",
    },
    {
      lock: "app_private.require_to_book: for share",
      as: "ana",
      rows: ana,
      call: "select app_public.book_appointment('token of kept', tests.id('ana'))",
    },
    {
      lock: "app_public.book_directly: app_private.require_to_book",
      as: "flavia",
      before: "select set_config('app.idempotency_key', 'once', true)",
      rows: ana,
      call: bookDirectlyOnce,
    },
    {
      lock: "app_public.book_directly: app_private.require_to_book (2)",
      as: "flavia",
      rows: ana,
      call: "select app_public.book_directly(tests.id('busy'), tests.start_of_kept(), tests.id('ana'))",
    },
    {
      lock: "app_private.lock_appointment: for update",
      as: "ana",
      rows: `app_public.appointments where id = ${anasAppointment}`,
      call: `select app_public.cancel_appointment(${anasAppointment})`,
    },
    {
      lock: "app_private.lock_appointment: for share",
      as: "ana",
      rows: ana,
      call: `select app_public.cancel_appointment(${anasAppointment})`,
    },
    {
      lock: "app_private.take_off: app_private.lock_claims",
      as: "ana",
      key: dayOfClaim(claimOfAna),
      call: `select app_public.cancel_appointment(${anasAppointment})`,
    },
    {
      lock: "app_private.hand_turn_over: app_private.lock_claims",
      as: "the engine",
      key: dayOfClaim(claimOfAna),
      call: `select app_private.hand_turn_over(c, c) from app_private.time_claims c where c.id = ${claimOfAna}`,
    },
    {
      lock: "app_private.hand_turn_over: for no key update",
      as: "the engine",
      rows: `app_private.specialist_assignment_tracking as t where exists (
        select from app_private.time_claims c
        where c.id = ${claimOfAna} and (c.calendar_id, c.specialist_id) = (t.calendar_id, t.specialist_id))`,
      call: `select app_private.hand_turn_over(jsonb_populate_record(c, jsonb_build_object('specialist_id', uuidv7())), c)
        from app_private.time_claims c where c.id = ${claimOfAna}`,
    },
    {
      lock: "app_public.book_series: app_private.require_to_book",
      as: "flavia",
      before: "select set_config('app.idempotency_key', 'once', true)",
      rows: ana,
      call: bookSeriesOnce,
    },
    {
      lock: "app_public.book_series: app_private.require_to_book (2)",
      as: "flavia",
      rows: ana,
      call: bookSeriesOnce,
    },
    {
      lock: "app_private.claim_series: app_private.lock_to_book",
      as: "flavia",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: bookSeriesOnce,
    },
    {
      lock: "app_private.claim_series: app_private.lock_specialist_days",
      as: "flavia",
      key: "tests.id('luca') || ' ' || ((tests.start_of_kept() + interval '7 days 5 hours') at time zone 'UTC')::date",
      call: bookSeriesOnce,
    },
    {
      lock: "app_public.cancel_series: app_private.lock_appointment",
      as: "ana",
      rows: "app_public.appointments where series_id <> id",
      call: cancelSeries,
    },
    {
      lock: "app_public.cancel_series: app_private.lock_claims",
      as: "ana",
      key: dayOfClaim("(select claim_id from app_public.appointments where series_id = id)"),
      call: cancelSeries,
    },
    {
      lock: "app_public.reschedule_appointment: app_private.lock_to_book",
      as: "flavia",
      rows: calendarOfAna,
      call: `select app_public.reschedule_appointment(${anasAppointment}, tests.start_of_kept())`,
    },
    {
      lock: "app_public.reinstate_appointment: app_private.lock_to_book",
      as: "flavia",
      rows: calendarOfAna,
      call: `select app_public.reinstate_appointment(${anasAppointment})`,
    },
    {
      lock: "app_private.advance_appointments: for update of appointments skip locked",
      as: "the worker",
      before: later,
      rows: `app_public.appointments where id = ${anasAppointment}`,
      leaves: "app_public.appointments where status = 'booked' and deleted_at is null",
      call: "select app_private.advance_appointments()",
    },
    {
      lock: "app_public.move_appointment_to_patient: for update",
      as: "flavia",
      rows: `app_public.appointments where id = ${anasAppointment}`,
      call: moveToBogdan,
    },
    {
      lock: "app_private.publish: pg_advisory_xact_lock",
      as: "flavia",
      key: `'event:' || ${anasAppointment}`,
      call: moveToBogdan,
    },
    {
      lock: "app_public.remove_specialist: for no key update",
      as: "adrian",
      rows: "app_public.specialists where id = tests.id('stefan''s colleague')",
      call: handOver,
    },
    {
      lock: "app_private.reassign_specialist: for no key update",
      as: "adrian",
      rows: `app_public.appointments where id = ${anasAppointment}`,
      call: handOver,
    },
    {
      lock: "app_private.reassign_specialist: for no key update (2)",
      as: "adrian",
      rows: `app_public.booking_requests where id = tests.id('request at atlas')`,
      call: handOver,
    },
    {
      lock: "app_private.reassign_specialist: app_private.lock_specialist_days",
      as: "adrian",
      key: `(
        select tests.id('stefan''s colleague') || ' ' || (lower(tc.blocked) at time zone 'UTC')::date
        from app_private.time_claims as tc join app_public.appointments on appointments.claim_id = tc.id
        where appointments.id = ${anasAppointment})`,
      call: handOver,
    },
    {
      lock: "app_public.review_appointment: for share",
      as: "ana",
      rows: `app_public.appointments where id = ${anasAppointment}`,
      call: `select app_public.review_appointment(${anasAppointment}, 5)`,
    },
  ],
};
