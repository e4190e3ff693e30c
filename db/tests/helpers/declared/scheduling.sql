-- Allowed in scheduling, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.release_expired_claims()', 'A job of the worker, which has no grant on any table.'),
  ('app_private.require_request_allowance(text,inet)',
   'A step of verbs and triggers that other roles reach only through them.'),
  ('app_private.tg_calendar_specialists__take_turns()',
   'A trigger that reads or writes beyond the grants of whoever caused it.');

insert into tests.allowed_definer_functions (reason, function)
select 'A visitor may call it; it hands out or takes what its comment says, and the visitor has no grant on the tables.', unnest(array[
  'app_public.available_days(uuid,date,date,uuid,text,text)',
  'app_public.available_slots(uuid,timestamp with time zone,timestamp with time zone,uuid,text,text)',
  'app_hidden.read_calendar_feed(text)',
  'app_public.extend_hold(text)',
  'app_public.hold_slot(uuid,timestamp with time zone,uuid)',
  'app_public.move_hold(text,timestamp with time zone,uuid)',
  'app_public.next_available(uuid,integer,uuid,text)',
  'app_public.release_hold(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The servers ask on behalf of those who listen: days leave, and who may listen is decided by it.', unnest(array[
  'app_hidden.calendar_listeners_over(uuid[],uuid[],uuid[])',
  'app_hidden.listing_changes(uuid[],interval)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.agenda(uuid,date,integer,uuid[])',
  'app_public.appointment_resources(uuid)',
  'app_public.explain_availability(uuid,uuid,timestamp with time zone)',
  'app_public.close_schedule(uuid,date,date,time without time zone,time without time zone,text,boolean)',
  'app_public.create_calendar_feed(uuid,boolean)',
  'app_public.overlapping_hours(uuid)',
  'app_public.remove_calendar(uuid)',
  'app_public.remove_resource(uuid)',
  'app_public.resource_agenda(uuid,date,integer,uuid[])',
  'app_public.revoke_calendar_feed(uuid)',
  'app_public.set_weekly_hours(uuid,app_public.hours_of_a_day[],boolean)',
  'app_public.stranded_appointments(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_private.release_expired_claims()',
   'A sweep of the worker over whatever is due on its server.'),
  ('growth', 'app_private.specialist_assignment_tracking',
   'A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.'),
  ('growth', 'app_private.resource_claims',
   'The rooms of a claim, for as long as there is the claim.'),
  ('growth', 'app_private.time_claims',
   'What became a request or an appointment stays with it, in the patient''s file; what lapsed goes by a rule.'),
  ('growth', 'app_public.calendar_feeds', 'At most five of each specialist that answer.'),
  ('json_columns', 'app_public.calendars.translations',
   'Names and descriptions of what can be booked, written for the public.'),
  ('remembered_verbs', 'app_public.extend_hold(text)', 'Makes no hold: of one that has just expired it may look for another room.'),
  ('remembered_verbs', 'app_public.release_hold(text)', 'Makes nothing: the session of a seat is settled with it, once.'),
  ('remembered_rights', 'app_public.move_hold(text,timestamp with time zone,uuid)',
   'Whoever holds the token of a hold may move it, signed in or not.'),
  ('tenant_uniques', 'app_public.calendar_feeds_token_is_unique',
   'A digest of 128 random bits: it tells nobody anything.'),
  ('tenant_uniques', 'app_private.time_claims_token_is_unique',
   'A digest of 256 random bits: it tells nobody anything.');

insert into tests.lint_exceptions (rule, reason, object)
select 'folding', 'The bound of a range.', unnest(array[
  'app_private.timetables(uuid,timestamp with time zone,timestamp with time zone,uuid,boolean,uuid,interval,timestamp with time zone): piece.local',
  'app_public.overlapping_hours(uuid): one.stretch',
  'app_public.overlapping_hours(uuid): other.stretch'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_private.resource_claims', 'organization_id, claim_id, resource_id', 'A claim has a room once.'),
  ('app_private.resource_claims', 'resource_id, blocked', 'Nobody has a room at the same time as somebody else (SCH-11).'),
  ('app_public.calendar_resources', 'organization_id, calendar_id, type', 'A calendar needs one of a type (SCH-11).'),
  ('app_public.specialist_zones', 'organization_id, specialist_id, (expression)', 'A date has one zone (SCH-01).'),
  ('app_public.resources', 'organization_id, id, type', 'A room is of one type, which a calendar that names it repeats (SCH-11).'),
  ('app_private.time_claims', 'organization_id, session_id, seat', 'Nobody has a seat twice (SCH-02).'),
  ('app_private.time_claims', 'specialist_id, blocked', 'Nobody has a specialist''s time twice (SCH-06).'),
  ('app_private.time_claims', 'token_hash', 'A token is one hold.'),
  ('app_public.calendar_feeds', 'token_hash', 'A token is one feed.');
