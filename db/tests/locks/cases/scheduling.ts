import type { LockArea } from "../lock_case.ts";

/** The claim of a hold, as SQL. */
const claimOf = (hold: string) =>
  `(select tc from app_private.time_claims as tc where tc.id = tests.id('claim of ${hold}'))`;
/** The day that a hold takes from its specialist, as it is locked. */
const dayOf = (hold: string) =>
  `(${claimOf(hold)}).specialist_id || ' ' || (lower((${claimOf(hold)}).blocked) at time zone 'UTC')::date`;
/** How "a visitor" is known where they hold something. */
const visitor = "'visitor:' || md5('a visitor')::uuid";
/** A visitor asks for a time that two specialists have. */
export const holdATime = `select app_public.hold_slot(tests.id('busy'), tests.start_of_kept() + interval '3 hours')`;
const holdTheOwnTime = `select app_public.hold_slot(tests.id('busy'), tests.start_of_kept())`;
const extend = "select app_public.extend_hold('token of kept')";
export const request =
  "select app_public.request_booking('token of kept', 'Gina', 'Rusu', 'gina@people.test', '+40722000444')";
const bookDirectly =
  "select app_public.book_directly(tests.id('busy'), tests.start_of_kept(), tests.id('ana'), tests.id('luca'))";
const move = (claim: string) =>
  `select app_private.move_claim(tests.id('${claim}'), calendars, tests.start_of_kept() + interval '1 day')
   from app_public.calendars where calendars.id = tests.id('busy')`;
const addressOfHolder = "'holder_address:' || tests.id('atlas') || ':' || inet '203.0.113.7'";
const asAnother = "select set_config('app.visitor_id', md5('another visitor')::uuid::text, true)";
const later = "select tests.freeze_time(app_hidden.now() + interval '2 days')";

/** Holds, their days, their holders and turns. SCH-04, SCH-06, FND-35. */
export const scheduling: LockArea = {
  furniture: `
    select tests.specialist('mara', clinic => 'atlas');
    select tests.specialist('luca', clinic => 'atlas');
    select tests.works(name) from unnest('{mara,luca}'::text[]) as name;
    select tests.calendar('busy', '{mara,luca}', clinic => 'atlas');
    select tests.hold('kept', 'busy', 'mara', date_trunc('day', app_hidden.now()) + interval '2 days 10 hours');
    select tests.hold('too', 'busy', 'mara', date_trunc('day', app_hidden.now()) + interval '2 days 15 hours');
    select tests.remember('booked', tests.claim(
      'luca', date_trunc('day', app_hidden.now()) + interval '2 days 20 hours', 60, 'appointment', 'busy'));
    update app_private.time_claims set
      token_hash = sha256(convert_to('token of kept', 'UTF8')), visitor_id = ${visitor}, address = '203.0.113.7'
    where id = tests.id('claim of kept');
    update app_private.time_claims set token_hash = sha256('token of too'), visitor_id = ${visitor} where id = tests.id('claim of too');
    -- Whoever breaks one function after the other takes hours.
    update app_private.time_claims set expires_at = expires_at + interval '1 day' where specialist_id = tests.id('mara');
    create function tests.start_of_kept() returns timestamptz language sql stable security definer
    return (select lower(time_claims.during) from app_private.time_claims where time_claims.id = tests.id('claim of kept'))`,
  cases: [
    {
      lock: "app_private.lock_holder: pg_advisory_xact_lock",
      as: "a visitor",
      key: `'holder:' || tests.id('atlas') || ':' || ${visitor}`,
      call: holdATime,
    },
    {
      lock: "app_private.own_hold: app_private.lock_holder",
      as: "a visitor",
      key: `'holder:' || tests.id('atlas') || ':' || ${visitor}`,
      call: holdTheOwnTime,
    },
    {
      lock: "app_private.own_hold: app_private.lock_hold",
      as: "a visitor",
      key: "'hold:' || tests.id('claim of kept')",
      call: holdTheOwnTime,
    },
    {
      lock: "app_private.own_hold: app_private.lock_claims",
      as: "a visitor",
      key: dayOf("kept"),
      call: holdTheOwnTime,
    },
    {
      lock: "app_private.own_hold: for update",
      as: "a visitor",
      rows: "app_private.time_claims where id = tests.id('claim of kept')",
      call: holdTheOwnTime,
    },
    {
      lock: "app_private.require_hold_allowance: app_private.lock_holder",
      as: "the engine",
      key: "'holder:' || tests.id('atlas') || ':visitor:of many'",
      call: "select app_private.require_hold_allowance(organizations, 'visitor:of many', null) from app_public.organizations where organizations.id = tests.id('atlas')",
      limit: {
        of: "app_private.require_hold_allowance: too_many_holds",
        another:
          "select app_private.require_hold_allowance(organizations, 'visitor:of many', '198.51.100.1') from app_public.organizations where organizations.id = tests.id('atlas')",
      },
    },
    {
      lock: "app_private.require_hold_allowance: pg_advisory_xact_lock",
      as: "a visitor",
      key: addressOfHolder,
      call: holdATime,
      limit: {
        of: "app_private.require_hold_allowance: too_many_holds_from_address",
        another: `${asAnother}; ${holdATime}`,
      },
    },
    {
      lock: "app_private.require_request_allowance: pg_advisory_xact_lock",
      as: "a visitor",
      key: `'requests of visitor:' || ${visitor}`,
      call: request,
      limit: {
        of: "app_private.require_request_allowance: too_many_requests",
        another: request.replace("kept", "too"),
      },
    },
    {
      lock: "app_private.require_request_allowance: pg_advisory_xact_lock (2)",
      as: "a visitor",
      key: "'requests of address:' || inet '203.0.113.7'",
      call: request,
      limit: {
        of: "app_private.require_request_allowance: too_many_requests_from_address",
        another: `${asAnother}; ${request}`,
      },
    },
    {
      lock: "app_private.by_turn: pg_advisory_xact_lock",
      as: "a visitor",
      key: "'assignment:' || tests.id('busy')",
      call: holdATime,
    },
    {
      lock: "app_private.place_claim: app_private.lock_specialist_days",
      as: "a visitor",
      key: dayOf("kept"),
      call: holdATime,
    },
    {
      lock: "app_private.lock_specialist_days: pg_advisory_xact_lock",
      as: "a visitor",
      key: dayOf("kept"),
      call: holdATime,
    },
    {
      lock: "app_private.lock_claims: app_private.lock_specialist_days",
      as: "a visitor",
      key: dayOf("kept"),
      call: extend,
    },
    {
      lock: "app_private.held_claim: app_private.lock_hold",
      as: "a visitor",
      key: "'hold:' || tests.id('claim of kept')",
      call: extend,
    },
    {
      lock: "app_private.lock_hold: pg_advisory_xact_lock",
      as: "a visitor",
      key: "'hold:' || tests.id('claim of kept')",
      call: extend,
    },
    {
      lock: "app_private.take_hold: app_private.lock_claims",
      as: "a visitor",
      key: dayOf("kept"),
      call: extend,
    },
    {
      lock: "app_private.take_hold: for update",
      as: "a visitor",
      rows: "app_private.time_claims where id = tests.id('claim of kept')",
      call: extend,
    },
    {
      lock: "app_private.move_claim: app_private.lock_hold",
      as: "the engine",
      key: "'hold:' || tests.id('claim of kept')",
      call: move("claim of kept"),
    },
    {
      lock: "app_private.move_claim: app_private.lock_to_book",
      as: "the engine",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: move("booked"),
    },
    {
      lock: "app_private.move_claim: app_private.lock_specialist_days",
      as: "a visitor",
      key: dayOf("kept"),
      call: `select app_public.move_hold('token of kept', tests.start_of_kept() + interval '1 day')`,
    },
    {
      lock: "app_private.move_claim: for update",
      as: "the engine",
      rows: "app_private.time_claims where id = tests.id('booked')",
      call: move("booked"),
    },
    {
      lock: "app_private.prolong_hold: app_private.lock_claims",
      as: "the engine",
      key: dayOf("kept"),
      call: `select app_private.prolong_hold(${claimOf("kept")})`,
    },
    {
      lock: "app_private.convert_claim: app_private.lock_claims",
      as: "the engine",
      key: dayOf("kept"),
      call: "select app_private.convert_claim(tests.id('claim of kept'), 'appointment')",
    },
    {
      lock: "app_private.count_assignment: app_private.lock_claims",
      as: "the engine",
      key: dayOf("kept"),
      call: "select app_private.count_assignment(tests.id('claim of kept'))",
    },
    {
      lock: "app_private.uncount_assignment: app_private.lock_claims",
      as: "the engine",
      key: dayOf("kept"),
      call: "select app_private.uncount_assignment(tests.id('claim of kept'))",
    },
    {
      lock: "app_private.release_claims: app_private.lock_claims",
      as: "the engine",
      key: dayOf("kept"),
      call: "select app_private.release_claims(array[tests.id('claim of kept')])",
    },
    {
      lock: "app_private.release_expired_claims: app_private.lock_claims",
      as: "the worker",
      before: later,
      key: dayOf("kept"),
      call: "select app_private.release_expired_claims()",
    },
    {
      lock: "app_private.release_expired_claims: for update skip locked",
      as: "the worker",
      before: later,
      rows: "app_private.time_claims where id = tests.id('claim of kept')",
      leaves: "app_private.time_claims where kind = 'hold' and released_at is null",
      call: "select app_private.release_expired_claims()",
    },
    {
      lock: "app_private.release_expired_holds: for update skip locked",
      as: "the engine",
      before: later,
      rows: "app_private.time_claims where id = tests.id('claim of kept')",
      leaves:
        "app_private.time_claims where specialist_id = tests.id('mara') and kind = 'hold' and released_at is null",
      call: "select app_private.release_expired_holds(tests.id('mara'), '(,)')",
    },
    {
      lock: "app_private.require_specialist: for share",
      as: "a visitor",
      rows: "app_public.specialists where id = tests.id('mara')",
      call: request,
    },
    {
      lock: "app_private.require_calendar: for share",
      as: "a visitor",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: request,
    },
    {
      lock: "app_private.take_hold: app_private.require_specialist",
      as: "a visitor",
      rows: "app_public.specialists where id = tests.id('mara')",
      call: request,
    },
    {
      lock: "app_private.take_hold: app_private.require_calendar",
      as: "a visitor",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: request,
    },
    {
      lock: "app_private.lock_to_book: app_private.require_specialist",
      as: "flavia",
      rows: "app_public.specialists where id = tests.id('luca')",
      call: bookDirectly,
    },
    {
      lock: "app_private.lock_to_book: app_private.require_calendar",
      as: "flavia",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: bookDirectly,
    },
    {
      lock: "app_private.claim_in: app_private.lock_to_book",
      as: "flavia",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: bookDirectly,
    },
    {
      lock: "app_public.hold_slot: app_private.require_hold_allowance",
      as: "a visitor",
      key: addressOfHolder,
      call: holdATime,
    },
    {
      lock: "app_public.request_booking: app_private.require_request_allowance",
      as: "a visitor",
      key: `'requests of visitor:' || ${visitor}`,
      call: request,
    },
  ],
};
