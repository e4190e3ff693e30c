--! Previous: sha1:a182bbe3dbf57feb1078d36eeb7cfca8c2678ce3
--! Hash: sha1:7e88082859932ffc2a57ab8d7c0a84b7a880af4e
--! Message: refusals without words

--! split: 400-refusals-without-words.sql
-- Refusals carry code, reason and details; their words are the door's.
drop function if exists app_hidden.refuse(text, text, jsonb, text);

-- retired: functions/files/rejection_hint.sql
drop function if exists app_private.rejection_hint(text);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/core/refuse.sql
-- Every refusal of the database leaves through here, so that its code is registered. FND-29.
-- What people read of it stands in server/errors/texts, in their language: here are words for programs.

create or replace function app_hidden.refuse(code text, reason text, details jsonb default '{}') returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_sqlstate text;
begin
  select error_codes.sqlstate into strict v_sqlstate
  from app_hidden.error_codes
  where error_codes.code = refuse.code;

  raise exception using
    errcode = v_sqlstate,
    message = refuse.reason,
    detail = coalesce(refuse.details, '{}')::text;
end;
$$;

comment on function app_hidden.refuse is
  'Raises a registered error: code from error_codes, reason in snake_case, details for programs.';

grant execute on function app_hidden.refuse to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
-- end of source: functions/core/refuse.sql

-- source: functions/scheduling/convert_claim.sql
-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. SCH-06, APT-09.

create or replace function app_private.convert_claim(claim_id uuid, kind text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set kind = convert_claim.kind, expires_at = null
  where tc.id = convert_claim.claim_id
    and tc.released_at is null
    and (tc.kind, convert_claim.kind) in (('hold', 'request'), ('hold', 'appointment'), ('request', 'appointment'))
  returning * into v_claim;

  if not found then
    perform app_hidden.refuse('STATE', 'claim_not_convertible', jsonb_build_object('kind', convert_claim.kind));
  end if;
  return v_claim;
end;
$$;

comment on function app_private.convert_claim is
  'Turns a hold into a request or an appointment, a request into an appointment. It no longer expires. '
  'The caller has the claim from take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim to app_engine;
-- end of source: functions/scheduling/convert_claim.sql

-- source: functions/idempotency/remembered.sql
-- The first line of every verb that creates money, bookings or messages: what it answered to this idempotency key
-- before. Null means: go on, nobody did this yet, and end with remember(). FND-26.
-- The key is claimed by an insert in the verb's own transaction. A second request with the key waits for the first, and
-- then reads its answer; when the first is rolled back its claim goes with it, and the second goes on.
-- What is remembered opens nothing by itself: a verb that got an answer here asks, before it gives it, for the rights
-- that it asks for when it does the thing (a lint looks). A closed account gets none, whatever the verb.

create or replace function app_private.remembered(operation text, arguments jsonb) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request bytea;
  v_arguments bytea;
  v_known app_private.remembered_mutations;
begin
  if nullif(current_setting('app.idempotency_key', true), '') is null then
    return null;
  end if;

  v_request := app_private.under_idempotency_key('request', remembered.operation);
  -- jsonb has one text for one value, whatever order its keys came in.
  v_arguments := app_private.under_idempotency_key('arguments', remembered.operation, remembered.arguments::text);

  insert into app_private.remembered_mutations as known (request_digest, operation, arguments_digest, created_at)
  values (v_request, remembered.operation, v_arguments, app_hidden.now())
  on conflict on constraint remembered_mutations_pkey do update
    set arguments_digest = excluded.arguments_digest, response = null, created_at = excluded.created_at
    where known.created_at <= excluded.created_at - interval '24 hours';
  if found then
    return null;
  end if;

  if app_hidden.current_principal_id() is not null and app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled');
  end if;
  select known.* into strict v_known
  from app_private.remembered_mutations as known
  where known.request_digest = v_request;
  if v_known.arguments_digest <> v_arguments then
    perform app_hidden.refuse(
      'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', jsonb_build_object('header', 'Idempotency-Key'));
  elsif v_known.response is null then
    raise exception 'remembered: % claimed a key and never called remember()', remembered.operation;
  end if;
  return extensions.pgp_sym_decrypt(
    v_known.response, encode(app_private.under_idempotency_key('response', remembered.operation), 'hex'))::jsonb;
end;
$$;

comment on function app_private.remembered is
  'The first answer to this caller''s idempotency key for this operation; null when there is no key, or none such within '
  'a day, and then the key is claimed. IDEMPOTENCY_MISMATCH when the arguments are others than the first time.';

grant execute on function app_private.remembered to app_engine;
-- end of source: functions/idempotency/remembered.sql

-- source: functions/identity/require_permission.sql
-- What a verb says first. A stranger is told that there is no such clinic; a colleague is told what is missing.
-- FND-04.

create or replace function app_private.require_permission(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.has_permission(organization_id, permission) then
    return;
  end if;
  if organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('FORBIDDEN', 'permission_missing', jsonb_build_object('permission', permission));
  end if;
  perform app_hidden.refuse('NOT_FOUND', 'not_found');
end;
$$;

comment on function app_private.require_permission is
  'Refuses with FORBIDDEN for a colleague without the permission, with NOT_FOUND for anyone else.';
grant execute on function app_private.require_permission to app_engine;
-- end of source: functions/identity/require_permission.sql

-- source: functions/scheduling/may_override.sql
-- Rules of time are the clinic's own: front desk may set them aside for a patient who stands there, and says why. SCH-06,
-- APT-01.

create or replace function app_private.may_override(organization_id uuid, override_reason text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if override_reason is null then
    return false;
  end if;
  perform app_private.require_permission(may_override.organization_id, 'appointments.manage');
  if btrim(override_reason) = '' or length(override_reason) > 500 then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', jsonb_build_object('field', 'overrideReason'));
  end if;
  return true;
end;
$$;

comment on function app_private.may_override is
  'Whether a reason was given to set rules aside; FORBIDDEN or NOT_FOUND for whoever may not, VALIDATION for a reason that is none.';

grant execute on function app_private.may_override to app_engine;
-- end of source: functions/scheduling/may_override.sql

-- source: functions/scheduling/refuse_taken.sql
-- The one way to say that somebody was faster. SCH-06.

create or replace function app_private.refuse_taken(calendar_id uuid, starts_at timestamptz) returns void
language sql stable
set search_path = ''
as $$
  select app_hidden.refuse(
    'SLOT_TAKEN', 'slot_taken',
    jsonb_build_object('calendarId', refuse_taken.calendar_id, 'startsAt', refuse_taken.starts_at));
$$;

comment on function app_private.refuse_taken is 'Refuses with SLOT_TAKEN.';

grant execute on function app_private.refuse_taken to app_engine;
-- end of source: functions/scheduling/refuse_taken.sql

-- source: functions/scheduling/refuse_rule.sql
-- The one way to say which rule keeps a time from being booked, whoever asks: list and hold, book and confirm. SCH-05,
-- SCH-06.

create or replace function app_private.refuse_rule(rule text, calendar_id uuid, starts_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('rule', rule, 'calendarId', refuse_rule.calendar_id, 'startsAt', refuse_rule.starts_at);
begin
  if rule = 'taken' then
    perform app_private.refuse_taken(refuse_rule.calendar_id, refuse_rule.starts_at);
  end if;
  if rule in ('clinic_draft', 'calendar_inactive', 'calendar_private', 'service_inactive', 'specialist_inactive',
              'not_in_calendar', 'not_providing_service') then
    perform app_hidden.refuse('GONE', rule, v_details);
  end if;
  -- A start that is none is bad input; what was there and is switched off is over.
  if rule in ('in_the_past', 'inside_notice', 'beyond_horizon', 'outside_hours', 'closed', 'off_the_grid') then
    perform app_hidden.refuse('VALIDATION', rule, v_details);
  end if;
  perform app_hidden.refuse('VALIDATION', 'no_specialist', v_details);
end;
$$;

comment on function app_private.refuse_rule is
  'Refuses a start: SLOT_TAKEN, GONE for what is switched off, else VALIDATION; the reason is the rule.';

grant execute on function app_private.refuse_rule to app_engine;
-- end of source: functions/scheduling/refuse_rule.sql

-- source: functions/core/authorize_move.sql
-- Who may make a legal move: staff by permission, the patient (or a caregiver) where the table says so.
-- Verbs call it after they have locked the row. APT-01, FND-04.

create or replace function app_private.authorize_move(
  entity text,
  from_state text,
  to_state text,
  organization_id uuid,
  patient_profile_id uuid default null
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select
    from app_private.state_transitions as transition
    where transition.entity = authorize_move.entity
      and transition.from_state = authorize_move.from_state
      and transition.to_state = authorize_move.to_state
      and case transition.actor
            when 'staff' then app_hidden.has_permission(authorize_move.organization_id, transition.permission)
            when 'patient' then authorize_move.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
            else false
          end
  ) then
    return;
  end if;

  if exists (
    select
    from app_private.state_transitions as transition
    where transition.entity = authorize_move.entity
      and transition.from_state = authorize_move.from_state
      and transition.to_state = authorize_move.to_state
  ) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'move_not_allowed',
      jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state));
  end if;

  perform app_hidden.refuse(
    'STATE', 'illegal_move',
    jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state,
                       'legal', app_private.legal_moves(entity, from_state)));
end;
$$;

comment on function app_private.authorize_move is
  'Passes when the current principal may make this move; refuses with FORBIDDEN, or STATE naming the legal moves.';

grant execute on function app_private.authorize_move to app_engine;
-- end of source: functions/core/authorize_move.sql

-- source: functions/appointments/require_to_book.sql
-- Who may book for a patient of a clinic: staff, the patient, a caregiver. The lock makes remove_patient wait for the
-- booking. Asked before booking, and again before a remembered booking is told. APT-01, FND-07, FND-26.

create or replace function app_private.require_to_book(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_to_book.organization_id
    and patients.patient_profile_id = require_to_book.patient_profile_id
    and patients.deleted_at is null
    and (patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
         or (patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and patients.organization_id = any (app_hidden.current_patient_organization_ids())))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform app_private.authorize_move(
    'appointments', '', 'booked', require_to_book.organization_id, require_to_book.patient_profile_id);
end;
$$;

comment on function app_private.require_to_book is
  'Locks a patient whom the caller may book for at this clinic; NOT_FOUND patient_not_found, or FORBIDDEN.';
grant execute on function app_private.require_to_book to app_engine;
-- end of source: functions/appointments/require_to_book.sql

-- source: functions/scheduling/held_claim.sql
-- The hold of a token as it stands, before any of its days is locked: what a verb needs to know which days to lock. The
-- hold itself is locked, so nobody else moves it. SCH-06.

create or replace function app_private.held_claim(token text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_hash bytea := sha256(convert_to(held_claim.token, 'UTF8'));
  v_claim app_private.time_claims;
begin
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.token_hash = v_hash or tc.first_token_hash = v_hash;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'hold_not_found');
  end if;
  perform app_private.lock_hold(v_claim.id);
  select tc.* into strict v_claim from app_private.time_claims as tc where tc.id = v_claim.id;
  return v_claim;
end;
$$;

comment on function app_private.held_claim is
  'The claim of this token, the hold locked and its days not yet; NOT_FOUND for an unknown token. Whether it is alive is '
  'asked once the days are locked.';

grant execute on function app_private.held_claim to app_engine;
-- end of source: functions/scheduling/held_claim.sql

-- source: functions/scheduling/require_calendar.sql
-- A booking is in a calendar that still exists when it is written. The lock makes remove_calendar wait for it, so that
-- every booking is either counted there or refused here; a service that goes takes its calendars along. FND-10, SCH-02.

create or replace function app_private.require_calendar(organization_id uuid, calendar_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.calendars
  where calendars.organization_id = require_calendar.organization_id
    and calendars.id = require_calendar.calendar_id
    and calendars.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('GONE', 'calendar_gone');
  end if;
end;
$$;

comment on function app_private.require_calendar is
  'Locks a calendar that is not removed; GONE calendar_gone otherwise.';
grant execute on function app_private.require_calendar to app_engine;
-- end of source: functions/scheduling/require_calendar.sql

-- source: functions/catalog/require_specialist.sql
-- A booking is for somebody who still takes appointments when it is written. The lock makes remove_specialist wait
-- for it, so that every booking is either counted there or refused here. SPC-06.

create or replace function app_private.require_specialist(organization_id uuid, specialist_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.specialists
  where specialists.organization_id = require_specialist.organization_id
    and specialists.id = require_specialist.specialist_id
    and specialists.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('GONE', 'specialist_gone');
  end if;
end;
$$;

comment on function app_private.require_specialist is
  'Locks a specialist who is not removed; GONE specialist_gone otherwise.';
grant execute on function app_private.require_specialist to app_engine;
-- end of source: functions/catalog/require_specialist.sql

-- source: functions/events/publish.sql
-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.

set role app_engine;
create or replace function app_private.publish(
  name text,
  organization_id uuid,
  subject_id uuid,
  payload jsonb default '{}',
  cause_id uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_id uuid;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish.name));
  end if;

  v_problem := app_private.payload_problem(v_type.payload_schema, publish.payload);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     publish.cause_id, app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

reset role;
-- end of source: functions/events/publish.sql

-- source: functions/scheduling/take_hold.sql
-- The holder shows the token; the hold, then its specialist-days, then the claim are locked, so that booking, moving,
-- extending, releasing and expiry come one after the other. Who guesses learns nothing: an unknown token is one answer,
-- a dead one another. SCH-06.
-- Booking locks specialist and calendar too, before the days, as who removes them does. And it comes in time when the
-- hold expired a moment ago and nobody else took the time: the visitor pressed the button, the clock was faster.

create or replace function app_private.take_hold(token text, to_book boolean default false)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
  v_is_over boolean;
begin
  v_claim := app_private.held_claim(take_hold.token);
  if to_book then
    perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
    perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  end if;
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into strict v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
  for update;

  v_is_over := v_claim.released_at is not null or v_claim.expires_at <= app_hidden.now();
  if v_claim.kind = 'hold' and not v_is_over then
    return v_claim;
  elsif v_claim.kind = 'hold' and to_book
    -- Given back is given back: only who waited too long is waited for.
    and (v_claim.released_at is null or v_claim.released_at >= v_claim.expires_at)
    and v_claim.expires_at > app_hidden.now() - interval '60 seconds'
  then
    return app_private.revive_hold(v_claim);
  end if;
  perform app_hidden.refuse('GONE', 'hold_expired');
end;
$$;

comment on function app_private.take_hold is
  'The live hold of this token, locked with its days. An unknown token is NOT_FOUND; expired, released or booked is GONE. '
  'to_book honours a hold for 60 seconds more, unless somebody else took the time: SLOT_TAKEN.';

grant execute on function app_private.take_hold to app_engine;
-- end of source: functions/scheduling/take_hold.sql

-- source: functions/scheduling/require_start.sql
-- The start that somebody names is a time of this world. SCH-05, SCH-06.

create or replace function app_private.require_start(at timestamptz, field text default 'startsAt') returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if at is null or not app_private.is_thinkable(at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', field));
  end if;
end;
$$;

comment on function app_private.require_start is
  'VALIDATION start_invalid for a start that is missing, infinite or in no year that we plan for.';

grant execute on function app_private.require_start to app_engine;
-- end of source: functions/scheduling/require_start.sql

-- source: functions/scheduling/require_named.sql
-- Where the visitor picks the specialist and "any" is not offered, one has to be named. SCH-02, SCH-06.

create or replace function app_private.require_named(calendar app_public.calendars, specialist_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_named.specialist_id is null
    and calendar.assignment_strategy = 'specific' and not calendar.allows_any_specialist then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_required',
      jsonb_build_object('rule', 'specialist_required', 'field', 'specialistId'));
  end if;
end;
$$;

comment on function app_private.require_named is
  'VALIDATION specialist_required where the calendar offers no "any" and nobody is named.';

grant execute on function app_private.require_named to app_engine;
-- end of source: functions/scheduling/require_named.sql

-- source: functions/scheduling/require_choice.sql
-- Who may name a specialist: the visitor where the calendar lets them pick, staff always. Elsewhere the clinic
-- assigns, and an answer per specialist would tell who is away. SCH-02, SCH-04.

create or replace function app_private.require_choice(
  calendar app_public.calendars,
  specialist_id uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if specialist_id is null then
    return;
  end if;

  if calendar.assignment_strategy <> 'specific' and not app_private.is_staff_of(calendar.organization_id) then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_is_assigned',
      jsonb_build_object('rule', 'specialist_is_assigned', 'field', 'specialistId'));
  end if;

  if not exists (
    select
    from app_public.calendar_specialists as cs
    join app_public.service_specialists as ss
      on ss.organization_id = cs.organization_id and ss.specialist_id = cs.specialist_id
     and ss.service_id = calendar.service_id
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
     and sp.scheduling_active and sp.deleted_at is null
    where cs.organization_id = calendar.organization_id
      and cs.calendar_id = calendar.id
      and cs.specialist_id = require_choice.specialist_id
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'unknown_specialist',
      jsonb_build_object('rule', 'unknown_specialist', 'field', 'specialistId'));
  end if;
end;
$$;

comment on function app_private.require_choice is
  'Refuses a specialist whom the caller may not pick, or who cannot be booked in this calendar.';

grant execute on function app_private.require_choice to app_engine;
-- end of source: functions/scheduling/require_choice.sql

-- source: functions/scheduling/visible_calendar.sql
-- Which calendars a caller may ask about: everybody the public ones of open clinics, staff all of their own clinic.
-- Whatever is not theirs to see is the same "not found" as what does not exist. SCH-02, APT-05.

create or replace function app_private.visible_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql stable
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  where c.id = visible_calendar.calendar_id
    and c.is_active and c.deleted_at is null
    and s.is_active and s.deleted_at is null
    and ((c.is_public and o.activated_at is not null) or app_private.is_staff_of(c.organization_id));

  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  return v_calendar;
end;
$$;

comment on function app_private.visible_calendar is
  'The calendar, when it is active and the caller may see it; else NOT_FOUND.';

grant execute on function app_private.visible_calendar to app_engine;
-- end of source: functions/scheduling/visible_calendar.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override. Whoever could be chosen is locked before the
-- days, as who removes a specialist does, so that a booking is either counted there or refused here.

create or replace function app_private.claim_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_draft app_private.time_claims;
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse('VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}');
  end if;
  v_calendar := app_private.visible_calendar(claim_slot.calendar_id);
  perform app_private.require_choice(v_calendar, claim_slot.specialist_id);
  perform app_private.require_specialist(v_calendar.organization_id, chosen.specialist_id)
  from (
    select cs.specialist_id
    from app_public.calendar_specialists as cs
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id and sp.deleted_at is null
    where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id
      and (claim_slot.specialist_id is null or cs.specialist_id = claim_slot.specialist_id)
    order by cs.specialist_id
  ) as chosen;
  perform app_private.require_calendar(v_calendar.organization_id, v_calendar.id);
  v_draft.kind := claim_slot.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  return app_private.place_claim(v_calendar, claim_slot.starts_at, claim_slot.specialist_id, v_draft, override);
end;
$$;

comment on function app_private.claim_slot is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

-- source: functions/appointments/move_appointment.sql
-- Every verb on an appointment is this one: lock, authorize, move. Of two at once the second finds what the first
-- left and is refused with the moves that are legal now. APT-01.

create or replace function app_private.move_appointment(appointment_id uuid, to_status text, reason text default null)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);

  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end
  where appointments.id = v_appointment.id
  returning * into v_appointment;

  if to_status in ('cancelled', 'noshow') then
    perform app_private.uncount_assignment(v_appointment.claim_id);
    perform app_private.release_claim(v_appointment.claim_id);
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.move_appointment is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves. Cancelled and no-show free the time.';
grant execute on function app_private.move_appointment to app_engine;
-- end of source: functions/appointments/move_appointment.sql

-- source: functions/appointments/locked_booking_request.sql
-- The request that staff are about to answer, locked: of two colleagues, the second finds the first one's answer. APT-09.

create or replace function app_private.locked_booking_request(booking_request_id uuid, to_status text)
returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;
  perform app_private.authorize_move('booking_requests', v_request.status, to_status, v_request.organization_id);
  return v_request;
end;
$$;

comment on function app_private.locked_booking_request is
  'A booking request of the caller''s clinic, locked, after the move to to_status was authorized.';
grant execute on function app_private.locked_booking_request to app_engine;
-- end of source: functions/appointments/locked_booking_request.sql

-- source: functions/deletion/require_right_to_delete.sql
-- Whoever may delete a row may bring it back. FND-10, FND-04.

create or replace function app_private.require_right_to_delete(permission text, organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if permission is not null then
    perform app_private.require_permission(organization_id, permission);
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_right_to_delete is
  'Refuses as require_permission() does; without a permission, everybody but superadmins.';
grant execute on function app_private.require_right_to_delete to app_engine;
-- end of source: functions/deletion/require_right_to_delete.sql

-- source: functions/deletion/restore_deleted_row.sql
-- What was deleted comes back, with what went along. A unique name that somebody took meanwhile stands in the way, as
-- for any new row: the constraint refuses. FND-10.

set role app_engine;

create or replace function app_public.restore_deleted_row(entity text, row_id uuid) returns app_public.deleted_row
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule record;
  v_row app_public.deleted_row;
  v_leader_lives boolean;
begin
  -- What the caller says is looked up and never becomes SQL.
  select soft_deletes.table_name, soft_deletes.permission, soft_deletes.follows into v_rule
  from app_private.soft_deletes
  where soft_deletes.table_name = 'app_public.' || restore_deleted_row.entity;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'entity_unknown', '{"field": "entity"}');
  end if;

  execute app_private.deleted_rows_query(v_rule.table_name, 'r.id = $1') into v_row using row_id;
  perform app_private.require_right_to_delete(v_rule.permission, v_row.organization_id);

  if v_rule.follows is not null then
    -- Locked first, as whoever deletes it does: it neither goes nor comes back meanwhile.
    execute format(
      'select leader.deleted_at is null from %1$s as leader
       where leader.id = (select leader.id from %2$s as follower join %1$s as leader on %3$s where follower.id = $1)
       for share',
      v_rule.follows::regclass, v_rule.table_name::regclass, app_private.follows_where(v_rule.table_name, v_rule.follows))
    into v_leader_lives using row_id;
    if not v_leader_lives then
      perform app_hidden.refuse(
        'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', split_part(v_rule.follows, '.', 2)));
    end if;
  end if;

  if not app_private.mark_restored(v_rule.table_name, row_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_row;
end;
$$;

comment on function app_public.restore_deleted_row is
  'Brings back what deletedRows lists, with what was deleted along with it. Needs the permission that deletes. NOT_FOUND '
  'when it is not deleted; CONFLICT when something else took its unique name meanwhile, or what it belongs to is deleted.';
grant execute on function app_public.restore_deleted_row to app_member;

reset role;

create or replace function app_private.mark_restored(table_name text, row_id uuid) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_deleted_at timestamptz;
begin
  execute format(
    'update %s as r set deleted_at = null where r.id = $1 and r.deleted_at is not null returning old.deleted_at',
    mark_restored.table_name::regclass)
  into v_deleted_at using row_id;
  if v_deleted_at is null then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_restored.table_name, row_id, v_deleted_at) loop
    perform app_private.mark_restored(v_follower.follower, v_follower.follower_id);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_restored is
  'Clears deleted_at of a deleted row and of what went with it; false when there is none. The caller has checked who may.';
grant execute on function app_private.mark_restored to app_engine;
-- end of source: functions/deletion/restore_deleted_row.sql

-- source: functions/patients/people_like.sql
-- Who of a clinic's patients somebody may be, and what speaks for it. An address may be a family's, a number a
-- household's, a name a namesake's: each alone is a reason to ask and never to decide. Of somebody with an account the
-- address they sign in with counts as theirs too. Other clinics' patients are never looked at. FND-34, APT-09.

create or replace function app_private.people_like(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null
) returns setof app_private.person_candidate
language sql stable
set search_path = ''
as $$
  with asked as materialized (
    select app_hidden.address_key(people_like.email) as email, people_like.phone as phone, people_like.birth_date as birth_date,
           app_private.name_key(people_like.given_name || ' ' || people_like.family_name) as name
  ),
  -- One index each; what they find is few.
  found as (
    select patient_profiles.id from asked join app_public.patient_profiles on app_hidden.ascii_lower(patient_profiles.email) = asked.email
    union
    select patient_profiles.id
    from asked
    join app_public.humans on humans.email = asked.email
    join app_public.patient_profiles on patient_profiles.human_id = humans.principal_id
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.phone = asked.phone
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.birth_date = asked.birth_date
  ),
  compared as (
    select patients.id as patient_id, profile.id as patient_profile_id,
           case when app_hidden.ascii_lower(profile.email) = asked.email or humans.email = asked.email then true
                when coalesce(profile.email, humans.email) is not null and asked.email is not null then false end as address,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) = asked.name as name,
           profile.phone = asked.phone as telephone,
           profile.birth_date = asked.birth_date as birthday
    from asked
    cross join found
    join app_public.patient_profiles as profile on profile.id = found.id
    join app_public.patients
      on patients.organization_id = people_like.organization_id
     and patients.patient_profile_id = profile.id
     and patients.deleted_at is null
    left join app_public.humans on humans.principal_id = profile.human_id
  )
  select compared.patient_id, compared.patient_profile_id, compared.address, compared.name, compared.telephone, compared.birthday
  from compared
  where compared.address or compared.telephone or (compared.name and compared.birthday)
  order by (compared.address and compared.name) is true desc,
           (compared.address is true)::int + (compared.name is true)::int + (compared.telephone is true)::int
             + (compared.birthday is true)::int desc,
           compared.patient_profile_id
  limit 20
$$;

comment on function app_private.people_like is
  'Patients of the clinic with this address, this number, or this name and birthday, likeliest first, at most 20.';
grant execute on function app_private.people_like to app_engine;

create or replace function app_private.refuse_unclear(candidates app_private.person_candidate[]) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'person_unclear',
    jsonb_build_object('candidates', (
      select jsonb_agg(jsonb_build_object(
        'patientId', candidate.patient_id,
        'patientProfileId', candidate.patient_profile_id,
        'agrees', array_to_json(array_remove(array[
          case when candidate.address then 'address' end, case when candidate.name then 'name' end,
          case when candidate.telephone then 'telephone' end, case when candidate.birthday then 'birthday' end], null)),
        'differs', array_to_json(array_remove(array[
          case when not candidate.address then 'address' end, case when not candidate.name then 'name' end,
          case when not candidate.telephone then 'telephone' end, case when not candidate.birthday then 'birthday' end], null)))
        order by candidate.place)
      from unnest(candidates) with ordinality
        as candidate (patient_id, patient_profile_id, address, name, telephone, birthday, place))));
end;
$$;

comment on function app_private.refuse_unclear is
  'CONFLICT person_unclear with the candidates: ids and the names of facts that agree and differ, never their values.';
grant execute on function app_private.refuse_unclear to app_engine;
-- end of source: functions/patients/people_like.sql

-- source: functions/patients/require_patient.sql
-- A booking is for somebody who is a patient of the clinic when it is written. The lock makes remove_patient wait for
-- it. FND-07, FND-10.

create or replace function app_private.require_patient(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_patient.organization_id
    and patients.patient_profile_id = require_patient.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
end;
$$;

comment on function app_private.require_patient is 'Locks a patient who is not removed; NOT_FOUND patient_not_found otherwise.';
grant execute on function app_private.require_patient to app_engine;
-- end of source: functions/patients/require_patient.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one whose address and name agree, or a new one.
-- Whoever is unclear is asked about. APT-09, FND-07, FND-34.

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates app_private.person_candidate[];
  v_known uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null and as_new_patient then
    perform app_hidden.refuse('VALIDATION', 'patient_contradicted', '{"field": "asNewPatient"}');
  end if;
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    perform app_private.lock_people(request.organization_id);
    select array_agg(candidate), array_agg(candidate.patient_profile_id) filter (where candidate.address and candidate.name)
    into v_candidates, v_known
    from app_private.people_like(
      request.organization_id, request.given_name, request.family_name, request.email, request.phone) as candidate;

    if cardinality(v_known) = 1 then
      perform app_private.require_patient(request.organization_id, v_known[1]);
      return v_known[1];
    elsif v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request is
  'The patient profile for a request, made if need be; CONFLICT person_unclear when only a person can tell, VALIDATION '
  'patient_contradicted when one is named and said to be new.';
grant execute on function app_private.patient_for_request to app_engine;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/require_to_answer.sql
-- Whether the caller may answer this booking request, whatever became of it meanwhile: asked before an answer that is
-- remembered is told again. FND-26, APT-09.

create or replace function app_private.require_to_answer(booking_request_id uuid, to_status text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select booking_requests.organization_id into v_organization_id
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;
  perform app_private.authorize_move('booking_requests', 'requested', to_status, v_organization_id);
end;
$$;

comment on function app_private.require_to_answer is
  'Refuses as the first answer to the request would: NOT_FOUND for a stranger, FORBIDDEN for a colleague without the permission.';
grant execute on function app_private.require_to_answer to app_engine;
-- end of source: functions/appointments/require_to_answer.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason));
  v_request app_public.booking_requests;
  v_profile_id uuid;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  -- Past its deadline a request is over, whether or not the worker has come by to say so.
  if v_request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired',
      jsonb_build_object('respondBy', v_request.respond_by, 'timezone', (
        select organizations.timezone from app_public.organizations where organizations.id = v_request.organization_id)));
  end if;
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  perform app_private.convert_claim(v_request.claim_id, 'appointment');
  perform app_private.count_assignment(v_request.claim_id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name,
    locale, organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email, v_request.phone,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, v_request.organizer_email,
    app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates. When the time can no longer be booked, '
  'what holdSlot says of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/notify/notify_many.sql
-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.

set role app_engine;
create or replace function app_private.notify_many(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  data jsonb default '{}',
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.message_types;
  v_recipients app_private.message_recipient[];
  v_problem text;
begin
  select message_types.* into v_type
  from app_private.message_types
  where message_types.key = notify_many.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object('template', notify_many.template_key));
  end if;

  if (v_type.calendar_status is null) <> (notify_many.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object('template', v_type.key));
  end if;

  select recipient.locale into v_problem
  from unnest(notify_many.recipients) as recipient
  where recipient.locale <> all (array['ro', 'en'])
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', v_type.key, 'locale', v_problem));
  end if;

  select difference.name into v_problem
  from unnest(notify_many.recipients) as recipient
  cross join lateral (
    select given.name
    from jsonb_object_keys(coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}')) as given (name)
    where given.name <> all (v_type.variables)
    union all
    select needed.name
    from unnest(v_type.variables) as needed (name)
    where not coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}') ? needed.name
  ) as difference
  order by difference.name
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_problem));
  end if;

  if exists (
    select from unnest(notify_many.recipients) as recipient
    where case
      when recipient.patient_profile_id is not null then not exists (
        select from app_public.patients
        where patients.organization_id = notify_many.organization_id
          and patients.patient_profile_id = recipient.patient_profile_id)
      when recipient.human_id is not null then not exists (
        select from app_public.humans where humans.principal_id = recipient.human_id)
      else recipient.name is null
    end
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_recipient_unknown', jsonb_build_object('template', v_type.key));
  end if;

  select array_agg(
    row(recipient.patient_profile_id, recipient.human_id, recipient.name, recipient.email, recipient.phone,
        recipient.locale, coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}'))::app_private.message_recipient)
  into v_recipients
  from unnest(notify_many.recipients) as recipient
  where notify_many.event_id is null or not exists (
    select from app_public.messages
    where messages.organization_id = notify_many.organization_id
      and messages.event_id = notify_many.event_id
      and messages.template_key = notify_many.template_key
      and messages.recipient = coalesce(
        recipient.patient_profile_id::text, recipient.human_id::text, app_hidden.ascii_lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

reset role;
-- end of source: functions/notify/notify_many.sql

-- source: functions/core/require_reason.sql
-- What is done to somebody's record by hand says why. FND-34, FND-08.

create or replace function app_private.require_reason(reason text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if length(btrim(coalesce(reason, ''), e' \t\r\n')) not between 3 and 500 then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}');
  end if;
  return btrim(reason, e' \t\r\n');
end;
$$;

comment on function app_private.require_reason is 'The reason, trimmed; VALIDATION reason_missing when it says nothing or too much.';
grant execute on function app_private.require_reason to app_engine;
-- end of source: functions/core/require_reason.sql

-- source: functions/appointments/move_appointment_to_patient.sql
-- An appointment that stands on the wrong chart goes to the right patient of the same clinic; back again the same way.
-- The answer to a booking request follows, since the request is the appointment's. What the guest gave as contact stays;
-- a contact that was the patient's own changes with the patient. Locks: the clinic's people, then the right patient, then
-- the appointment, as whoever removes or merges patients; the wrong one is locked last, by the record of the transfer.
-- FND-34, APT-01.

set role app_engine;

create or replace function app_public.move_appointment_to_patient(appointment_id uuid, patient_profile_id uuid, reason text)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_appointment app_public.appointments;
  v_person app_public.patient_profiles;
  v_from_id uuid;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  perform app_private.require_permission(v_appointment.organization_id, 'patients.manage');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_appointment.organization_id);
  perform app_private.require_patient(v_appointment.organization_id, move_appointment_to_patient.patient_profile_id);
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id and appointments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  -- What has not left for the other person does not leave any more; what a worker has in hand is on its way.
  update app_public.messages set status = 'skipped', reason = 'moved_to_another_patient'
  from app_private.events
  where messages.organization_id = v_appointment.organization_id
    and messages.patient_profile_id = v_from_id
    and messages.status = 'queued'
    and messages.attempts = 0
    and events.organization_id = messages.organization_id
    and events.id = messages.event_id
    and events.subject_id = v_appointment.id;
  perform app_private.publish(
    'appointment.patient_changed', v_appointment.organization_id, v_appointment.id,
    jsonb_build_object(
      'appointmentId', v_appointment.id, 'patientProfileId', v_person.id, 'fromPatientProfileId', v_from_id));
  return v_appointment;
end;
$$;

comment on function app_public.move_appointment_to_patient is
  'Moves an appointment from the wrong chart to the right patient of the clinic. Needs appointments.manage, '
  'patients.manage and a reason; moving it back undoes it. CONFLICT already_this_patient.';
grant execute on function app_public.move_appointment_to_patient to app_member;

reset role;
-- end of source: functions/appointments/move_appointment_to_patient.sql

-- source: functions/deletion/soft_delete.sql
-- Deletion that can be taken back: every verb that removes something ends here. FND-10.

create or replace function app_private.soft_delete(table_name text, row_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_permission text;
  v_row jsonb;
begin
  select soft_deletes.permission into strict v_permission
  from app_private.soft_deletes
  where soft_deletes.table_name = soft_delete.table_name;

  execute format('select to_jsonb(r) from %s as r where r.id = $1 and r.deleted_at is null', soft_delete.table_name::regclass)
  into v_row using row_id;
  perform app_private.require_right_to_delete(v_permission, (v_row ->> 'organization_id')::uuid);
  if not app_private.mark_deleted(soft_delete.table_name, row_id, app_hidden.now()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
end;
$$;

comment on function app_private.soft_delete is
  'Deletes a row of a registered table, with what follows it. FORBIDDEN for a colleague without the permission; NOT_FOUND '
  'for strangers, for what is deleted already, and for the slower of two.';
grant execute on function app_private.soft_delete to app_engine;

create or replace function app_private.mark_deleted(
  table_name text,
  row_id uuid,
  at timestamptz,
  leader text default null,
  leader_id uuid default null
) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_count bigint;
begin
  -- Whether it follows is asked with the update: a row that went over to somebody else while it was waited for stays.
  execute format(
    'update %s as follower set deleted_at = $2 where follower.id = $1 and follower.deleted_at is null and %s',
    mark_deleted.table_name::regclass,
    case when leader is null then 'true'
      else format('exists (select from %s as leader where leader.id = $3 and %s)',
        leader::regclass, app_private.follows_where(mark_deleted.table_name, leader))
    end)
  using row_id, at, leader_id;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_deleted.table_name, row_id, null) loop
    perform app_private.mark_deleted(v_follower.follower, v_follower.follower_id, at, mark_deleted.table_name, row_id);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_deleted is
  'Sets deleted_at of a live row and of what follows it; false when there is none, or when it does not follow the leader '
  'that is named. The caller has checked who may.';
grant execute on function app_private.mark_deleted to app_engine;
-- end of source: functions/deletion/soft_delete.sql

-- source: functions/appointments/remove_appointment.sql
-- What was entered by mistake is taken out of the list, once it is over: while it holds its time it is cancelled, not
-- removed. FND-10, APT-01.

set role app_engine;

create or replace function app_public.remove_appointment(appointment_id uuid) returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  perform app_private.soft_delete('app_public.appointments', appointment_id);
  select appointments.* into strict v_appointment from app_public.appointments where appointments.id = remove_appointment.appointment_id;
  if app_private.legal_moves('appointments', v_appointment.status) <> '[]' then
    perform app_hidden.refuse(
      'STATE', 'appointment_not_over',
      jsonb_build_object('status', v_appointment.status, 'legal', app_private.legal_moves('appointments', v_appointment.status)));
  end if;
  return v_appointment;
end;
$$;

comment on function app_public.remove_appointment is
  'Takes an appointment that is over out of the lists; restoreDeletedRow brings it back. Needs appointments.manage; STATE '
  'appointment_not_over while it can still move.';
grant execute on function app_public.remove_appointment to app_member;

reset role;
-- end of source: functions/appointments/remove_appointment.sql

-- source: functions/scheduling/require_request_allowance.sql
-- One visitor asks only so often in an hour and a day, and one network only so much more, at all clinics together and
-- whatever became of the requests: to ask and withdraw in a loop is bounded as well. FND-35, APT-09.
-- The locks make the count true for those who ask in parallel: visitor first, then address, as for holds.

set role app_engine;
create or replace function app_private.require_request_allowance(visitor_id text, address inet) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_asked timestamptz[];
  v_free_at timestamptz;
begin
  for v_limit in
    select visitor_limits.*
    from app_private.visitor_limits
    where visitor_limits.name = 'visitor' and require_request_allowance.visitor_id is not null
      or visitor_limits.name = 'address' and require_request_allowance.address is not null
    order by visitor_limits.name desc
  loop
    -- Newest first. Two statements, because each has its index.
    if v_limit.name = 'visitor' then
      perform pg_advisory_xact_lock(hashtextextended('requests of visitor:' || require_request_allowance.visitor_id, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.visitor_id = require_request_allowance.visitor_id
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    else
      perform pg_advisory_xact_lock(hashtextextended('requests of address:' || require_request_allowance.address, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.address = require_request_allowance.address
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    end if;

    v_free_at := greatest(
      v_asked[v_limit.per_day] + interval '1 day',
      case when v_asked[v_limit.per_hour] > v_now - interval '1 hour' then v_asked[v_limit.per_hour] + interval '1 hour' end);
    if v_free_at is not null then
      perform app_hidden.refuse(
        'RATE_LIMITED',
        case v_limit.name when 'visitor' then 'too_many_requests' else 'too_many_requests_from_address' end,
        jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)));
    end if;
  end loop;
end;
$$;

comment on function app_private.require_request_allowance is
  'Refuses with RATE_LIMITED when a visitor, or an address, has made as many booking requests as an hour or a day allows.';
reset role;
-- end of source: functions/scheduling/require_request_allowance.sql

-- source: functions/appointments/withdraw_booking_request.sql
-- The guest changes their mind before the clinic has answered; the time is free again. APT-09.

set role app_engine;

create or replace function app_public.withdraw_booking_request(token text) returns app_public.booking_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(withdraw_booking_request.token, 'sha256')
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;

  update app_public.booking_requests set status = 'withdrawn', decided_at = app_hidden.now()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return app_private.booking_receipt_of(v_request);
end;
$$;

comment on function app_public.withdraw_booking_request is
  'Withdraws a booking request by its token and frees the time. STATE once the clinic has answered.';
grant execute on function app_public.withdraw_booking_request to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/withdraw_booking_request.sql

-- source: functions/audit/tg_refuse_change.sql
-- What was written down is not rewritten, by nobody. FND-08.
-- Per statement, so that the answer is the same for whoever sees no row. One change exists: the engine takes out what
-- erasure takes out, which tg_entries__only_erase holds to.

create or replace function audit.tg_refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and current_user = 'app_engine' and tg_table_name in ('entries', 'anchors') then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only');
  return null;
end;
$$;

comment on function audit.tg_refuse_change is 'Refuses update, delete and truncate of the log. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change before update or delete or truncate on audit.entries
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.seals
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchors
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchored_heads
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before delete or truncate on audit.heads
  for each statement execute function audit.tg_refuse_change();
-- end of source: functions/audit/tg_refuse_change.sql

-- source: functions/audit/erase_values.sql
-- Erasure reaches the log: values, addresses and the key of the digest are taken out, and the chain still verifies.
-- FND-08, FND-09, and what GDPR art. 17 will call.
-- Each erased entry gets an entry of its own in the same chain, which names it and the reason. Verification asks for
-- it: values that are gone without one were taken by somebody else.

create or replace function audit.erase_values(
  reason text,
  person_id uuid default null,
  table_name text default null,
  row_key text default null
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entries audit.entries[];
  v_entry audit.entries;
  v_id uuid;
begin
  if nullif(btrim(erase_values.reason), '') is null then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}');
  end if;
  if erase_values.person_id is null and (erase_values.table_name is null or erase_values.row_key is null) then
    perform app_hidden.refuse('VALIDATION', 'nothing_named');
  end if;

  -- All at first: the first entry of a month makes its partition, which nobody may be reading then. Chains are in order.
  v_entries := array(
    select entries
    from audit.entries
    where (erase_values.person_id is null or entries.person_id = erase_values.person_id)
      and (erase_values.row_key is null or (entries.table_name = erase_values.table_name and entries.row_key = erase_values.row_key))
      and entries.key is not null
      and entries.action <> 'erase'
    order by entries.scope_id, entries.occurred_at, entries.id
  );
  foreach v_entry in array v_entries loop
    update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null
    where entries.scope_id = v_entry.scope_id and entries.occurred_at = v_entry.occurred_at and entries.id = v_entry.id;
    v_id := audit.append(
      v_entry.organization_id, 'erase', 'audit.entries', v_entry.id::text, null, null, null,
      jsonb_build_object('reason', erase_values.reason));
  end loop;
  return cardinality(v_entries);
end;
$$;

comment on function audit.erase_values is
  'Takes the values out of every entry about this person, or this row, and records the reason for each; returns how many.';
grant execute on function audit.erase_values to app_engine;
-- end of source: functions/audit/erase_values.sql

-- source: functions/audit/open_patient_chart.sql
-- Staff open a patient's chart: the reading is recorded, and the patient sees who looked. FND-08.

set role app_engine;

create or replace function app_public.open_patient_chart(patient_id uuid) returns app_public.patient_chart
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_chart app_public.patient_chart;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = open_patient_chart.patient_id and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.view');

  perform audit.record_read(
    v_patient.organization_id, 'app_public.patients', v_patient.id::text, 'chart', v_patient.patient_profile_id);

  select v_patient.id, v_patient.organization_id, profile.id, v_patient.created_at,
    profile.given_name, profile.family_name, profile.email, profile.phone, profile.birth_date, profile.locale,
    array(
      select row(humans.principal_id, humans.display_name, humans.email, caregivers.relationship, caregivers.created_at,
                 caregivers.ends_on)::app_public.chart_caregiver
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.patient_profile_id = profile.id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      order by caregivers.created_at, caregivers.id
    ),
    array(
      select row(appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality,
                 services.name, concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
                 appointments.cancellation_reason)::app_public.chart_appointment
      from app_public.appointments
      join app_public.services
        on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join app_public.specialists
        on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
      where appointments.organization_id = v_patient.organization_id
        and appointments.patient_profile_id = profile.id
        and appointments.deleted_at is null
        -- Whoever may see patients and no appointments sees none here either.
        and app_hidden.has_permission(v_patient.organization_id, 'appointments.view')
      order by appointments.starts_at desc, appointments.id
      limit 200
    )
  into v_chart
  from app_public.patient_profiles as profile
  where profile.id = v_patient.patient_profile_id;
  return v_chart;
end;
$$;

comment on function app_public.open_patient_chart is
  'Opens the chart of a patient of the clinic and records who did; the patient sees it in myChartReadings. For staff with '
  'patients.view; others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.open_patient_chart to app_member;

reset role;
-- end of source: functions/audit/open_patient_chart.sql

-- source: functions/audit/tg_entries__only_erase.sql
-- The one change an entry knows: everything that may be personal is taken out, with the key, at once. FND-08.

create or replace function audit.tg_entries__only_erase() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_erased audit.entries := old;
begin
  v_erased.old := null;
  v_erased.new := null;
  v_erased.ip := null;
  v_erased.user_agent := null;
  v_erased.key := null;
  -- What is generated is filled in after this trigger.
  v_erased.scope_id := new.scope_id;
  if new is distinct from v_erased then
    perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only');
  end if;
  return new;
end;
$$;

comment on function audit.tg_entries__only_erase is
  'Lets an update through that leaves nothing personal and changes nothing else. Trigger _200_only_erase.';

create or replace trigger _200_only_erase before update on audit.entries
  for each row execute function audit.tg_entries__only_erase();
-- end of source: functions/audit/tg_entries__only_erase.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06.

create or replace function app_private.reassign_specialist(
  organization_id uuid,
  from_specialist_id uuid,
  to_specialist_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim_ids uuid[];
begin
  -- Answers to requests and moves of appointments lock the row first and its claim second; so does this.
  perform from app_public.appointments
  where appointments.organization_id = reassign_specialist.organization_id
    and appointments.specialist_id = from_specialist_id
    and appointments.ends_at > app_hidden.now()
  order by appointments.id
  for no key update;
  perform from app_public.booking_requests
  where booking_requests.organization_id = reassign_specialist.organization_id
    and booking_requests.specialist_id = from_specialist_id
    and booking_requests.ends_at > app_hidden.now()
  order by booking_requests.id
  for no key update;

  -- From here on they stay what they are: nobody books a specialist who is locked, nor calls off what is locked.
  v_claim_ids := array(
    select booking.id
    from app_private.bookings_to_come(reassign_specialist.organization_id) as booking
    where booking.specialist_id = from_specialist_id);

  -- The days of both, before any claim is touched.
  perform app_private.lock_specialist_days(array(
    select (specialist.id, lower(time_claims.during), upper(time_claims.during), time_claims.blocked)::app_private.free_start
    from app_private.time_claims
    cross join unnest(array[from_specialist_id, to_specialist_id]) as specialist (id)
    where time_claims.id = any (v_claim_ids)));
  -- What the colleague's visitors let expire is free, but still trips the constraint.
  perform app_private.release_expired_holds(to_specialist_id, time_claims.blocked)
  from app_private.time_claims
  where time_claims.id = any (v_claim_ids);

  begin
    with moved as (
      update app_private.time_claims set specialist_id = to_specialist_id
      where time_claims.id = any (v_claim_ids)
      returning time_claims.id
    ), appointments as (
      update app_public.appointments set specialist_id = to_specialist_id
      from moved
      where appointments.organization_id = reassign_specialist.organization_id and appointments.claim_id = moved.id
    )
    update app_public.booking_requests set specialist_id = to_specialist_id
    from moved
    where booking_requests.organization_id = reassign_specialist.organization_id and booking_requests.claim_id = moved.id;
  exception when exclusion_violation then
    perform app_hidden.refuse('CONFLICT', 'colleague_not_free', '{"field": "reassignTo"}');
  end;
end;
$$;

comment on function app_private.reassign_specialist is
  'Moves future appointments and requests to a colleague; CONFLICT colleague_not_free when any of them overlaps. '
  'The caller has locked both specialists.';
grant execute on function app_private.reassign_specialist to app_engine;
-- end of source: functions/catalog/reassign_specialist.sql

-- source: functions/scheduling/require_nothing_to_come.sql
-- What bookings rely on stays until they are over, cancelled or moved. FND-10.

create or replace function app_private.require_nothing_to_come(bookings bigint) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if bookings > 0 then
    perform app_hidden.refuse('CONFLICT', 'has_future_appointments', jsonb_build_object('count', bookings));
  end if;
end;
$$;

comment on function app_private.require_nothing_to_come is 'CONFLICT has_future_appointments with their count, unless it is zero.';
grant execute on function app_private.require_nothing_to_come to app_engine;
-- end of source: functions/scheduling/require_nothing_to_come.sql

-- source: functions/catalog/remove_specialist.sql
-- A specialist goes. Whoever still has appointments with them is counted in the refusal, or moves to a colleague. SPC-06.

set role app_engine;

create or replace function app_public.remove_specialist(
  specialist_id uuid,
  reassign_to uuid default null
) returns app_public.specialists
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
  v_count bigint;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = remove_specialist.specialist_id and specialists.deleted_at is null;
  -- Of one who is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.manage');

  -- Both at once and by id, so that two who hand over to each other do not wait in a circle. Bookings lock their
  -- specialist for share (require_specialist): those under way are waited for, later ones are refused.
  perform from app_public.specialists
  where specialists.organization_id = v_specialist.organization_id
    and specialists.id in (remove_specialist.specialist_id, remove_specialist.reassign_to)
  order by specialists.id
  for no key update;
  perform app_private.soft_delete('app_public.specialists', v_specialist.id);
  if reassign_to is not null and not exists (
    select from app_public.specialists
    where specialists.organization_id = v_specialist.organization_id
      and specialists.id = reassign_to
      and specialists.deleted_at is null
  ) then
    perform app_hidden.refuse('VALIDATION', 'colleague_not_found', '{"field": "reassignTo"}');
  end if;

  update app_public.specialists set scheduling_active = false
  where specialists.id = v_specialist.id
  returning * into v_specialist;

  select count(*) into v_count
  from app_private.bookings_to_come(v_specialist.organization_id) as booking
  where booking.specialist_id = v_specialist.id;

  if reassign_to is not null then
    perform app_private.reassign_specialist(v_specialist.organization_id, v_specialist.id, reassign_to);
  elsif v_count > 0 then
    perform app_hidden.refuse('CONFLICT', 'has_future_appointments', jsonb_build_object('count', v_count));
  end if;
  return v_specialist;
end;
$$;

comment on function app_public.remove_specialist is
  'Removes a specialist; restoreDeletedRow brings them back, inactive. With appointments to come: CONFLICT has_future_appointments with their count, or they go to reassignTo.';
grant execute on function app_public.remove_specialist to app_member;

reset role;
-- end of source: functions/catalog/remove_specialist.sql

-- source: functions/catalog/remove_specialty.sql
-- A clinic's own specialty goes once nobody practises it any more. FND-10, SPC-01.

set role app_engine;

create or replace function app_public.remove_specialty(specialty_id uuid) returns app_public.specialties
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_specialty app_public.specialties;
  v_count bigint;
begin
  perform app_private.soft_delete('app_public.specialties', specialty_id);
  select specialties.* into strict v_specialty from app_public.specialties where specialties.id = remove_specialty.specialty_id;
  select count(*) into v_count
  from app_public.specialist_specialties
  join app_public.specialists
    on specialists.organization_id = specialist_specialties.organization_id
   and specialists.id = specialist_specialties.specialist_id
   and specialists.deleted_at is null
  where specialist_specialties.organization_id = v_specialty.organization_id
    and specialist_specialties.specialty_id = v_specialty.id;
  if v_count > 0 then
    perform app_hidden.refuse('CONFLICT', 'is_practised', jsonb_build_object('count', v_count));
  end if;
  return v_specialty;
end;
$$;

comment on function app_public.remove_specialty is
  'Removes a clinic''s own specialty; restoreDeletedRow brings it back. Needs specialties.manage; CONFLICT is_practised '
  'with the count of specialists who do; NOT_FOUND for the platform''s.';
grant execute on function app_public.remove_specialty to app_member;

reset role;
-- end of source: functions/catalog/remove_specialty.sql

-- source: functions/catalog/tg_specialist_specialties__scope.sql
-- Which specialties may be linked: the platform's and the clinic's own. The constraint on specialty_scope_id
-- holds it; this only fills it in. As the caller: what they may not see answers as what does not exist. SPC-03, FND-06.

create or replace function app_private.tg_specialist_specialties__scope() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select coalesce(specialties.organization_id, '00000000-0000-0000-0000-000000000000') into new.specialty_scope_id
  from app_public.specialties
  where specialties.id = new.specialty_id
    and (specialties.organization_id is null or specialties.organization_id = new.organization_id);
  if not found then
    perform app_hidden.refuse('VALIDATION', 'specialty_not_found', '{"field": "specialtyId"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_specialist_specialties__scope is 'Fills specialty_scope_id. Trigger _150_scope.';
-- end of source: functions/catalog/tg_specialist_specialties__scope.sql

-- source: functions/core/tg_guard_state.sql
-- A status moves only along state_transitions, whoever writes: verbs, the worker, the owner of the table. APT-01.

set role app_engine;

create or replace function app_private.tg_guard_state() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_not_before text;
  v_lead text;
  v_earliest timestamptz;
begin
  select transition.not_before, transition.lead_minutes into v_not_before, v_lead
  from app_private.state_transitions as transition
  where transition.entity = tg_table_name and transition.from_state = v_from and transition.to_state = new.status
  limit 1;

  if not found then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status,
                         'legal', app_private.legal_moves(tg_table_name, v_from)));
  end if;

  if v_not_before is not null then
    v_earliest := (to_jsonb(new) ->> v_not_before)::timestamptz;
    if v_lead is not null then
      select v_earliest - make_interval(mins => (to_jsonb(organizations) ->> v_lead)::int) into strict v_earliest
      from app_public.organizations
      where organizations.id = (to_jsonb(new) ->> 'organization_id')::uuid;
    end if;
    if v_earliest > app_hidden.now() then
      perform app_hidden.refuse(
        'STATE', 'too_early',
        jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status, 'notBefore', v_earliest, 'timezone', (
          select organizations.timezone from app_public.organizations
          where organizations.id = (to_jsonb(new) ->> 'organization_id')::uuid)));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_state is
  'Refuses a status that state_transitions does not list, naming the legal ones, and a move whose time has not come. '
  'Trigger _200_guard_state.';

reset role;
-- end of source: functions/core/tg_guard_state.sql

-- source: functions/facts/refuse_email.sql
-- What read_email found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_email(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'dot_misplaced' then
      perform app_hidden.refuse('VALIDATION', 'dot_misplaced', v_details);
    when 'local_part_too_long' then
      perform app_hidden.refuse('VALIDATION', 'local_part_too_long', v_details);
    when 'domain_label_too_long' then
      perform app_hidden.refuse('VALIDATION', 'domain_label_too_long', v_details);
    when 'address_too_long' then
      perform app_hidden.refuse('VALIDATION', 'address_too_long', v_details);
    when 'domain_not_accepted' then
      perform app_hidden.refuse('VALIDATION', 'domain_not_accepted', v_details);
    else
      perform app_hidden.refuse('VALIDATION', 'not_an_address', v_details);
  end case;
end;
$$;

comment on function app_hidden.refuse_email is 'Refuses an email address with the problem that read_email named.';
grant execute on function app_hidden.refuse_email to app_engine;
-- end of source: functions/facts/refuse_email.sql

-- source: functions/facts/refuse_phone.sql
-- What read_phone found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_phone(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'too_short' then
      perform app_hidden.refuse('VALIDATION', 'too_short', v_details);
    when 'too_long' then
      perform app_hidden.refuse('VALIDATION', 'too_long', v_details);
    when 'wrong_length' then
      perform app_hidden.refuse('VALIDATION', 'wrong_length', v_details);
    when 'not_in_use' then
      perform app_hidden.refuse('VALIDATION', 'not_in_use', v_details);
    when 'unknown_country' then
      perform app_hidden.refuse('VALIDATION', 'unknown_country', v_details);
    else
      perform app_hidden.refuse('VALIDATION', 'not_a_number', v_details);
  end case;
end;
$$;

comment on function app_hidden.refuse_phone is 'Refuses a telephone number with the problem that read_phone named.';
grant execute on function app_hidden.refuse_phone to app_engine;
-- end of source: functions/facts/refuse_phone.sql

-- source: functions/facts/require_no_link.sql
-- The name of a person goes into mails, to whatever address somebody wrote beside it: it leads nowhere. FND-35, APT-05.
-- Mail readers turn more into links than what begins with http, so anything that looks like a scheme, a path, an address
-- or a domain is refused, and so is a number to call. An abbreviation before a name is written with a space: "Dr. Ion".

create or replace function app_private.require_no_link(field text, text text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Full-width and ideographic signs are read as the plain ones.
  v_text text := lower(translate(normalize(require_no_link.text, NFKC), '。․', '..'));
begin
  if v_text ~ '[:/\\@]'
    or v_text ~ '(^|[^[:alnum:]])www[.]'
    or v_text ~ '[[:alnum:]][.][[:alpha:]]{2}'
    or v_text ~ '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+'
    or v_text ~ 'https?'
    or v_text ~ '([[:digit:]][ ()-]*){6}'
  then
    perform app_hidden.refuse('VALIDATION', 'link_in_text', jsonb_build_object('field', require_no_link.field));
  end if;
end;
$$;

comment on function app_private.require_no_link is
  'Refuses, with VALIDATION link_in_text, what a mail reader could turn into a link, and a number to call.';
grant execute on function app_private.require_no_link to app_engine;
-- end of source: functions/facts/require_no_link.sql

-- source: functions/events/replay_webhook.sql
-- An operator lets a delivery be applied again: after a fault was mended, or to see that nothing changes. FND-25.

set role app_engine;

create or replace function app_public.replay_webhook(provider text, event_id text) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_receipt app_private.webhook_receipts;
  v_found boolean := false;
  v_replayed int := 0;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;

  -- Accounts of one vendor number their own events: where two agree, both are replayed.
  for v_receipt in
    select webhook_receipts.*
    from app_private.webhook_receipts
    where webhook_receipts.provider = replay_webhook.provider and webhook_receipts.event_id = replay_webhook.event_id
    order by webhook_receipts.id
    for update
  loop
    v_found := true;
    continue when v_receipt.raw_body is null;
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.id = v_receipt.id and webhook_receipts.status <> 'received';
    -- A job that has used up its attempts starts anew under the same key.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt.id), job_key => 'webhook:' || v_receipt.id, max_attempts => 12);
    v_replayed := v_replayed + 1;
  end loop;

  if not v_found then
    perform app_hidden.refuse('NOT_FOUND', 'webhook_not_found');
  elsif v_replayed = 0 then
    perform app_hidden.refuse('GONE', 'webhook_body_purged');
  end if;
  return v_replayed;
end;
$$;

comment on function app_public.replay_webhook is
  'Applies a vendor''s event once more, by the vendor''s own id of it; answers how many deliveries that is. Superadmin only. '
  'GONE webhook_body_purged when its body was deleted.';
grant execute on function app_public.replay_webhook to app_member;

reset role;
-- end of source: functions/events/replay_webhook.sql

-- source: functions/events/tg_events__refuse_change.sql
-- What happened is not rewritten, by nobody. FND-14.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row. The engine alone
-- gets to delete, and only what its retention has passed for: tg_events__refuse_early_end looks at what it deleted.

create or replace function app_private.tg_events__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and current_user = 'app_engine' then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_change is 'Refuses update, delete and truncate of events, but to the engine what is over.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_private.events
  for each statement execute function app_private.tg_events__refuse_change();
-- end of source: functions/events/tg_events__refuse_change.sql

-- source: functions/events/tg_events__refuse_early_end.sql
-- An event stands until its retention has passed, whoever deletes it; and while that is held, it stands. FND-14, GDP-03.

create or replace function app_private.tg_events__refuse_early_end() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from ended
    where not exists (
      select from app_private.retention_acts() as acts
      where acts.table_name = 'app_private.events'
        and acts.act = 'delete'
        and ended.occurred_at < app_hidden.now() - acts.keep_for)
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable');
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_early_end is 'Refuses to delete events before their time is over.';

create or replace trigger _900_refuse_early_end
  after delete on app_private.events
  referencing old table as ended
  for each statement execute function app_private.tg_events__refuse_early_end();
-- end of source: functions/events/tg_events__refuse_early_end.sql

-- source: functions/files/require_upload_right.sql
-- Who may put a file to a row: staff by the surface's permission and, where the surface says so, the person the row is
-- about. A row that is not theirs to see and one that does not exist answer alike. FND-13, FND-04.

create or replace function app_private.require_upload_right(surface app_private.file_surfaces, owner_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_owner constant app_private.owner_of_file := app_private.file_owner(surface.owner_kind, owner_id);
begin
  if v_owner.organization_id is null or v_owner.is_deleted then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  if not (surface.uploaded_by_owner and v_owner.is_own) then
    perform app_private.require_permission(v_owner.organization_id, surface.manage_permission);
  end if;
  return v_owner.organization_id;
end;
$$;

comment on function app_private.require_upload_right is
  'The clinic of the owner row, when the caller may upload to it; else FORBIDDEN for a colleague, NOT_FOUND for anyone else.';
grant execute on function app_private.require_upload_right to app_engine;
-- end of source: functions/files/require_upload_right.sql

-- source: functions/files/own_upload.sql
-- The uploader's business only, and only while they may still upload there. What was decided before is said again.
-- FND-13.

create or replace function app_private.own_upload(file_id uuid) returns app_public.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.uploaded_by = app_hidden.current_principal_id() and files.status <> 'deleted'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'file_not_found');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_upload_right(v_surface, v_file.owner_id);

  if v_file.rejection = 'expired' or (v_file.status = 'pending' and v_file.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'upload_expired');
  end if;
  if v_file.status = 'rejected' then
    perform app_hidden.refuse('VALIDATION', 'file_rejected', jsonb_build_object('rejection', v_file.rejection));
  end if;
  return v_file;
end;
$$;

comment on function app_private.own_upload is
  'Locks the caller''s upload, pending or confirmed; NOT_FOUND, GONE upload_expired, or VALIDATION file_rejected with the reason.';
grant execute on function app_private.own_upload to app_engine;
-- end of source: functions/files/own_upload.sql

-- source: functions/files/delete_file.sql
-- Takes a file away from everybody's eyes at once; its bytes follow after thirty days, in which restore_file brings it
-- back. FND-13, FND-10.

set role app_engine;

create or replace function app_public.delete_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_permission text;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.status = 'confirmed'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select file_surfaces.manage_permission into strict v_permission
  from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_permission);

  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.delete_file is 'Removes a file. Needs the permission by which staff upload such files.';
grant execute on function app_public.delete_file to app_member;

reset role;
-- end of source: functions/files/delete_file.sql

-- source: functions/files/require_file_facts.sql
-- What can be said no to before a byte was sent. The ending of the name must fit the type: the name is what a computer
-- opens the download by, whatever is inside. FND-13.

create or replace function app_private.require_file_facts(
  surface app_private.file_surfaces, filename text, content_type text, size_bytes bigint, sha256 text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_extensions text[];
begin
  select file_types.extensions into v_extensions
  from app_private.file_surface_types
  join app_private.file_types on file_types.content_type = file_surface_types.content_type
  where file_surface_types.surface = (require_file_facts.surface).key
    and file_surface_types.content_type = require_file_facts.content_type;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'content_type_not_taken',
      jsonb_build_object('field', 'contentType', 'taken', (
        select jsonb_agg(file_surface_types.content_type order by file_surface_types.content_type)
        from app_private.file_surface_types
        where file_surface_types.surface = (require_file_facts.surface).key))
      -- The photos of telephones are told what their owners can do about them.
      || case when content_type in ('image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence')
              then '{"rejection": "heic"}' else '{}' end::jsonb);
  end if;

  -- The second range is what turns text around or hides in it: invoice‮fdp.exe reads invoiceexe.pdf. U+200D is taken where it
  -- joins what is no ASCII: pictures of several parts.
  if not coalesce(filename ~ '[[:alnum:]]' and length(filename) <= 200
                  and filename !~ '[[:cntrl:]/\\]' and filename !~ '[\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]'
                  and filename !~ '(^|[\u0001-\u007F\u200D])\u200D|\u200D([\u0001-\u007F]|$)', false) then
    perform app_hidden.refuse('VALIDATION', 'filename_not_usable', '{"field": "filename"}');
  end if;
  if app_hidden.ascii_lower(substring(filename from '\.([A-Za-z0-9]+)$')) = any (v_extensions) is not true then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_of_another_type', jsonb_build_object('field', 'filename', 'endings', v_extensions));
  end if;

  if not coalesce(size_bytes between 1 and surface.max_bytes, false) then
    perform app_hidden.refuse(
      'VALIDATION', 'file_too_large', jsonb_build_object('field', 'sizeBytes', 'least', 1, 'most', surface.max_bytes));
  end if;
  if not coalesce(sha256 ~ '^[0-9a-f]{64}$', false) then
    perform app_hidden.refuse('VALIDATION', 'digest_not_readable', '{"field": "sha256"}');
  end if;
end;
$$;

comment on function app_private.require_file_facts is
  'Passes when the surface takes such a file; else VALIDATION content_type_not_taken, filename_not_usable, '
  'filename_of_another_type, file_too_large or digest_not_readable.';
grant execute on function app_private.require_file_facts to app_engine;
-- end of source: functions/files/require_file_facts.sql

-- source: functions/files/require_upload_allowance.sql
-- How many uploads somebody may have open, and how many files a row may hold. The lock makes two at once count each
-- other. FND-13, FND-27.

create or replace function app_private.require_upload_allowance(
  surface app_private.file_surfaces, organization_id uuid, owner_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_open_most constant int := 50;
  v_principal_id uuid := app_hidden.current_principal_id();
begin
  perform pg_advisory_xact_lock(hashtextextended('uploads of ' || v_principal_id, 0));
  if (select count(*) from app_public.files
      where files.uploaded_by = v_principal_id and files.status = 'pending') >= v_open_most then
    perform app_hidden.refuse('CONFLICT', 'too_many_open_uploads', jsonb_build_object('most', v_open_most));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('files of ' || surface.key || owner_id, 0));
  -- Where the newest replaces, there is always room for it.
  if surface.max_files > 1 and (
    select count(*) from app_public.files
    where files.organization_id = require_upload_allowance.organization_id
      and files.surface = (require_upload_allowance.surface).key
      and files.owner_id = require_upload_allowance.owner_id
      and files.status in ('pending', 'confirmed')
  ) >= surface.max_files then
    perform app_hidden.refuse('CONFLICT', 'too_many_files', jsonb_build_object('most', surface.max_files));
  end if;
end;
$$;

comment on function app_private.require_upload_allowance is
  'Passes while the caller has few uploads open and the owner row few files; else CONFLICT too_many_open_uploads or too_many_files.';
grant execute on function app_private.require_upload_allowance to app_engine;
-- end of source: functions/files/require_upload_allowance.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces)));
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key,
     uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience, v_surface.owner_kind, owner_id,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload to app_member;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/files/restore_file.sql
-- A deleted file comes back while its bytes are still there, by whoever may delete it. A day is left to the worker that
-- removes them, so that nothing comes back empty. FND-10, FND-13.

set role app_engine;

create or replace function app_public.restore_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.deleted_at > app_hidden.now() - interval '29 days' and files.objects_removed_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_surface.manage_permission);

  if (app_private.file_owner(v_file.owner_kind, v_file.owner_id)).is_deleted then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', v_file.owner_kind));
  end if;

  -- The lock of uploads to the same owner: two at once count each other.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || v_file.owner_id, 0));
  if (
    select count(*) from app_public.files
    where files.organization_id = v_file.organization_id
      and files.surface = v_file.surface
      and files.status in ('pending', 'confirmed')
      and files.owner_id = v_file.owner_id
  ) >= v_surface.max_files then
    perform app_hidden.refuse('CONFLICT', 'too_many_files', jsonb_build_object('most', v_surface.max_files));
  end if;

  update app_public.files set status = 'confirmed', deleted_at = null
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.restore_file is
  'Brings a deleted file back, up to 29 days later. Needs the permission by which staff upload such files; CONFLICT '
  'too_many_files where others took its place, belongs_to_something_deleted while its owner is deleted itself.';
grant execute on function app_public.restore_file to app_member;

create or replace function app_public.deleted_files(organization_id uuid default null) returns setof app_public.deleted_row
language sql stable security definer
set search_path = ''
begin atomic
  select 'files', files.id, files.organization_id, files.filename, files.deleted_at
  from app_private.file_surfaces
  join app_public.files
    on files.surface = file_surfaces.key
   and files.organization_id = any (app_hidden.organization_ids_where(file_surfaces.manage_permission))
  where files.deleted_at > app_hidden.now() - interval '29 days'
    and files.objects_removed_at is null
    and (deleted_files.organization_id is null or files.organization_id = deleted_files.organization_id)
  order by files.deleted_at desc, files.id;
end;

comment on function app_public.deleted_files is
  'Files that were deleted and that the caller may bring back with restoreFile, newest first.';
grant execute on function app_public.deleted_files to app_member;

reset role;
-- end of source: functions/files/restore_file.sql

-- source: functions/identity/invitation_to_me.sql
-- The invitation that the caller answers, locked. Somebody else's is not there. FND-04, FND-07.

create or replace function app_private.invitation_to_me(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  join app_public.humans
    on humans.principal_id = app_hidden.current_account_id()
   and humans.email = invitations.email
   and humans.email_verified_at is not null
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where invitations.id = invitation_id
  for update of invitations;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invitation_not_found');
  end if;
  if v_invitation.status <> 'open' or v_invitation.expires_at <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'invitation_is_over',
      jsonb_build_object('status', case v_invitation.status when 'open' then 'expired' else v_invitation.status end));
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.invitation_to_me is
  'An open invitation to the caller''s verified address, locked; NOT_FOUND invitation_not_found, GONE invitation_is_over.';
grant execute on function app_private.invitation_to_me to app_engine;
-- end of source: functions/identity/invitation_to_me.sql

-- source: functions/patients/refuse_person_unclear.sql
-- What somebody is asked for whose address alone speaks for a profile. FND-07, FND-34.

create or replace function app_private.refuse_person_unclear(fact text) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  perform app_hidden.refuse('CONFLICT', 'person_unclear', jsonb_build_object('facts', jsonb_build_array(fact)));
end;
$$;

comment on function app_private.refuse_person_unclear is
  'CONFLICT person_unclear; the details name the fact, name or birthday, that the person is to give.';
grant execute on function app_private.refuse_person_unclear to app_engine;
-- end of source: functions/patients/refuse_person_unclear.sql

-- source: functions/identity/require_inviter.sql
-- Nobody comes in by the word of somebody who may no longer give it: a member by what they are allowed, the platform while
-- nobody is at the clinic. FND-04.

create or replace function app_private.require_inviter(invitation app_public.invitations) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select from app_public.principals
    where principals.id = (invitation).invited_by and principals.platform_role = 'superadmin' and principals.disabled_at is null
  ) and not exists (select from app_public.memberships where memberships.organization_id = (invitation).organization_id) then
    return;
  end if;
  if exists (
    select needed.permission
    from (
      select case (invitation).kind when 'member' then 'members.manage' else 'patients.manage' end as permission
      union
      select role_permissions.permission
      from app_public.invitation_roles
      join app_public.role_permissions
        on role_permissions.organization_id = invitation_roles.organization_id
       and role_permissions.role_id = invitation_roles.role_id
      where invitation_roles.organization_id = (invitation).organization_id
        and invitation_roles.invitation_id = (invitation).id
    ) as needed
    except
    select role_permissions.permission
    from app_public.memberships
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id
     and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id
     and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = (invitation).organization_id
      and memberships.human_id = (invitation).invited_by
      and memberships.ended_at is null
  ) then
    perform app_hidden.refuse('GONE', 'inviter_may_no_longer');
  end if;
end;
$$;

comment on function app_private.require_inviter is
  'GONE inviter_may_no_longer when whoever invited could not do so today.';
grant execute on function app_private.require_inviter to app_engine;
-- end of source: functions/identity/require_inviter.sql

-- source: functions/identity/accept_invitation.sql
-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves. An address may
-- be a family's, so that a profile is handed on only to whoever has its name as well, as if it was claimed.

set role app_engine;

create or replace function app_public.accept_invitation(
  invitation_id uuid,
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns app_public.received_invitation
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
  v_membership app_public.memberships;
  v_profile app_public.patient_profiles;
  v_said record;
  v_differs text;
begin
  perform app_private.require_inviter(v_invitation);
  if v_invitation.kind = 'member' then
    insert into app_public.memberships (organization_id, human_id)
    values (v_invitation.organization_id, v_me)
    on conflict on constraint memberships_human_is_member_once do nothing;
    select memberships.* into strict v_membership
    from app_public.memberships
    where memberships.organization_id = v_invitation.organization_id and memberships.human_id = v_me
    for update;
    -- Whoever comes back holds what they are given now, and nothing of before.
    if v_membership.ended_at is not null then
      delete from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id;
      update app_public.memberships set ended_at = null where memberships.id = v_membership.id;
    end if;
    insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
    select invitation_roles.organization_id, v_membership.id, invitation_roles.role_id, v_invitation.invited_by
    from app_public.invitation_roles
    where invitation_roles.organization_id = v_invitation.organization_id
      and invitation_roles.invitation_id = v_invitation.id
    on conflict do nothing;
    if not exists (
      select from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id
    ) then
      perform app_hidden.refuse('GONE', 'role_is_gone');
    end if;
  else
    -- Caregivers of a person share addresses with them, and are not the person.
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = v_invitation.patient_profile_id and caregivers.human_id = v_me
    ) then
      perform app_hidden.refuse('CONFLICT', 'caregiver_is_not_the_patient');
    end if;
    select patient_profiles.* into v_profile
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where patient_profiles.id = v_invitation.patient_profile_id
      and patient_profiles.human_id is null
      and patients.organization_id = v_invitation.organization_id
      and patients.deleted_at is null
    for update of patient_profiles;
    if not found then
      perform app_hidden.refuse('GONE', 'profile_is_gone');
    end if;
    v_said := app_private.asserted_identity(
      accept_invitation.given_name, accept_invitation.family_name, accept_invitation.birth_date);
    v_differs := app_private.fact_that_differs(v_profile, v_said.name_key, v_said.birth_date);
    if v_differs is not null then
      perform app_private.refuse_person_unclear(v_differs);
    end if;
    update app_public.patient_profiles set human_id = v_me where patient_profiles.id = v_profile.id;
  end if;

  update app_public.invitations set status = 'accepted'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.accept_invitation is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer. Of a profile '
  'the name must agree too, givenName and familyName or else the name of the account, and birthDate must not differ: '
  'CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.accept_invitation to app_member;

reset role;
-- end of source: functions/identity/accept_invitation.sql

-- source: functions/identity/open_invitation.sql
-- The row of a new invitation, and what stands in its way: one that is open, one that was declined, too many. FND-04, FND-07.

create or replace function app_private.open_invitation(
  organization_id uuid,
  kind text,
  email text,
  name text,
  patient_profile_id uuid default null
) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(open_invitation.email);
  v_invitation app_public.invitations;
begin
  -- An open one whose time is over stands in nobody's way.
  update app_public.invitations set status = 'expired'
  where invitations.organization_id = open_invitation.organization_id
    and invitations.email = v_email
    and invitations.status = 'open'
    and invitations.expires_at <= app_hidden.now();

  if exists (
    select from app_public.invitations
    where invitations.organization_id = open_invitation.organization_id
      and invitations.kind = open_invitation.kind
      and invitations.email = v_email
      and invitations.status = 'declined'
      and invitations.updated_at > app_hidden.now() - interval '30 days'
  ) then
    perform app_hidden.refuse('STATE', 'invitation_declined', '{"field": "email"}');
  end if;

  if (select count(*) from app_public.invitations
      where invitations.organization_id = open_invitation.organization_id
        and invitations.created_at > app_hidden.now() - interval '24 hours') >= 200 then
    perform app_hidden.refuse('RATE_LIMITED', 'many_invitations', '{"retryAfterSeconds": 86400}');
  end if;

  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at, created_at)
  values (open_invitation.organization_id, open_invitation.kind, v_email,
          coalesce(nullif(btrim(open_invitation.name), ''), split_part(v_email, '@', 1)), open_invitation.patient_profile_id,
          app_private.current_actor_id(), app_hidden.now() + interval '14 days', app_hidden.now())
  on conflict do nothing
  returning * into v_invitation;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_invited', '{"field": "email"}');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.open_invitation is
  'Makes an open invitation. CONFLICT already_invited, STATE invitation_declined, RATE_LIMITED many_invitations.';
grant execute on function app_private.open_invitation to app_engine;
-- end of source: functions/identity/open_invitation.sql

-- source: functions/identity/require_grantable.sql
-- Nobody grants, or takes away, more than they hold. FND-04.

create or replace function app_private.require_grantable(organization_id uuid, permissions text[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_above text[];
begin
  select array_agg(asked.permission order by asked.permission) into v_above
  from unnest(permissions) as asked (permission)
  where not app_hidden.has_permission(require_grantable.organization_id, asked.permission);

  if v_above is not null then
    perform app_hidden.refuse('FORBIDDEN', 'above_yourself', jsonb_build_object('permissions', to_jsonb(v_above)));
  end if;
end;
$$;

comment on function app_private.require_grantable is
  'Refuses with FORBIDDEN when the caller lacks one of these permissions at the clinic.';
grant execute on function app_private.require_grantable to app_engine;
-- end of source: functions/identity/require_grantable.sql

-- source: functions/identity/send_invitation.sql
-- The mail of an invitation, the first one or another. FND-04, FND-07, FND-15.
-- It goes to the bare address with the clinic's words and language: whether the address has an account changes nothing.
-- Three mails a day to one address from one clinic, and five for one invitation, are enough for whoever wants to come.

create or replace function app_private.send_invitation(invitation app_public.invitations, locale text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_day_ago timestamptz := app_hidden.now() - interval '24 hours';
  v_sent timestamptz[];
  v_invitation app_public.invitations;
begin
  -- Two that write to one address at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('invitation:' || invitation.organization_id || ':' || invitation.email, 0));
  select array_agg(sent.at order by sent.at) into v_sent
  from app_public.invitations
  cross join lateral unnest(invitations.sent_times) as sent (at)
  where invitations.organization_id = invitation.organization_id
    and invitations.email = invitation.email
    and sent.at > v_day_ago;
  if cardinality(v_sent) >= 3 then
    perform app_hidden.refuse(
      'RATE_LIMITED', 'invited_often',
      jsonb_build_object('field', 'email', 'retryAfterSeconds',
        ceil(extract(epoch from v_sent[cardinality(v_sent) - 2] - v_day_ago))::int));
  elsif cardinality(invitation.sent_times) >= 5 then
    perform app_hidden.refuse('STATE', 'sent_often');
  end if;

  update app_public.invitations
  set sent_times = invitations.sent_times || app_hidden.now(), expires_at = app_hidden.now() + interval '14 days'
  where invitations.id = invitation.id
  returning * into v_invitation;
  perform app_private.notify(
    v_invitation.organization_id, v_invitation.kind || '_invited', jsonb_build_object('invitedAddress', v_invitation.email),
    name => v_invitation.name, email => v_invitation.email, locale => send_invitation.locale);
  return v_invitation;
end;
$$;

comment on function app_private.send_invitation is
  'Queues the mail and lets the invitation last 14 days from now; RATE_LIMITED invited_often, STATE sent_often.';
grant execute on function app_private.send_invitation to app_engine;
-- end of source: functions/identity/send_invitation.sql

-- source: functions/identity/invite_member.sql
-- A clinic asks somebody to join its staff. The person accepts with an account that proved the address; until then the
-- clinic is told nothing, not even whether there is such an account. FND-04, FND-02.

set role app_engine;

create or replace function app_public.invite_member(
  organization_id uuid,
  email text,
  name text,
  role_ids uuid[],
  locale text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_role_id uuid;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'members.manage');
  v_remembered := app_private.remembered('invite_member', jsonb_build_array(organization_id, email, name, role_ids, locale));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  if coalesce(cardinality(role_ids), 0) = 0 then
    perform app_hidden.refuse('VALIDATION', 'role_missing', '{"field": "roleIds"}');
  end if;
  foreach v_role_id in array role_ids loop
    if not exists (
      select from app_public.roles
      where roles.organization_id = invite_member.organization_id and roles.id = v_role_id
    ) then
      perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleIds"}');
    end if;
    perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, v_role_id));
  end loop;

  -- Colleagues are known to the clinic; nobody else is looked at.
  if exists (
    select
    from app_public.memberships
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = invite_member.organization_id
      and memberships.ended_at is null
      and humans.closed_at is null
      and humans.email = app_hidden.address_key(invite_member.email)
  ) then
    perform app_hidden.refuse('CONFLICT', 'already_a_member', '{"field": "email"}');
  end if;

  v_invitation := app_private.open_invitation(organization_id, 'member', email, name);
  insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
  select invite_member.organization_id, v_invitation.id, role.id
  from (select distinct unnest(role_ids)) as role (id);
  v_invitation := app_private.send_invitation(v_invitation, locale);
  perform app_private.remember('invite_member', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_member is
  'Invites a colleague with these roles, by mail. Needs members.manage; FORBIDDEN above_yourself for a role that allows '
  'more than you may, CONFLICT already_a_member or already_invited, STATE invitation_declined, RATE_LIMITED invited_often.';
grant execute on function app_public.invite_member to app_member;

reset role;
-- end of source: functions/identity/invite_member.sql

-- source: functions/identity/define_role.sql
-- A clinic's own role, made or changed in one statement. System roles stay as they are. FND-04.

set role app_engine;

create or replace function app_public.define_role(
  organization_id uuid,
  key text,
  name text,
  permissions text[]
) returns app_public.roles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_role app_public.roles;
  v_unknown text;
begin
  perform app_private.require_permission(organization_id, 'roles.manage');
  -- Null would neither give nor take: an empty list says "nothing", null says nothing.
  if permissions is null then
    perform app_hidden.refuse('VALIDATION', 'permissions_missing', '{"field": "permissions"}');
  end if;

  select asked.permission into v_unknown
  from unnest(permissions) as asked (permission)
  where not exists (select from app_public.permissions as known where known.name = asked.permission)
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'permission_unknown', jsonb_build_object('field', 'permissions', 'permission', v_unknown));
  end if;
  perform app_private.require_grantable(organization_id, permissions);

  insert into app_public.roles (organization_id, key, name)
  values (define_role.organization_id, define_role.key, define_role.name)
  on conflict on constraint roles_key_is_unique_per_organization do update set name = excluded.name
    where roles.system_role_key is null
  returning * into v_role;
  if not found then
    perform app_hidden.refuse('IMMUTABLE', 'system_role', '{"field": "key"}');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(v_role.organization_id, v_role.id));

  delete from app_public.role_permissions
  where role_permissions.organization_id = v_role.organization_id
    and role_permissions.role_id = v_role.id
    and role_permissions.permission <> all (permissions);
  insert into app_public.role_permissions (organization_id, role_id, permission)
  select v_role.organization_id, v_role.id, asked.permission
  from unnest(permissions) as asked (permission)
  on conflict do nothing;
  return v_role;
end;
$$;

comment on function app_public.define_role is
  'Makes or changes a clinic''s own role. Needs roles.manage and every permission named; IMMUTABLE for system roles.';
grant execute on function app_public.define_role to app_member;

reset role;
-- end of source: functions/identity/define_role.sql

-- source: functions/identity/locked_membership.sql
-- The membership a verb is about, locked, for callers of the same clinic. FND-04.

create or replace function app_private.locked_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_public.memberships
  where memberships.id = membership_id
    and memberships.ended_at is null
    and memberships.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'membership_not_found');
  end if;
  return v_membership;
end;
$$;

comment on function app_private.locked_membership is 'An active membership at one of the caller''s clinics, locked; NOT_FOUND otherwise.';
grant execute on function app_private.locked_membership to app_engine;
-- end of source: functions/identity/locked_membership.sql

-- source: functions/identity/require_another_owner.sql
-- The last owner cannot leave. Two owners leaving at once queue on the clinic's row, so one stays. FND-04.

create or replace function app_private.require_another_owner(organization_id uuid, leaving_membership_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.organizations where organizations.id = require_another_owner.organization_id for no key update;
  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.memberships
      on memberships.organization_id = membership_roles.organization_id and memberships.id = membership_roles.membership_id
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    where membership_roles.organization_id = require_another_owner.organization_id
      and roles.system_role_key = 'owner'
      and memberships.ended_at is null
      and memberships.id <> leaving_membership_id
  ) then
    return;
  end if;
  perform app_hidden.refuse('STATE', 'last_owner');
end;
$$;

comment on function app_private.require_another_owner is
  'Refuses with STATE last_owner when no other active owner would remain. Locks the clinic''s row.';
grant execute on function app_private.require_another_owner to app_engine;
-- end of source: functions/identity/require_another_owner.sql

-- source: functions/identity/first_sign_in.sql
-- Links a sign-in with a human, once, whoever comes twice at the same moment. FND-03.
-- Only a verified email proves who somebody is. An unverified one makes no human either: whoever came first with
-- somebody else's address would share the account with its owner, or be given what a clinic means for that owner.

create or replace function app_private.first_sign_in(
  issuer text,
  subject text,
  email text,
  email_verified boolean,
  display_name text,
  locale text
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(first_sign_in.email);
  -- The provider lets people call themselves anything; ours is one line of text, and no reason to turn them away.
  v_name text := btrim(regexp_replace(first_sign_in.display_name, '[[:cntrl:]]+', ' ', 'g'));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{"claim": "email"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject
    and identities.principal_id is not null;
  if found then
    return v_principal_id;
  end if;

  if email_verified is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_verified_missing', '{"claim": "email_verified"}');
  elsif not email_verified then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified');
  end if;

  v_principal_id := app_private.human_by_email(v_email, left(v_email, 200), locale);
  -- Whoever is new, or was named before they came, is called from now on as they call themselves, if that can be read.
  update app_public.humans
  set email_verified_at = app_hidden.now(),
      display_name = case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else humans.display_name end,
      locale = case when first_sign_in.locale in ('ro', 'en') then first_sign_in.locale else humans.locale end
  where humans.principal_id = v_principal_id and humans.email_verified_at is null;
  insert into app_private.identities (issuer, subject, principal_id, provider_name, provider_locale)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id, left(v_name, 200), left(app_hidden.ascii_lower(first_sign_in.locale), 2))
  on conflict on constraint identities_pkey do nothing;
  if not found then
    -- The provider deleted the sign-in while it came in for the first time.
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled');
  end if;
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in is 'Links or creates the human of a sign-in that was never seen before.';
grant execute on function app_private.first_sign_in to app_engine;
-- end of source: functions/identity/first_sign_in.sql

-- source: functions/identity/give_role.sql
-- Gives a role that exists at the clinic and allows no more than the giver may. FND-04.

create or replace function app_private.give_role(organization_id uuid, membership_id uuid, role_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.roles
    where roles.organization_id = give_role.organization_id and roles.id = give_role.role_id
  ) then
    perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleId"}');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, role_id));
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  values (give_role.organization_id, give_role.membership_id, give_role.role_id, app_private.current_actor_id())
  on conflict do nothing;
end;
$$;

comment on function app_private.give_role is 'Gives a role to a member; FORBIDDEN above_yourself, VALIDATION role_not_found.';
grant execute on function app_private.give_role to app_engine;
-- end of source: functions/identity/give_role.sql

-- source: functions/identity/language_of.sql
-- In which language somebody is answered: the door writes refusals in it. FND-29.

set role app_engine;

create or replace function app_hidden.language_of(principal_id uuid) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select humans.locale from app_public.humans where humans.principal_id = language_of.principal_id;
end;

comment on function app_hidden.language_of is 'The language that this person chose; null for who is no person yet.';
grant execute on function app_hidden.language_of to app_authenticator;

reset role;
-- end of source: functions/identity/language_of.sql

-- source: functions/identity/locked_invitation.sql
-- An open invitation that a verb of the clinic is about, locked. FND-04, FND-07.

create or replace function app_private.locked_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  where invitations.id = invitation_id
    and invitations.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invitation_not_found');
  end if;
  perform app_private.require_permission(
    v_invitation.organization_id, case v_invitation.kind when 'member' then 'members.manage' else 'patients.manage' end);
  if v_invitation.status <> 'open' then
    perform app_hidden.refuse('STATE', 'invitation_is_over', jsonb_build_object('status', v_invitation.status));
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.locked_invitation is
  'An open invitation of the caller''s clinic, locked, for whoever may invite such people; NOT_FOUND, FORBIDDEN or STATE otherwise.';
grant execute on function app_private.locked_invitation to app_engine;
-- end of source: functions/identity/locked_invitation.sql

-- source: functions/identity/map_provider_organization.sql
-- Says which clinic an organization of the identity provider is. FND-25.

set role app_engine;

create or replace function app_public.map_provider_organization(organization_id uuid, issuer text, provider_org_id text)
returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = map_provider_organization.organization_id and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;

  insert into app_private.provider_organizations (organization_id, issuer, provider_org_id, mapped_at)
  values (v_organization.id, map_provider_organization.issuer, map_provider_organization.provider_org_id, app_hidden.now())
  on conflict on constraint provider_organizations_clinic_is_mapped_once do update
    set issuer = excluded.issuer, provider_org_id = excluded.provider_org_id, mapped_at = excluded.mapped_at;
  return v_organization;
end;
$$;

comment on function app_public.map_provider_organization is
  'Maps an organization of the identity provider to a clinic: who leaves it there leaves the clinic. Superadmin only; '
  'CONFLICT when it stands for another clinic.';
grant execute on function app_public.map_provider_organization to app_member;

reset role;
-- end of source: functions/identity/map_provider_organization.sql

-- source: functions/identity/revoke_role.sql
-- A role is taken away again; the last owner keeps theirs. FND-04.

set role app_engine;

create or replace function app_public.revoke_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.require_grantable(
    v_membership.organization_id, app_private.permissions_of(v_membership.organization_id, revoke_role.role_id));
  if exists (
    select from app_public.roles
    where roles.organization_id = v_membership.organization_id
      and roles.id = revoke_role.role_id
      and roles.system_role_key = 'owner'
  ) then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  delete from app_public.membership_roles
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id
    and membership_roles.role_id = revoke_role.role_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'role_not_held');
  end if;
  return v_membership;
end;
$$;

comment on function app_public.revoke_role is
  'Takes a role from a member. Needs members.manage and every permission of that role; STATE last_owner.';
grant execute on function app_public.revoke_role to app_member;

reset role;
-- end of source: functions/identity/revoke_role.sql

-- source: functions/identity/sign_in.sql
-- The session check of every request: whom the verified token means, whether the session still stands, and
-- whether the person belongs to the clinic the request names. FND-03, FND-02, FND-04.
-- A first sign-in links the human with that verified email, or creates one.

set role app_engine;

create or replace function app_hidden.sign_in(
  issuer text,
  subject text,
  session_id text,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  organization_id uuid
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_principal_id uuid;
  v_is_over boolean;
begin
  if exists (select from app_private.revoked_sessions where revoked_sessions.session_id = sign_in.session_id) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'session_revoked');
  end if;

  select identities.principal_id, coalesce(identities.ended_at, identities.banned_at) is not null
  into v_principal_id, v_is_over
  from app_private.identities
  where identities.issuer = sign_in.issuer and identities.subject = sign_in.subject;

  if not found then
    v_principal_id := app_private.first_sign_in(issuer, subject, email, email_verified, display_name, locale);
  end if;

  if v_is_over or exists (select from app_public.principals where id = v_principal_id and disabled_at is not null) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled');
  end if;

  if sign_in.organization_id is not null and not app_private.belongs_to(v_principal_id, sign_in.organization_id) then
    perform app_hidden.refuse('FORBIDDEN', 'not_of_this_clinic');
  end if;

  return v_principal_id;
end;
$$;

comment on function app_hidden.sign_in is
  'The principal behind a verified token. Refuses with UNAUTHENTICATED (session_revoked, account_disabled, '
  'email_missing, email_verified_missing, email_not_verified) or FORBIDDEN (not_of_this_clinic).';
grant execute on function app_hidden.sign_in to app_authenticator;

reset role;
-- end of source: functions/identity/sign_in.sql

-- source: functions/notify/require_text.sql
-- A text fits its message and its channel, or it is refused. FND-15.

create or replace function app_private.require_text(
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_names text[];
  v_problem jsonb;
  v_longest int := case when require_text.channel in ('sms', 'whatsapp') then 480 when require_text.channel = 'push' then 240 else 20000 end;
begin
  select app_private.printable_variables(message_types.variables, require_text.channel) into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = require_text.channel
  where message_types.key = require_text.template_key and require_text.locale in ('ro', 'en');
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_template_unknown',
      jsonb_build_object('template', require_text.template_key, 'channel', require_text.channel, 'locale', require_text.locale));
  end if;

  if (require_text.title is null) <> (require_text.channel in ('sms', 'whatsapp')) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_title_mismatch', jsonb_build_object('field', 'title', 'channel', require_text.channel));
  end if;
  if require_text.title ~ '[[:cntrl:]]' or length(btrim(require_text.title)) not between 1 and 200 then
    perform app_hidden.refuse('VALIDATION', 'message_title_malformed', '{"field": "title", "most": 200}');
  end if;
  if length(btrim(require_text.body)) = 0 or length(require_text.body) > v_longest then
    perform app_hidden.refuse(
      'VALIDATION', 'message_body_length', jsonb_build_object('field', 'body', 'least', 1, 'most', v_longest));
  end if;

  v_problem := coalesce(
    app_private.text_problem(require_text.title, v_names) || '{"field": "title"}',
    app_private.text_problem(require_text.body, v_names) || '{"field": "body"}');
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_text_malformed', v_problem);
  end if;
end;
$$;

comment on function app_private.require_text is
  'Refuses a text for an unknown message, channel or language, of a wrong length, or that names what the message does not have.';
grant execute on function app_private.require_text to app_engine;
-- end of source: functions/notify/require_text.sql

-- source: functions/notify/read_way.sql
-- Where somebody is reached over a channel, as it is kept, however it was written: an address or a number. A channel that
-- there is not, and what nobody can be reached at, is refused rather than looked for in vain. FND-34, FND-35.

create or replace function app_private.read_way(channel text, address text, organization_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_reaches text;
  v_read text;
  v_problem text;
begin
  select channels.reaches into v_reaches from app_private.channels where channels.name = read_way.channel;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (
        select jsonb_agg(channels.name order by channels.name) from app_private.channels)));
  end if;

  case v_reaches
    when 'email' then
      select reading.address, reading.problem into v_read, v_problem from app_hidden.read_email(read_way.address) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_email(v_problem, 'address');
      end if;
    when 'phone' then
      select reading.number, reading.problem into v_read, v_problem
      from app_hidden.read_phone(
        read_way.address, app_private.home_region('messages', read_way.organization_id, null)) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_phone(v_problem, 'address');
      end if;
    else
      v_read := btrim(read_way.address);
  end case;
  if v_read is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "address"}');
  end if;
  return v_read;
end;
$$;

comment on function app_private.read_way is
  'The address or number over a channel as it is kept; VALIDATION with the reason for a channel or an address that is none.';
grant execute on function app_private.read_way to app_engine;
-- end of source: functions/notify/read_way.sql

-- source: functions/notify/lift_suppression.sql
-- Somebody with the permission says that an address is good again, and why. FND-35, FND-15.
-- A clinic lifts what its own vendor reported. Where it sends through the platform's account, it may also have a dead
-- address tried again: that harms nobody, and one more bounce ends it. A complaint about the platform's mails is
-- lifted by the platform alone, whose name as a sender is at stake, and a STOP by nobody but who said it.
-- Only addresses that this clinic was kept from writing to: others are not there, so nobody finds out about them.

set role app_engine;
create or replace function app_public.lift_suppression(
  channel text,
  address text,
  reason text,
  organization_id uuid default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_address text;
  v_reason constant text := btrim(coalesce(lift_suppression.reason, ''));
  v_by_own_account boolean;
  v_lifted int;
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'suppressions.lift');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if v_reason !~ '[[:alnum:]]' or length(v_reason) > 500 or v_reason ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}');
  end if;

  v_address := app_private.read_way(lift_suppression.channel, lift_suppression.address, organization_id);

  if organization_id is null then
    v_lifted := app_private.lift_suppressions(null, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
  else
    if not exists (
      select from app_public.messages
      where messages.organization_id = lift_suppression.organization_id
        and messages.address = v_address
        and messages.channel = lift_suppression.channel
    ) then
      perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}');
    end if;

    v_by_own_account := exists (
      select from app_public.organization_service_providers as choice
      where choice.organization_id = lift_suppression.organization_id
        and choice.capability = lift_suppression.channel
        and choice.integration_id is not null);
    v_lifted := app_private.lift_suppressions(
      organization_id, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
    if not v_by_own_account then
      v_lifted := v_lifted + app_private.lift_suppressions(
        null, lift_suppression.channel, v_address, array['bounce'], 'permission', v_reason);
      if v_lifted = 0 and exists (
        select from app_private.suppressed_addresses as known
        where known.channel = lift_suppression.channel and known.address = v_address
      ) then
        perform app_hidden.refuse('STATE', 'complaint_to_the_platform', '{"field": "address"}');
      end if;
    end if;
    if v_lifted = 0 and exists (
      select from app_private.opt_outs
      where opt_outs.organization_id = lift_suppression.organization_id
        and opt_outs.channel = lift_suppression.channel and opt_outs.address = v_address
    ) then
      perform app_hidden.refuse('STATE', 'opted_out', '{"field": "address"}');
    end if;
  end if;
  if v_lifted = 0 then
    perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}');
  end if;
  return true;
end;
$$;

comment on function app_public.lift_suppression is
  'Lets the clinic write again over a channel to an address that was reported as dead or whose owner complained; the '
  'reason is kept on record. Needs suppressions.lift. Without organizationId: what the platform''s own vendors reported, '
  'superadmin only. NOT_FOUND when nothing keeps the clinic from writing there; VALIDATION for a channel or an address '
  'that is none; STATE for a STOP, which only its owner takes back, and for a complaint to the platform.';
grant execute on function app_public.lift_suppression to app_member;
reset role;
-- end of source: functions/notify/lift_suppression.sql

-- source: functions/notify/mark_inbox_items_read.sql
-- The person has read these messages. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_items_read(inbox_item_ids uuid[]) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_mine int;
begin
  if cardinality(inbox_item_ids) not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'too_many_at_once', '{"field": "inboxItemIds", "least": 1, "most": 100}');
  end if;

  select count(*) into v_mine
  from app_public.inbox_items
  where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.id = any (inbox_item_ids);
  if v_mine < (select count(distinct id) from unnest(inbox_item_ids) as id)
     or array_position(inbox_item_ids, null) is not null then
    perform app_hidden.refuse('NOT_FOUND', 'inbox_item_not_found', '{"field": "inboxItemIds"}');
  end if;

  update app_public.inbox_items set read_at = app_hidden.now()
  where inbox_items.human_id = app_hidden.current_account_id()
    and inbox_items.id = any (inbox_item_ids)
    and inbox_items.read_at is null;

  return (
    select count(*)
    from app_public.inbox_items
    where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.read_at is null);
end;
$$;

comment on function app_public.mark_inbox_items_read is
  'Marks messages of one''s own inbox as read, 100 at most, all of them or none; a message that was read stays as it '
  'was. Answers how many are unread now, at all clinics. NOT_FOUND when one of them is not the caller''s.';
grant execute on function app_public.mark_inbox_items_read to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_items_read.sql

-- source: functions/notify/record_message_status.sql
-- A vendor reports what became of a message. FND-15, FND-25, FND-35.
-- A report speaks of what went by the very account it came from: a clinic that signs one with its own keys and names
-- another's message finds none.

set role app_engine;
create or replace function app_private.record_message_status(
  integration_id uuid,
  vendor text,
  vendor_id text,
  status text,
  occurred_at timestamptz,
  reason text default null,
  address_is_dead boolean default false
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if record_message_status.status is null
    or record_message_status.status not in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained') then
    perform app_hidden.refuse('VALIDATION', 'message_status_unknown', jsonb_build_object('status', record_message_status.status));
  end if;

  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_status.vendor_id, 0));
  insert into app_private.message_reports (integration_id, vendor, vendor_id, status, occurred_at, reason, address_is_dead, received_at)
  values (record_message_status.integration_id, record_message_status.vendor, record_message_status.vendor_id,
          record_message_status.status, record_message_status.occurred_at, left(record_message_status.reason, 500),
          coalesce(record_message_status.address_is_dead, false), app_hidden.now())
  on conflict do nothing;

  perform app_private.apply_message_reports(record_message_status.integration_id, record_message_status.vendor_id);
end;
$$;

comment on function app_private.record_message_status is
  'Takes what a vendor says of a message that went by this integration, or (null) by the platform''s account: sent, '
  'delivered, read, failed, bounced, bounced_for_now or complained. Reports may come twice, in any order, and before our '
  'own record of the sending. A dead address and a complaint end writing to it.';

grant execute on function app_private.record_message_status to app_worker;
reset role;
-- end of source: functions/notify/record_message_status.sql

-- source: functions/notify/require_own_person.sql
-- Whose settings a person is about to change: their own, or those of somebody they care for. FND-15, FND-07.

create or replace function app_private.require_own_person(patient_profile_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in');
  end if;
  if patient_profile_id is null then
    return app_hidden.current_account_id();
  end if;
  if patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return null;
end;
$$;

comment on function app_private.require_own_person is
  'The caller''s human for null; null for a profile the caller may act for; a refusal for any other.';
grant execute on function app_private.require_own_person to app_engine;
-- end of source: functions/notify/require_own_person.sql

-- source: functions/notify/restore_message_template.sql
-- A clinic goes back to the platform's words. FND-15.

set role app_engine;
create or replace function app_public.restore_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text
) returns app_public.clinic_message_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(restore_message_template.organization_id, 'message_templates.manage');
  if not exists (
    select from app_private.words_of(
      restore_message_template.organization_id, restore_message_template.template_key,
      restore_message_template.channel, restore_message_template.locale) as words
    where words.clinic_template_id is not null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_template_not_own');
  end if;
  return app_private.add_clinic_template(
    restore_message_template.organization_id, restore_message_template.template_key,
    restore_message_template.channel, restore_message_template.locale, null, null);
end;
$$;

comment on function app_public.restore_message_template is
  'Takes back the clinic''s own words: the platform''s hold again, from the next message on. Needs message_templates.manage.';
grant execute on function app_public.restore_message_template to app_member;

reset role;
-- end of source: functions/notify/restore_message_template.sql

-- source: functions/notify/set_notification_preference.sql
-- A person says what they want to be told over which channel; nobody says it for them, a caregiver aside. FND-15.

set role app_engine;
create or replace function app_public.set_notification_preference(
  topic text,
  channel text,
  is_enabled boolean,
  patient_profile_id uuid default null
) returns app_public.notification_preferences
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_notification_preference.patient_profile_id);
  v_preference app_public.notification_preferences;
begin
  if not exists (select from app_public.message_topics where message_topics.key = set_notification_preference.topic) then
    perform app_hidden.refuse('VALIDATION', 'message_topic_unknown', '{"field": "topic"}');
  end if;
  if not exists (select from app_private.channels where channels.name = set_notification_preference.channel) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (select jsonb_agg(channels.name order by channels.name) from app_private.channels)));
  end if;
  if set_notification_preference.is_enabled is null then
    perform app_hidden.refuse('VALIDATION', 'notification_preference_says_nothing', '{"field": "isEnabled"}');
  end if;

  insert into app_public.notification_preferences (human_id, patient_profile_id, topic, channel, is_enabled)
  values (v_human_id, set_notification_preference.patient_profile_id, set_notification_preference.topic,
          set_notification_preference.channel, set_notification_preference.is_enabled)
  on conflict on constraint notification_preferences_are_set_once do update set is_enabled = excluded.is_enabled
  returning notification_preferences.* into v_preference;
  return v_preference;
end;
$$;

comment on function app_public.set_notification_preference is
  'Switches a topic on or off over a channel, for oneself or for a person one acts for. What is said for a patient '
  'goes before what is said for the account.';
grant execute on function app_public.set_notification_preference to app_member;

reset role;
-- end of source: functions/notify/set_notification_preference.sql

-- source: functions/notify/set_quiet_hours.sql
-- A person says when it is to be quiet. FND-15.

set role app_engine;
create or replace function app_public.set_quiet_hours(
  quiet_from time,
  quiet_until time,
  timezone text,
  patient_profile_id uuid default null
) returns app_public.quiet_hours
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_quiet_hours.patient_profile_id);
  v_hours app_public.quiet_hours;
begin
  if set_quiet_hours.quiet_from is null or set_quiet_hours.quiet_until is null then
    perform app_hidden.refuse('VALIDATION', 'quiet_hours_have_both_ends', '{"field": "quietFrom"}');
  end if;
  if not exists (select from app_public.time_zones where time_zones.name = set_quiet_hours.timezone) then
    perform app_hidden.refuse('VALIDATION', 'timezone_unknown', '{"field": "timezone"}');
  end if;

  insert into app_public.quiet_hours (human_id, patient_profile_id, quiet_from, quiet_until, timezone)
  values (v_human_id, set_quiet_hours.patient_profile_id, set_quiet_hours.quiet_from, set_quiet_hours.quiet_until,
          set_quiet_hours.timezone)
  on conflict on constraint quiet_hours_are_set_once do update
    set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, timezone = excluded.timezone
  returning quiet_hours.* into v_hours;
  return v_hours;
end;
$$;

comment on function app_public.set_quiet_hours is
  'Sets when no SMS, WhatsApp or push arrives, for oneself or for a person one acts for. The same time twice: never '
  'quiet. Messages that are not urgent wait for the end.';
grant execute on function app_public.set_quiet_hours to app_member;

reset role;
-- end of source: functions/notify/set_quiet_hours.sql

-- source: functions/notify/set_whatsapp_template.sql
-- A clinic names the text that WhatsApp approved for its sender. FND-15.

set role app_engine;
create or replace function app_public.set_whatsapp_template(
  organization_id uuid,
  template_key text,
  locale text,
  content_sid text,
  variables text[]
) returns app_public.whatsapp_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_names text[];
  v_unknown text;
  v_template app_public.whatsapp_templates;
begin
  perform app_private.require_permission(set_whatsapp_template.organization_id, 'message_templates.manage');
  select app_private.printable_variables(message_types.variables, 'whatsapp') into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = 'whatsapp'
  where message_types.key = set_whatsapp_template.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', set_whatsapp_template.template_key, 'channel', 'whatsapp'));
  end if;
  select coalesce(given.name, '') into v_unknown
  from unnest(set_whatsapp_template.variables) as given (name)
  where given.name is null or given.name <> all (v_names)
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_variables_mismatch',
      jsonb_build_object('field', 'variables', 'variable', v_unknown, 'legal', to_jsonb(v_names)));
  end if;

  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (set_whatsapp_template.organization_id, set_whatsapp_template.template_key, set_whatsapp_template.locale,
          set_whatsapp_template.content_sid, set_whatsapp_template.variables)
  on conflict on constraint whatsapp_templates_pkey do update
    set content_sid = excluded.content_sid, variables = excluded.variables
  returning whatsapp_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_public.set_whatsapp_template is
  'Names the approved WhatsApp text of a message in a language, and what stands for its {{1}}, {{2}} and so on. Needs '
  'message_templates.manage.';
grant execute on function app_public.set_whatsapp_template to app_member;

reset role;
-- end of source: functions/notify/set_whatsapp_template.sql

-- source: functions/notify/subscribe_to_push.sql
-- A person wants to be told in this browser. FND-15.
-- The endpoint is where the worker will post to, so it must look like a push service on the internet: no address of
-- a machine, no port, no plain HTTP.

set role app_engine;
create or replace function app_public.subscribe_to_push(endpoint text, p256dh text, auth text)
returns app_public.push_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(null);
  v_subscription app_public.push_subscriptions;
begin
  insert into app_public.push_subscriptions as known (human_id, endpoint, p256dh, auth)
  values (v_human_id, subscribe_to_push.endpoint, subscribe_to_push.p256dh, subscribe_to_push.auth)
  on conflict on constraint push_subscriptions_endpoint_is_unique do update
    set human_id = excluded.human_id, p256dh = excluded.p256dh, auth = excluded.auth
    -- Whoever signs in next at a shared browser knows its keys; an endpoint alone takes nothing from anybody.
    where known.human_id = excluded.human_id or (known.p256dh, known.auth) = (excluded.p256dh, excluded.auth)
  returning known.* into v_subscription;
  if v_subscription.id is null then
    perform app_hidden.refuse('CONFLICT', 'push_endpoint_taken', '{"field": "endpoint"}');
  end if;

  -- Twenty browsers are enough for anybody; the oldest make room.
  delete from app_public.push_subscriptions
  where push_subscriptions.human_id = v_human_id
    and push_subscriptions.id not in (
      select newest.id from app_public.push_subscriptions as newest
      where newest.human_id = v_human_id
      order by newest.id = v_subscription.id desc, newest.created_at desc, newest.id desc
      limit 20);
  return v_subscription;
end;
$$;

comment on function app_public.subscribe_to_push is
  'Registers what PushManager.subscribe() gave in this browser: endpoint (https), p256dh and auth, base64url. Again '
  'is the same subscription.';
grant execute on function app_public.subscribe_to_push to app_member;

reset role;
-- end of source: functions/notify/subscribe_to_push.sql

-- source: functions/notify/text_to_preview.sql
-- What the renderer needs to show a message as its reader will see it. FND-15.

set role app_engine;
create or replace function app_hidden.text_to_preview(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text,
  data jsonb
) returns table (
  words_title text,
  words_body text,
  words_data jsonb,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_title text := text_to_preview.title;
  v_body text := text_to_preview.body;
  v_type app_private.message_types;
  v_unknown text;
begin
  perform app_private.require_permission(text_to_preview.organization_id, 'message_templates.manage');
  if jsonb_typeof(text_to_preview.data) <> 'object' then
    perform app_hidden.refuse('VALIDATION', 'message_data_malformed', '{"field": "data"}');
  end if;
  if text_to_preview.body is null then
    select words.title, words.body into v_title, v_body
    from app_private.words_of(
      text_to_preview.organization_id, text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale) as words;
  end if;
  perform app_private.require_text(
    text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale, v_title, coalesce(v_body, ''));

  select message_types.* into v_type from app_private.message_types where message_types.key = text_to_preview.template_key;
  select given.name into v_unknown
  from jsonb_object_keys(coalesce(text_to_preview.data, '{}')) as given (name)
  where given.name <> all (v_type.variables)
  order by given.name
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_unknown));
  end if;

  return query
  select v_title, v_body, v_type.sample || coalesce(text_to_preview.data, '{}'),
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  where organizations.id = text_to_preview.organization_id;
end;
$$;

comment on function app_hidden.text_to_preview is
  'The clinic''s words for a message, or the draft that is given, with sample data. Needs message_templates.manage.';
grant execute on function app_hidden.text_to_preview to app_member;

reset role;
-- end of source: functions/notify/text_to_preview.sql

-- source: functions/notify/tg_clinic_message_templates__refuse_change.sql
-- What a message was written with is not rewritten. FND-15.

create or replace function app_private.tg_clinic_message_templates__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'message_template_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_clinic_message_templates__refuse_change is 'Refuses update, delete and truncate of a version.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_public.clinic_message_templates
  for each statement execute function app_private.tg_clinic_message_templates__refuse_change();
-- end of source: functions/notify/tg_clinic_message_templates__refuse_change.sql

-- source: functions/operations/dead_letters.sql
-- The jobs that nobody will try again by themselves. FND-28.

set role app_engine;

create or replace function app_public.dead_letters() returns setof app_public.dead_letter
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  return query
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.attempts >= jobs.max_attempts and jobs.locked_at is null
  order by jobs.updated_at desc, jobs.id desc;
end;
$$;

comment on function app_public.dead_letters is
  'Jobs that used up their attempts, newest failure first. Superadmin only (FORBIDDEN superadmin_only).';
grant execute on function app_public.dead_letters to app_member;

reset role;
-- end of source: functions/operations/dead_letters.sql

-- source: functions/operations/locked_dead_letter.sql
-- A dead job, locked while something is decided about it: two operators at once decide once. FND-28.

create or replace function app_private.locked_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  into v_letter
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.id = locked_dead_letter.job_id
    and jobs.attempts >= jobs.max_attempts
    and jobs.locked_at is null
  for update of jobs;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'dead_letter_not_found');
  end if;
  return v_letter;
end;
$$;

comment on function app_private.locked_dead_letter is
  'The dead job, locked until the transaction ends. FORBIDDEN superadmin_only, NOT_FOUND dead_letter_not_found.';
grant execute on function app_private.locked_dead_letter to app_engine;
-- end of source: functions/operations/locked_dead_letter.sql

-- source: functions/organizations/activate_organization.sql
-- A draft clinic goes public. FND-01.

set role app_engine;

create or replace function app_public.activate_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  update app_public.organizations set activated_at = app_hidden.now()
  where organizations.id = activate_organization.organization_id
    and organizations.activated_at is null
    and organizations.deleted_at is null
  returning * into v_organization;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'draft_not_found');
  end if;
  perform app_private.publish(
    'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  return v_organization;
end;
$$;

comment on function app_public.activate_organization is 'Makes a draft clinic public. Superadmin only; NOT_FOUND when it is no draft.';
grant execute on function app_public.activate_organization to app_member;

reset role;
-- end of source: functions/organizations/activate_organization.sql

-- source: functions/organizations/appoint_owner.sql
-- The owner whom the platform invited declined, or let the invitation pass: the platform names another one. A clinic that
-- ever had a member is no longer the platform's to hand on. FND-01, FND-04.

set role app_engine;

create or replace function app_public.appoint_owner(
  organization_id uuid,
  email text,
  name text
) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('appoint_owner', jsonb_build_array(organization_id, email, name));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;

  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = appoint_owner.organization_id and organizations.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;
  -- Whoever accepts at this moment is waited for, and is a member then.
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = v_organization.id and invitations.status = 'open';
  if exists (select from app_public.memberships where memberships.organization_id = v_organization.id) then
    perform app_hidden.refuse('CONFLICT', 'clinic_has_members');
  end if;
  perform app_private.appoint_first_owner(v_organization, email, name);
  perform app_private.remember('appoint_owner', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.appoint_owner is
  'Names another first owner of a clinic that nobody has joined yet, and takes an open invitation back. Whoever has an '
  'account is invited. Superadmin only; NOT_FOUND organization_not_found, CONFLICT clinic_has_members.';
grant execute on function app_public.appoint_owner to app_member;

reset role;
-- end of source: functions/organizations/appoint_owner.sql

-- source: functions/organizations/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it) and its events, in one transaction. FND-01, FND-04, TEN-01.

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse('VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  perform app_private.appoint_first_owner(v_organization, owner_email, owner_name);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
-- end of source: functions/organizations/create_organization.sql

-- source: functions/organizations/open_first_clinic.sql
-- The platform's first superadmin and first clinic, before anybody could sign in and make them. FND-36, FND-01, FND-02.
-- The operator runs it as the engine (npm run first-clinic); no role of the API may. Everything after it is done by the
-- superadmin through the API, so a platform that has one already refuses, unless told that another is meant.

create or replace function app_private.open_first_clinic(
  superadmin_email text,
  superadmin_name text,
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  another boolean default false
) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_superadmin_id uuid;
  v_superadmin app_public.principals;
  v_is_open boolean;
  v_owner_id uuid;
  v_organization_id uuid;
  v_is_owner boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('open_first_clinic', 0));
  select exists (select from app_public.principals where platform_role = 'superadmin' and disabled_at is null)
  into v_is_open;

  v_superadmin_id := app_private.human_by_email(
    open_first_clinic.superadmin_email, open_first_clinic.superadmin_name, open_first_clinic.locale);
  select * into strict v_superadmin from app_public.principals where id = v_superadmin_id for update;
  select organizations.id into v_organization_id
  from app_public.organizations
  where organizations.slug = open_first_clinic.slug and organizations.deleted_at is null;
  if found then
    v_owner_id := app_private.human_by_email(open_first_clinic.owner_email, open_first_clinic.owner_name, open_first_clinic.locale);
    select exists (
      select from app_public.memberships
      join app_public.membership_roles on membership_roles.membership_id = memberships.id
      join app_public.roles on roles.id = membership_roles.role_id
      where memberships.organization_id = v_organization_id
        and memberships.human_id = v_owner_id
        and memberships.ended_at is null
        and roles.system_role_key = 'owner'
    ) or exists (
      select from app_public.invitations
      join app_public.invitation_roles on invitation_roles.invitation_id = invitations.id
      join app_public.roles on roles.id = invitation_roles.role_id
      where invitations.organization_id = v_organization_id
        and invitations.email = app_hidden.address_key(open_first_clinic.owner_email)
        and invitations.status = 'open'
        and roles.system_role_key = 'owner'
    ) into v_is_owner;
    if not v_is_owner then
      perform app_hidden.refuse('CONFLICT', 'slug_taken', '{"field": "slug"}');
    end if;
  end if;
  if v_superadmin.platform_role = 'superadmin' and v_superadmin.disabled_at is null and v_organization_id is not null then
    return false;
  end if;

  if v_is_open and not open_first_clinic.another then
    perform app_hidden.refuse('CONFLICT', 'platform_has_a_superadmin');
  end if;
  if v_superadmin.disabled_at is not null then
    perform app_hidden.refuse('CONFLICT', 'account_disabled', '{"field": "superadminEmail"}');
  end if;

  update app_public.principals set platform_role = 'superadmin' where id = v_superadmin_id;
  if v_organization_id is null then
    -- The clinic is opened by the superadmin, as every later one is, and its entries in the audit name them.
    perform set_config('app.principal_id', v_superadmin_id::text, true);
    perform app_public.create_organization(
      slug => open_first_clinic.slug,
      name => open_first_clinic.name,
      owner_email => open_first_clinic.owner_email,
      owner_name => open_first_clinic.owner_name,
      locale => open_first_clinic.locale,
      timezone => open_first_clinic.timezone,
      currency => open_first_clinic.currency);
  end if;
  return true;
end;
$$;

comment on function app_private.open_first_clinic is
  'Makes the first superadmin and the first clinic with its owner; false when exactly these are there already. '
  'CONFLICT platform_has_a_superadmin when somebody else is superadmin and another one is not meant.';
grant execute on function app_private.open_first_clinic to app_engine;
-- end of source: functions/organizations/open_first_clinic.sql

-- source: functions/patients/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. Of an address that somebody signs in with, the name must agree: a slip of the
-- pen would show a stranger the record. The caregiver is named, not asked: what is written down is a relation that the
-- clinic has seen evidence of, a child's parent must be there before they have an account, and the link asks nothing of
-- them. They end it themselves with revoke_caregiver. FND-07, FND-34.

set role app_engine;

create or replace function app_public.add_caregiver(
  organization_id uuid,
  patient_profile_id uuid,
  email text,
  display_name text,
  relationship text,
  evidence text
) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_profile app_public.patient_profiles;
  v_human_id uuid;
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_caregiver app_public.caregivers;
begin
  select patient_profiles.* into v_profile
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = add_caregiver.organization_id
    and patients.patient_profile_id = add_caregiver.patient_profile_id
    and patients.deleted_at is null
  for share of patient_profiles;
  if (v_profile.human_id = app_hidden.current_account_id()) is not true then
    perform app_private.require_permission(add_caregiver.organization_id, 'patients.manage');
    if v_profile.id is null then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
    end if;
    -- A caregiver sees the person at every clinic; of somebody with an account no clinic can decide that.
    if v_profile.human_id is not null then
      perform app_hidden.refuse('FORBIDDEN', 'person_decides');
    end if;
  end if;

  if exists (
    select from app_public.humans
    where humans.email = app_hidden.address_key(add_caregiver.email)
      and humans.provider_org_id is null
      and humans.email_verified_at is not null
      and humans.closed_at is null
      and app_private.name_key(humans.display_name) is distinct from app_private.name_key(add_caregiver.display_name)
  ) then
    perform app_hidden.refuse('CONFLICT', 'person_unclear', '{"field": "displayName", "facts": ["name"]}');
  end if;

  v_human_id := app_private.human_by_email(add_caregiver.email, add_caregiver.display_name, v_profile.locale);
  -- An adult may have a caregiver too; that link has no date.
  v_ends_on := app_private.caregiver_ends_on(v_profile.birth_date);
  if v_ends_on <= v_today then
    v_ends_on := null;
  end if;

  -- Who cared for the minor may go on caring for the adult, on new evidence.
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.patient_profile_id = v_profile.id
    and caregivers.human_id = v_human_id
    and caregivers.revoked_at is null
    and caregivers.ends_on <= v_today;

  insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on)
  values (v_profile.id, v_human_id, add_caregiver.relationship, app_private.current_actor_id(), v_ends_on)
  on conflict (patient_profile_id, human_id) where revoked_at is null do nothing
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_caregiver', '{"field": "email"}');
  end if;
  insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
  values (add_caregiver.organization_id, v_caregiver.id, v_profile.id, add_caregiver.evidence);
  return v_caregiver;
end;
$$;

comment on function app_public.add_caregiver is
  'Lets a human act for a patient, on evidence: named by the patient, or by staff with patients.manage while the patient '
  'has no account. For a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver to app_member;

reset role;
-- end of source: functions/patients/add_caregiver.sql

-- source: functions/patients/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ. Profiles of two clinics stay two. FND-07, FND-34.

set role app_engine;

create or replace function app_public.claim_patient_profiles(
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans;
  v_me record;
  v_with_address uuid[];
  v_of_name uuid[];
  v_own uuid[];
  v_birth_dates int;
begin
  select humans.* into v_human
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null;
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified');
  end if;

  v_me := app_private.asserted_identity(
    claim_patient_profiles.given_name, claim_patient_profiles.family_name, claim_patient_profiles.birth_date);

  -- Locked in one order, as whoever merges two of them does.
  with claimable as materialized (
    select patient_profiles as profile
    from app_public.patient_profiles
    where app_hidden.ascii_lower(patient_profiles.email) = v_human.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = v_human.email
               and former.email_verified_at is not null))
      -- A child's profile carries the parent's address; the child is not the parent.
      and not exists (select from app_public.caregivers where caregivers.patient_profile_id = patient_profiles.id)
      -- Nor is someone who is too young for an account of their own.
      and (patient_profiles.birth_date is null
           or patient_profiles.birth_date
              + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
              <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      -- Who was merged into another patient is that one now.
      and not exists (
        select from app_public.patient_merges
        where patient_merges.merged_profile_id = patient_profiles.id and patient_merges.undone_at is null)
    order by patient_profiles.id
    for update of patient_profiles
  ),
  compared as (
    select (claimable.profile).id, (claimable.profile).birth_date,
           app_private.fact_that_differs(claimable.profile, v_me.name_key, v_me.birth_date) as differs
    from claimable
  )
  select array_agg(compared.id), array_agg(compared.id) filter (where compared.differs is distinct from 'name'),
         array_agg(compared.id) filter (where compared.differs is null),
         count(distinct compared.birth_date) filter (where compared.differs is null)
  into v_with_address, v_of_name, v_own, v_birth_dates
  from compared;

  -- Two of one name and address, born on two days, are two people.
  if v_birth_dates > 1 or (v_own is null and v_of_name is not null) then
    perform app_private.refuse_person_unclear('birthday');
  elsif v_own is null and v_with_address is not null and not exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id and app_hidden.ascii_lower(patient_profiles.email) = v_human.email
  ) then
    perform app_private.refuse_person_unclear('name');
  end if;

  return query
    update app_public.patient_profiles set human_id = v_human.principal_id
    where patient_profiles.id = any (v_own)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.claim_patient_profiles to app_member;

reset role;
-- end of source: functions/patients/claim_patient_profiles.sql

-- source: functions/patients/invite_patient.sql
-- A clinic asks a patient to take over their own profile. The person accepts with an account that proved the address.
-- FND-07.
-- A profile that has or had an account is the person's at every clinic: they sign in, or claim it, and no single clinic
-- hands it on.

set role app_engine;

create or replace function app_public.invite_patient(
  organization_id uuid,
  patient_profile_id uuid,
  email text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_profile app_public.patient_profiles;
  v_years int := (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account');
  v_email text;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  v_remembered := app_private.remembered('invite_patient', jsonb_build_array(organization_id, patient_profile_id, email));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  perform app_private.require_patient(organization_id, patient_profile_id);
  select patient_profiles.* into strict v_profile
  from app_public.patient_profiles
  where patient_profiles.id = invite_patient.patient_profile_id;
  if v_profile.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'profile_has_an_account');
  end if;
  if v_profile.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'patientProfileId', 'years', v_years));
  end if;
  v_email := coalesce(nullif(btrim(invite_patient.email), ''), v_profile.email);
  if v_email is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "email"}');
  end if;

  v_invitation := app_private.send_invitation(
    app_private.open_invitation(
      organization_id, 'patient', v_email, v_profile.given_name || ' ' || v_profile.family_name, patient_profile_id),
    v_profile.locale);
  perform app_private.remember('invite_patient', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_patient is
  'Invites a patient without an account to take over their profile, by mail to this address or to the one of the profile. '
  'Needs patients.manage; CONFLICT profile_has_an_account or already_invited, VALIDATION too_young_for_own_account.';
grant execute on function app_public.invite_patient to app_member;

reset role;
-- end of source: functions/patients/invite_patient.sql

-- source: functions/patients/merge_patients.sql
-- Two patients of a clinic are one person: everything of the one at this clinic goes to the other, who is kept.
-- What becomes of the rows of each table is said by the table: app_private.on_merge(), in its policy file.
-- Locks: the clinic's people, then both patients, then both profiles, each pair in the order of ids; bookings hold their
-- patient for share, so those under way are waited for and move along. FND-34.

set role app_engine;

create or replace function app_public.merge_patients(patient_id uuid, duplicate_id uuid, reason text)
returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_person app_public.patient_profiles;
  v_other app_public.patient_profiles;
  v_is_the_clinics_own boolean;
  v_moved jsonb;
  v_merge app_public.patient_merges;
begin
  select patients.* into v_kept from app_public.patients where patients.id = merge_patients.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_kept.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);
  if patient_id = duplicate_id then
    perform app_hidden.refuse('VALIDATION', 'same_patient', '{"field": "duplicateId"}');
  end if;

  perform app_private.lock_people(v_kept.organization_id);
  perform from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id in (merge_patients.patient_id, duplicate_id)
  order by patients.id
  for update;
  select patients.* into v_kept
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = v_kept.id and patients.deleted_at is null;
  select patients.* into v_duplicate
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = duplicate_id and patients.deleted_at is null;
  if v_kept.id is null or v_duplicate.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;

  perform from app_public.patient_profiles
  where patient_profiles.id in (v_kept.patient_profile_id, v_duplicate.patient_profile_id)
  order by patient_profiles.id
  for update;
  select patient_profiles.* into strict v_person from app_public.patient_profiles where patient_profiles.id = v_kept.patient_profile_id;
  select patient_profiles.* into strict v_other from app_public.patient_profiles where patient_profiles.id = v_duplicate.patient_profile_id;

  if v_person.human_id <> v_other.human_id then
    perform app_hidden.refuse('CONFLICT', 'two_accounts');
  elsif v_person.human_id is null and v_other.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'account_would_be_lost', '{"field": "duplicateId"}');
  elsif v_person.birth_date <> v_other.birth_date then
    perform app_hidden.refuse('CONFLICT', 'birth_dates_differ');
  end if;

  -- What a clinic may decide for a person: nothing that another clinic, or the person themselves, also relies on.
  v_is_the_clinics_own := v_person.human_id is null and not exists (
    select from app_public.patients as elsewhere
    where elsewhere.patient_profile_id in (v_person.id, v_other.id) and elsewhere.organization_id <> v_kept.organization_id);
  v_moved := app_private.move_on_merge(v_kept, v_duplicate, v_is_the_clinics_own);

  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, merged_by)
  values (v_kept.organization_id, v_person.id, v_other.id, v_reason, v_moved, app_private.current_actor_id())
  returning * into v_merge;
  update app_public.patients set deleted_at = app_hidden.now() where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merged', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.merge_patients is
  'Two patients of the clinic are one person: what the duplicate has at the clinic goes to patientId, and the duplicate '
  'leaves the lists; name, address, number and birth date of patientId stay. Needs patients.merge and a reason; undoPatientMerge takes it back. '
  'CONFLICT two_accounts, account_would_be_lost, birth_dates_differ, caregivers_differ.';
grant execute on function app_public.merge_patients to app_member;

reset role;
-- end of source: functions/patients/merge_patients.sql

-- source: functions/patients/on_merge_caregivers.sql
-- Who acts for the duplicate acts for the patient who is kept, with the evidence that was shown for it, as long as the
-- clinic alone may say so; otherwise a caregiver of the one alone refuses the merge. A minor's link ends on the eighteenth
-- birthday of the one who is kept. FND-34, FND-07.

create or replace function app_private.on_merge_caregivers(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_links jsonb;
  v_evidence jsonb;
begin
  if not is_the_clinics_own then
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = duplicate.patient_profile_id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > v_today)
        and not exists (
          select from app_public.caregivers as known
          where known.patient_profile_id = kept.patient_profile_id and known.human_id = caregivers.human_id and known.revoked_at is null)
    ) then
      perform app_hidden.refuse('CONFLICT', 'caregivers_differ');
    end if;
    return '{}';
  end if;

  select app_private.caregiver_ends_on(patient_profiles.birth_date) into strict v_ends_on
  from app_public.patient_profiles
  where patient_profiles.id = kept.patient_profile_id;
  with moved as (
    update app_public.caregivers set
      patient_profile_id = kept.patient_profile_id,
      ends_on = case when v_ends_on > v_today then least(caregivers.ends_on, v_ends_on) else caregivers.ends_on end
    where caregivers.patient_profile_id = duplicate.patient_profile_id
      and not (caregivers.revoked_at is null and exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = kept.patient_profile_id and known.human_id = caregivers.human_id and known.revoked_at is null))
    returning caregivers.id, old.patient_profile_id, old.ends_on
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_links from moved;
  with moved as (
    update app_private.caregiver_evidence set patient_profile_id = kept.patient_profile_id
    from jsonb_to_recordset(v_links) as link (id uuid)
    where caregiver_evidence.caregiver_id = link.id
    returning caregiver_evidence.organization_id, caregiver_evidence.caregiver_id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_evidence from moved;
  return jsonb_build_object(
    'app_public.caregivers.patient_profile_id', v_links, 'app_private.caregiver_evidence.patient_profile_id', v_evidence);
end;
$$;

comment on function app_private.on_merge_caregivers is
  'Moves caregiver links and their evidence, but for links that the one who is kept has. CONFLICT caregivers_differ.';
grant execute on function app_private.on_merge_caregivers to app_engine;
-- end of source: functions/patients/on_merge_caregivers.sql

-- source: functions/patients/revoke_caregiver.sql
-- The link ends: by the caregiver, by the person, or by the clinic. FND-07.

set role app_engine;

create or replace function app_public.revoke_caregiver(caregiver_id uuid) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_caregiver app_public.caregivers;
begin
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.id = caregiver_id
    and caregivers.revoked_at is null
    and (caregivers.human_id = app_hidden.current_account_id()
         or exists (
           select from app_public.patient_profiles
           where patient_profiles.id = caregivers.patient_profile_id
             and patient_profiles.human_id = app_hidden.current_account_id())
         or exists (
           select from app_public.patients
           where patients.patient_profile_id = caregivers.patient_profile_id
             and patients.deleted_at is null
             and app_hidden.has_permission(patients.organization_id, 'patients.manage')))
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found');
  end if;
  return v_caregiver;
end;
$$;

comment on function app_public.revoke_caregiver is
  'Ends a caregiver link at once: by the caregiver, the person cared for, or staff with patients.manage.';
grant execute on function app_public.revoke_caregiver to app_member;

reset role;
-- end of source: functions/patients/revoke_caregiver.sql

-- source: functions/patients/take_back_moves.sql
-- What a merge moved goes back, each row as it was, while it is where the merge put it: a step of undo_patient_merge(), which
-- holds the locks. A row that is gone since, as old messages go, is not missed; one that went on stops everything. FND-34.

create or replace function app_private.take_back_moves(merge app_public.patient_merges) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_move record;
  v_table regclass;
  v_values text;
  v_same_row text;
  v_gone_on jsonb;
begin
  for v_move in
    select regexp_replace(moved.key, '\.\w+$', '') as table_name, substring(moved.key from '\w+$') as column_name, moved.value as rows
    from jsonb_each(merge.moved) as moved
    left join app_private.merge_rules as rules on rules.table_name || '.' || rules.column_name = moved.key
    order by rules.rule = 'follows', moved.key
  loop
    v_table := v_move.table_name::regclass;
    select string_agg(format('%1$I = was.%1$I', written.name), ', ') filter (where not written.is_key),
           string_agg(format('mine.%1$I = was.%1$I', written.name), ' and ') filter (where written.is_key)
    into v_values, v_same_row
    from (
      select named.name, named.name = any (app_private.key_columns(v_table)) as is_key
      from jsonb_object_keys(v_move.rows -> 0) as named (name)
    ) as written;

    execute format(
      'update %1$s as mine set %2$s from jsonb_populate_recordset(null::%1$s, $1) as was where %3$s and mine.%4$I = $2',
      v_table, v_values, v_same_row, v_move.column_name)
    using v_move.rows, merge.patient_profile_id;
    execute format(
      'select jsonb_agg(to_jsonb(mine)) from jsonb_populate_recordset(null::%1$s, $1) as was
       join %1$s as mine on %2$s
       where mine.%3$I <> was.%3$I',
      v_table, v_same_row, v_move.column_name)
    into v_gone_on using v_move.rows;
    if v_gone_on is not null then
      perform app_private.refuse_moved_since(split_part(v_move.table_name, '.', 2), v_gone_on);
    end if;
  end loop;
end;
$$;

comment on function app_private.take_back_moves is
  'Puts back what move_on_merge() said it moved. CONFLICT moved_since names what went on to somebody else.';
grant execute on function app_private.take_back_moves to app_engine;

create or replace function app_private.refuse_moved_since(entity text, rows jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'moved_since',
    jsonb_build_object(
      'entity', refuse_moved_since.entity,
      'ids', (select jsonb_agg(gone_on.value -> 'id' order by gone_on.value -> 'id') from jsonb_array_elements(refuse_moved_since.rows) as gone_on)));
end;
$$;

comment on function app_private.refuse_moved_since is
  'Refuses to undo a merge, and names the rows that went on: their kind, such as appointments, and their ids.';
grant execute on function app_private.refuse_moved_since to app_engine;
-- end of source: functions/patients/take_back_moves.sql

-- source: functions/patients/tg_patient_profiles__email_proof.sql
-- A patient's address says two things: where messages about treatment go, and, until there is an account, who may take
-- the profile over (claim_patient_profiles). So whoever changes it proves what that use needs. FND-07.
--   * With an account, the address is one that the identity provider verified for that account, or none.
--   * Without one, the clinic that keeps the profile writes it down, as it did when it registered the patient; the
--     address proves nothing then: whoever claims the profile shows that it is theirs.
--   * A caregiver writes down the own verified address, so that nobody else is led to the profile.
-- Verbs that join or move profiles answer for themselves: the trigger looks at what callers write directly.

set role app_engine;

create or replace function app_private.tg_patient_profiles__email_proof() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.email is null and new.human_id is not null then
    return new;
  end if;
  if exists (
    select from app_public.humans
    where humans.principal_id = coalesce(new.human_id, app_hidden.current_account_id())
      and humans.email = new.email and humans.email_verified_at is not null
  ) then
    return new;
  end if;
  if new.human_id is null and exists (
    select from app_public.patients
    where patients.patient_profile_id = new.id
      and patients.organization_id = any (app_hidden.organization_ids_where('patients.manage'))
      and patients.deleted_at is null
  ) then
    return new;
  end if;
  perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{"field": "email"}');
  return null;
end;
$$;

comment on function app_private.tg_patient_profiles__email_proof is
  'FORBIDDEN email_not_verified, unless the address is verified for the account, or staff keep a profile without one. '
  'Trigger _200_email_proof.';

reset role;

create or replace trigger _200_email_proof before update of email on app_public.patient_profiles
  for each row when (old.email is distinct from new.email and current_user = 'app_member')
  execute function app_private.tg_patient_profiles__email_proof();
-- end of source: functions/patients/tg_patient_profiles__email_proof.sql

-- source: functions/patients/tg_patient_profiles__own_account.sql
-- Below the age of consent to online services a person has no account of their own: a caregiver acts. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__own_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_years int;
begin
  if new.human_id is null or new.birth_date is null then
    return new;
  end if;
  select legal_ages.years into strict v_years from app_private.legal_ages where legal_ages.rule = 'own_account';
  if new.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'birthDate', 'years', v_years));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__own_account is
  'Refuses an own account below the age in legal_ages. Trigger _200_own_account.';

reset role;

create or replace trigger _200_own_account before insert or update of human_id, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__own_account();
-- end of source: functions/patients/tg_patient_profiles__own_account.sql

-- source: functions/patients/tg_patients__merged.sql
-- Who was merged into another patient comes back by undoing the merge and by nothing else: restored alone the record
-- would be empty, and the person two patients again. FND-34, FND-10.

set role app_engine;

create or replace function app_private.tg_patients__merged() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_merge_id uuid;
begin
  select patient_merges.id into v_merge_id
  from app_public.patient_merges
  where patient_merges.organization_id = new.organization_id
    and patient_merges.merged_profile_id = new.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse('CONFLICT', 'patient_was_merged', jsonb_build_object('mergeId', v_merge_id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patients__merged is
  'Refuses to bring back a patient who was merged into another one. Trigger _200_merged.';

reset role;

create or replace trigger _200_merged before update of deleted_at on app_public.patients
  for each row when (old.deleted_at is not null and new.deleted_at is null)
  execute function app_private.tg_patients__merged();
-- end of source: functions/patients/tg_patients__merged.sql

-- source: functions/patients/undo_patient_merge.sql
-- Two who were merged are two again: exactly the rows that moved go back, while they are where the merge put them. What
-- came after the merge stays with the patient who was kept. Locks as merge_patients does. FND-34.

set role app_engine;

create or replace function app_public.undo_patient_merge(merge_id uuid, reason text) returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_merge app_public.patient_merges;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_further uuid;
begin
  select patient_merges.* into v_merge from app_public.patient_merges where patient_merges.id = merge_id;
  perform app_private.require_permission(v_merge.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_merge.organization_id);
  select patient_merges.* into strict v_merge from app_public.patient_merges where patient_merges.id = merge_id for update;
  if v_merge.undone_at is not null then
    perform app_hidden.refuse('STATE', 'merge_is_undone', '{"legal": []}');
  end if;
  perform from app_public.patients
  where patients.organization_id = v_merge.organization_id
    and patients.patient_profile_id in (v_merge.patient_profile_id, v_merge.merged_profile_id)
  order by patients.id
  for update;
  select patients.* into strict v_kept
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.patient_profile_id;
  select patients.* into strict v_duplicate
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.merged_profile_id;

  select patient_merges.id into v_further
  from app_public.patient_merges
  where patient_merges.organization_id = v_merge.organization_id
    and patient_merges.merged_profile_id = v_merge.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse('CONFLICT', 'merged_further', jsonb_build_object('mergeId', v_further));
  elsif v_kept.deleted_at is not null then
    perform app_hidden.refuse('CONFLICT', 'belongs_to_something_deleted', '{"entity": "patients"}');
  end if;

  perform app_private.take_back_moves(v_merge);
  update app_public.patient_merges set undone_at = app_hidden.now(), undone_by = app_private.current_actor_id(), undo_reason = v_reason
  where patient_merges.id = v_merge.id
  returning * into v_merge;
  update app_public.patients set deleted_at = null where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merge_undone', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.undo_patient_merge is
  'Takes a merge back: the rows that moved return to the patient they came from, who is in the lists again. Needs '
  'patients.merge and a reason. STATE merge_is_undone; CONFLICT merged_further, moved_since, belongs_to_something_deleted '
  'say what has to be taken back first.';
grant execute on function app_public.undo_patient_merge to app_member;

reset role;
-- end of source: functions/patients/undo_patient_merge.sql

-- source: functions/providers/require_capability.sql
-- A capability that can be served. What is declared and not built is said to be so. FND-22.

create or replace function app_private.require_capability(capability text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_built boolean;
begin
  select service_capabilities.is_built into v_is_built
  from app_public.service_capabilities
  where service_capabilities.key = require_capability.capability;
  if v_is_built is null then
    perform app_hidden.refuse('VALIDATION', 'capability_unknown', '{"field": "capability"}');
  elsif not v_is_built then
    perform app_hidden.refuse('CAPABILITY_NOT_BUILT', 'capability_not_built', jsonb_build_object('capability', capability));
  end if;
end;
$$;

comment on function app_private.require_capability is 'Refuses a capability that is unknown, or declared and not built.';
grant execute on function app_private.require_capability to app_engine;
-- end of source: functions/providers/require_capability.sql

-- source: functions/providers/choose_provider.sql
-- A clinic chooses who serves a capability, among what the platform offers. FND-22.

set role app_engine;

create or replace function app_public.choose_provider(
  organization_id uuid, capability text, provider text, integration_id uuid default null
) returns app_public.organization_service_providers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_offer app_public.platform_service_providers;
  v_choice app_public.organization_service_providers;
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);

  -- The lock keeps the offer as it is until the choice is written.
  select offer.* into v_offer
  from app_public.platform_service_providers as offer
  where offer.capability = choose_provider.capability and offer.provider = choose_provider.provider
    and (offer.is_offered or offer.is_default)
  for share;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'provider_not_offered', '{"field": "provider"}');
  end if;
  if integration_id is null and not v_offer.has_platform_account then
    perform app_hidden.refuse('VALIDATION', 'integration_required', '{"field": "integrationId"}');
  end if;
  if integration_id is not null then
    perform from app_public.organization_integrations as integration
    where integration.organization_id = choose_provider.organization_id
      and integration.id = choose_provider.integration_id
      and integration.provider = choose_provider.provider
    for share;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{"field": "integrationId"}');
    end if;
  end if;

  insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
  values (choose_provider.organization_id, choose_provider.capability, choose_provider.provider, choose_provider.integration_id)
  on conflict on constraint organization_service_providers_pkey do update
    set provider = excluded.provider, integration_id = excluded.integration_id
  returning * into v_choice;
  return v_choice;
end;
$$;

comment on function app_public.choose_provider is
  'Chooses who serves a capability for the clinic, with its own integration or with the platform''s account. Needs integrations.manage.';
grant execute on function app_public.choose_provider to app_member;

reset role;
-- end of source: functions/providers/choose_provider.sql

-- source: functions/providers/locked_integration.sql
-- An integration that the caller manages, locked; another clinic's is not there. FND-23.

create or replace function app_private.locked_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  select organization_integrations.* into v_integration
  from app_public.organization_integrations
  where organization_integrations.id = locked_integration.integration_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_integration.organization_id, 'integrations.manage');
  return v_integration;
end;
$$;

comment on function app_private.locked_integration is
  'Locks an integration for a change; refuses with NOT_FOUND, or FORBIDDEN for a colleague without integrations.manage.';
grant execute on function app_private.locked_integration to app_engine;
-- end of source: functions/providers/locked_integration.sql

-- source: functions/providers/enable_integration.sql
-- Switched on again, once the vendor has taken the keys. FND-23.

set role app_engine;

create or replace function app_public.enable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  if v_integration.status = 'disabled'
     and not coalesce(v_integration.last_test_passed and v_integration.last_tested_at >= v_integration.disabled_at, false) then
    perform app_hidden.refuse(
      'STATE', 'test_must_pass_first', jsonb_build_object('from', v_integration.status, 'to', 'active'));
  end if;
  update app_public.organization_integrations
  set status = 'active', disabled_reason = null, disabled_at = null, consecutive_auth_failures = 0
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.enabled', v_integration.organization_id, v_integration.id);
  return v_integration;
end;
$$;

comment on function app_public.enable_integration is
  'Switches an integration on again. A test must have passed since it was disabled. Needs integrations.manage.';
grant execute on function app_public.enable_integration to app_member;

reset role;
-- end of source: functions/providers/enable_integration.sql

-- source: functions/providers/require_provider.sql
-- A vendor that a clinic may have an account at: known, and offered for something. FND-22, FND-23.

create or replace function app_private.require_provider(provider text) returns app_public.service_providers
language plpgsql stable
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
begin
  select service_providers.* into v_provider
  from app_public.service_providers
  where service_providers.key = require_provider.provider
    and service_providers.credential_fields <> '[]'
    and exists (
      select from app_public.platform_service_providers as offer
      where offer.provider = service_providers.key and offer.is_offered);
  if not found then
    perform app_hidden.refuse('VALIDATION', 'provider_not_offered', '{"field": "provider"}');
  end if;
  return v_provider;
end;
$$;

comment on function app_private.require_provider is
  'The provider, or a refusal when it is unknown, not offered or has no accounts.';
grant execute on function app_private.require_provider to app_engine;
-- end of source: functions/providers/require_provider.sql

-- source: functions/providers/integration_form.sql
-- Asked before anything is encrypted: may the caller save this integration, which keys belong into it, and what are they
-- sealed for? FND-23, FND-35.

set role app_engine;

create or replace function app_hidden.integration_form(
  organization_id uuid, provider text, integration_id uuid, settings jsonb, out fields jsonb, out bound_to text
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  if integration_id is not null and not exists (
    select from app_public.organization_integrations
    where organization_integrations.organization_id = integration_form.organization_id
      and organization_integrations.id = integration_form.integration_id
      and organization_integrations.provider = integration_form.provider
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  fields := (app_private.require_provider(provider)).credential_fields;
  bound_to := app_private.destination_of(provider, settings);
end;
$$;

comment on function app_hidden.integration_form is
  'The credential fields of the provider and the destination that these settings make, for a caller who may save this '
  'integration; refusals otherwise.';
grant execute on function app_hidden.integration_form to app_member;

reset role;
-- end of source: functions/providers/integration_form.sql

-- source: functions/providers/record_integration_test.sql
-- How a test went. It counts only for the account as it was tested: whoever changed keys or settings meanwhile, or switched
-- it off, tests again. FND-23.

set role app_engine;

create or replace function app_hidden.record_integration_test(
  integration_id uuid, tested_state text, passed boolean, reason text default null
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.organization_integrations
  set last_tested_at = app_hidden.now(),
      last_test_passed = record_integration_test.passed,
      last_test_reason = case when record_integration_test.passed then null else record_integration_test.reason end,
      consecutive_auth_failures = case when record_integration_test.passed then 0
                                  else organization_integrations.consecutive_auth_failures end
  where organization_integrations.id = record_integration_test.integration_id
    and app_private.account_state(organization_integrations) = record_integration_test.tested_state;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'changed_during_test');
  end if;
end;
$$;

comment on function app_hidden.record_integration_test is
  'Records the outcome of a test of the account in this state (app_hidden.integration_account); CONFLICT '
  'changed_during_test when it is another one by now.';
grant execute on function app_hidden.record_integration_test to app_authenticator;

reset role;
-- end of source: functions/providers/record_integration_test.sql

-- source: functions/providers/remove_integration.sql
-- Takes an account out, with its keys. What a capability still uses stays: choose something else for it first. FND-23.

set role app_engine;

create or replace function app_public.remove_integration(integration_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
  v_capabilities jsonb;
begin
  select jsonb_agg(chosen.capability order by chosen.capability) into v_capabilities
  from app_public.organization_service_providers as chosen
  where chosen.organization_id = v_integration.organization_id and chosen.integration_id = v_integration.id;
  if v_capabilities is not null then
    perform app_hidden.refuse('CONFLICT', 'integration_in_use', jsonb_build_object('capabilities', v_capabilities));
  end if;
  delete from app_public.organization_integrations where organization_integrations.id = v_integration.id;
  perform app_private.publish('integration.removed', v_integration.organization_id, v_integration.id);
  return v_integration.id;
end;
$$;

comment on function app_public.remove_integration is
  'Deletes an integration and its keys. CONFLICT while a capability uses it. Needs integrations.manage.';
grant execute on function app_public.remove_integration to app_member;

reset role;
-- end of source: functions/providers/remove_integration.sql

-- source: functions/providers/require_integration.sql
-- Asked before a test: is this an integration that the caller manages? FND-23.

set role app_engine;

create or replace function app_hidden.require_integration(integration_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select organization_integrations.organization_id into v_organization_id
  from app_public.organization_integrations
  where organization_integrations.id = require_integration.integration_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_organization_id, 'integrations.manage');
end;
$$;

comment on function app_hidden.require_integration is
  'Passes when the caller manages this integration; NOT_FOUND for another clinic''s, FORBIDDEN for a colleague.';
grant execute on function app_hidden.require_integration to app_member;

reset role;
-- end of source: functions/providers/require_integration.sql

-- source: functions/providers/resolve_provider.sql
-- Who serves a capability for a clinic, and with which account: the one place that knows. FND-22.
-- A clinic's own account that is switched off is not replaced by the platform's behind its back.

set role app_engine;

create or replace function app_hidden.resolve_provider(organization_id uuid, capability text)
returns table (provider text, settings jsonb, credentials bytea, integration_id uuid, bound_to text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_provider text;
  v_integration_id uuid;
  v_status text;
  v_settings jsonb;
  v_credentials bytea;
  v_bound_to text;
begin
  perform app_private.require_capability(capability);

  select choice.provider, choice.integration_id, integration.status, integration.settings, integration.credentials::bytea,
    integration.credentials_bound_to
  into v_provider, v_integration_id, v_status, v_settings, v_credentials, v_bound_to
  from app_public.organization_service_providers as choice
  left join app_public.organization_integrations as integration
    on integration.organization_id = choice.organization_id and integration.id = choice.integration_id
  where choice.organization_id = resolve_provider.organization_id and choice.capability = resolve_provider.capability;

  if v_status = 'disabled' then
    perform app_hidden.refuse(
      'STATE', 'integration_disabled',
      jsonb_build_object('capability', capability, 'provider', v_provider, 'integrationId', v_integration_id));
  end if;
  if v_provider is null then
    select offer.provider into v_provider
    from app_public.platform_service_providers as offer
    where offer.capability = resolve_provider.capability and offer.is_default;
  end if;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', jsonb_build_object('capability', capability));
  end if;
  return query select v_provider, coalesce(v_settings, '{}'), v_credentials, v_integration_id, v_bound_to;
end;
$$;

comment on function app_hidden.resolve_provider is
  'The provider of a capability for a clinic, with the settings and sealed keys of its own account, and what they are '
  'sealed for; without keys, the platform''s account. Refuses what is not built and what is switched off.';
grant execute on function app_hidden.resolve_provider to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/resolve_provider.sql

-- source: functions/providers/save_integration.sql
-- Adds or changes a clinic's account at a vendor. The keys arrive sealed; without any, the present ones stay,
-- unless the settings lead elsewhere (tg_organization_integrations__bind_keys). FND-23, FND-35.
-- Behind the mutation saveIntegration, which seals them before this is called: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.save_integration(
  id uuid,
  organization_id uuid,
  provider text,
  label text,
  settings jsonb,
  credentials bytea default null,
  last_four jsonb default null,
  is_new boolean default true
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
  v_problem text;
begin
  if is_new then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif (app_private.locked_integration(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  v_provider := app_private.require_provider(provider);
  v_problem := app_private.settings_problem(v_provider.settings_fields, settings);
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'setting_invalid', jsonb_build_object('field', 'settings.' || left(v_problem, 50)));
  end if;

  if is_new then
    insert into app_public.organization_integrations
      (id, organization_id, provider, label, settings, credentials, last_four, created_by)
    values
      (save_integration.id, save_integration.organization_id, v_provider.key, btrim(save_integration.label),
       save_integration.settings, save_integration.credentials, save_integration.last_four, app_private.current_actor_id());
    perform app_private.publish('integration.added', organization_id, id);
  else
    update app_public.organization_integrations as integration
    set label = btrim(save_integration.label),
        settings = save_integration.settings,
        credentials = coalesce(save_integration.credentials, integration.credentials),
        last_four = case when save_integration.credentials is null then integration.last_four else save_integration.last_four end,
        credentials_version = integration.credentials_version + (save_integration.credentials is not null)::int,
        -- What was found out about other keys or settings says nothing about these.
        consecutive_auth_failures = 0,
        last_tested_at = null, last_test_passed = null, last_test_reason = null
    where integration.id = save_integration.id and integration.provider = v_provider.key;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform app_private.publish('integration.changed', organization_id, id,
      jsonb_build_object('credentialsChanged', credentials is not null));
  end if;
  return id;
end;
$$;

comment on function app_hidden.save_integration is
  'Stores an integration whose keys were sealed for this id. Needs integrations.manage.';
grant execute on function app_hidden.save_integration to app_member;

reset role;
-- end of source: functions/providers/save_integration.sql

-- source: functions/providers/set_platform_provider.sql
-- The platform says which vendors it offers, and which serves whoever chose none. FND-22.

set role app_engine;

create or replace function app_public.set_platform_provider(
  capability text, provider text, is_offered boolean, is_default boolean, has_platform_account boolean
) returns app_public.platform_service_providers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_provider app_public.platform_service_providers;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  perform app_private.require_capability(capability);
  perform pg_advisory_xact_lock(hashtextextended('platform_service_providers:' || capability, 0));

  select offer.* into v_provider
  from app_public.platform_service_providers as offer
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  if v_provider.is_default and not is_default then
    perform app_hidden.refuse('CONFLICT', 'default_needs_a_successor', jsonb_build_object('capability', capability));
  end if;
  if is_default and not has_platform_account then
    perform app_hidden.refuse('VALIDATION', 'default_needs_an_account', '{"field": "hasPlatformAccount"}');
  end if;
  if not has_platform_account and exists (
    select from app_public.organization_service_providers as choice
    where choice.capability = set_platform_provider.capability and choice.provider = set_platform_provider.provider
      and choice.integration_id is null
  ) then
    perform app_hidden.refuse('CONFLICT', 'platform_account_in_use', jsonb_build_object('capability', capability));
  end if;

  if is_default then
    update app_public.platform_service_providers as offer set is_default = false
    where offer.capability = set_platform_provider.capability and offer.is_default
      and offer.provider <> set_platform_provider.provider;
  end if;
  update app_public.platform_service_providers as offer
  set is_offered = set_platform_provider.is_offered,
      is_default = set_platform_provider.is_default,
      has_platform_account = set_platform_provider.has_platform_account
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  returning * into v_provider;
  return v_provider;
end;
$$;

comment on function app_public.set_platform_provider is
  'Sets whether clinics may choose a provider, whether it serves those that chose none, and whether the platform has an account there. Superadmin only.';
grant execute on function app_public.set_platform_provider to app_member;

reset role;
-- end of source: functions/providers/set_platform_provider.sql

-- source: functions/providers/tg_organization_integrations__bind_keys.sql
-- Keys that were entered for one destination go to no other, whoever changes the row. FND-35.
-- An integration that is pointed elsewhere takes new keys in the same write; without them it would hand the present ones
-- to whoever it is pointed at.

set role app_engine;

create or replace function app_private.tg_organization_integrations__bind_keys() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.settings = old.settings and new.provider = old.provider and new.credentials = old.credentials then
    new.credentials_bound_to := old.credentials_bound_to;
    return new;
  end if;
  new.credentials_bound_to := app_private.destination_of(new.provider, new.settings);
  if tg_op = 'UPDATE' and new.credentials = old.credentials and new.credentials_bound_to <> old.credentials_bound_to then
    perform app_hidden.refuse('VALIDATION', 'credentials_required', '{"field": "credentials"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_organization_integrations__bind_keys is
  'Says what the keys are bound to, and refuses another destination without new keys. Trigger _250_bind_keys.';

reset role;
-- end of source: functions/providers/tg_organization_integrations__bind_keys.sql

-- source: functions/scheduling/require_window.sql
-- A window that is asked for has two ends, in order, and an affordable length: 62 days for everybody, 400 for staff.
-- Days are those of the zone the window is read in: two local months are sixty-two days, also when one of them has an
-- hour more. Instants that no calendar knows are refused before anything is computed with them. SCH-05.

create or replace function app_private.require_window(
  organization_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  timezone text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_length interval;
  v_days int;
begin
  if "from" is null or "to" is null then
    perform app_hidden.refuse('VALIDATION', 'window_incomplete', jsonb_build_object('rule', 'window_incomplete'));
  elsif not isfinite("from") or not isfinite("to") then
    perform app_hidden.refuse('VALIDATION', 'window_infinite', jsonb_build_object('rule', 'window_infinite'));
  elsif "to" < "from" then
    perform app_hidden.refuse('VALIDATION', 'window_inverted', jsonb_build_object('rule', 'window_inverted'));
  elsif not app_private.is_thinkable("from") or not app_private.is_thinkable("to") then
    perform app_hidden.refuse('VALIDATION', 'window_out_of_range', jsonb_build_object('rule', 'window_out_of_range'));
  end if;

  -- The shorter of the two: whoever counts in elapsed days is within the bound as well.
  v_length := least("to" - "from", ("to" at time zone timezone) - ("from" at time zone timezone));
  if v_length > interval '62 days' then
    v_days := case when app_private.is_staff_of(organization_id) then 400 else 62 end;
    if v_length > make_interval(days => v_days) then
      perform app_hidden.refuse(
        'VALIDATION', 'window_too_long',
        jsonb_build_object('rule', 'window_too_long', 'maxDays', v_days));
    end if;
  end if;
end;
$$;

comment on function app_private.require_window is
  'Refuses a window of time that is incomplete, infinite, inverted, too long in local days, or in no year that we plan for.';

grant execute on function app_private.require_window to app_engine;
-- end of source: functions/scheduling/require_window.sql

-- source: functions/scheduling/explain_availability.sql
-- "Why can nobody book me on Tuesday?" answered for the front desk. SCH-05.

set role app_engine;

create or replace function app_public.explain_availability(
  calendar_id uuid,
  specialist_id uuid,
  at timestamptz
) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist app_public.specialists;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  where c.id = explain_availability.calendar_id and c.deleted_at is null
    and app_private.is_staff_of(c.organization_id);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found');
  end if;
  perform app_private.require_start(at, 'at');

  select sp.* into v_specialist
  from app_public.specialists as sp
  where sp.organization_id = v_calendar.organization_id and sp.id = explain_availability.specialist_id
    and sp.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found');
  end if;
  return coalesce(
    app_private.switched_off(v_calendar.organization_id, v_calendar.id, v_specialist.id, false),
    (select v.rules[1] from app_private.verdicts(v_calendar.id, at, v_specialist.id) as v),
    'free');
end;
$$;

comment on function app_public.explain_availability is
  E'@cost 20\n'
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid or taken.';

grant execute on function app_public.explain_availability to app_member;

reset role;
-- end of source: functions/scheduling/explain_availability.sql

-- source: functions/scheduling/require_hold_allowance.sql
-- One visitor may keep only so many times at once, and one address only so many more, or a bot holds a clinic's
-- week. A request that waits for its answer keeps its time too, so it counts. SCH-06, APT-09. The locks make the count true for visitors who ask in parallel: visitor first, then address.

create or replace function app_private.require_hold_allowance(
  organization app_public.organizations,
  visitor_id text,
  address inet
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holds int;
  v_next_free timestamptz;
begin
  if require_hold_allowance.visitor_id is not null then
    perform app_private.lock_holder(organization.id, require_hold_allowance.visitor_id);
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.visitor_id = require_hold_allowance.visitor_id
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_visitor then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds',
        jsonb_build_object(
          'limit', organization.holds_per_visitor,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)));
    end if;
  end if;

  if require_hold_allowance.address is not null then
    perform pg_advisory_xact_lock(
      hashtextextended('holder_address:' || organization.id || ':' || require_hold_allowance.address, 0));
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.address = require_hold_allowance.address
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_address then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds_from_address',
        jsonb_build_object(
          'limit', organization.holds_per_address,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)));
    end if;
  end if;
end;
$$;

comment on function app_private.require_hold_allowance is
  'Refuses with RATE_LIMITED when a visitor, or an address, keeps as many times as the clinic allows.';

grant execute on function app_private.require_hold_allowance to app_engine;
-- end of source: functions/scheduling/require_hold_allowance.sql

-- source: functions/scheduling/next_available.sql
-- "The next free times", without the caller guessing a window. SCH-05.

set role app_engine;

create or replace function app_public.next_available(
  calendar_id uuid,
  n int default 1,
  specialist_id uuid default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_last timestamptz;
  v_days int := 4;
  v_found int := 0;
  v_slot app_public.slot;
begin
  v_calendar := app_private.visible_calendar(next_available.calendar_id);
  if n is null or n not between 1 and 50 then
    perform app_hidden.refuse(
      'VALIDATION', 'count_out_of_range',
      jsonb_build_object('rule', 'count_out_of_range', 'field', 'n', 'min', 1, 'max', 50));
  end if;

  -- Usually the first days answer; each round looks twice as far, until the horizon.
  v_from := app_hidden.now() + make_interval(mins => v_calendar.notice_minutes);
  v_last := app_hidden.now() + make_interval(hours => (v_calendar.horizon_days + 2) * 24);
  while v_found < n and v_from < v_last loop
    v_to := least(v_from + make_interval(hours => v_days * 24), v_last);
    for v_slot in
      select s.*
      from app_public.available_slots(next_available.calendar_id, v_from, v_to, next_available.specialist_id) as s
      limit n - v_found
    loop
      v_found := v_found + 1;
      return next v_slot;
    end loop;
    v_from := v_to;
    v_days := least(v_days * 2, 62);
  end loop;
end;
$$;

comment on function app_public.next_available is
  E'@cost 20\n'
  'The next n (at most 50) bookable times of a calendar, up to its horizon.';

grant execute on function app_public.next_available to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/next_available.sql

-- source: functions/scheduling/overlapping_hours.sql
-- Hours that stand in each other: two rows of a weekday that overlap, or a night that runs into the next morning's row. The
-- listing reads them as one stretch, so nothing breaks; but whoever typed 09:00 to 17:00 beside 12:00 to 20:00 may have
-- meant something else, and is told. SCH-01, SCH-02.

set role app_engine;

create or replace function app_public.overlapping_hours(organization_id uuid) returns setof app_public.hours_overlap
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if overlapping_hours.organization_id is null or not app_private.is_staff_of(overlapping_hours.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;

  -- Minutes of the week; what runs past Sunday midnight goes on on Monday.
  return query
    with hours as (
      select h.id, h.specialist_id, null::uuid as calendar_id, h.weekday, h.starts, h.ends
      from app_public.specialist_weekly_hours as h
      where h.organization_id = overlapping_hours.organization_id
      union all
      select h.id, h.specialist_id, h.calendar_id, h.weekday, h.starts, h.ends
      from app_public.calendar_hours as h
      where h.organization_id = overlapping_hours.organization_id
    ), stretches as (
      select hours.*, int4range(
        stretch.first, stretch.first + (extract(epoch from hours.ends - hours.starts)::int / 60 + 1439) % 1440 + 1) as stretch
      from hours
      cross join lateral (
        select (hours.weekday - 1) * 1440 + extract(epoch from hours.starts)::int / 60 as first
      ) as stretch
    )
    select one.specialist_id, one.calendar_id, one.weekday, one.starts, one.ends, other.weekday, other.starts, other.ends
    from stretches as one
    join stretches as other
      on other.specialist_id is not distinct from one.specialist_id
     and other.calendar_id is not distinct from one.calendar_id
     and (one.stretch && other.stretch and (lower(one.stretch), one.id) < (lower(other.stretch), other.id)
          or one.stretch && int4range(lower(other.stretch) + 10080, upper(other.stretch) + 10080))
    order by one.calendar_id nulls first, one.specialist_id, one.weekday, one.starts, other.weekday, other.starts;
end;
$$;

comment on function app_public.overlapping_hours is
  E'@longestPage 400\n'
  'For staff: weekly hours of the clinic that overlap, of one specialist or of one calendar; they count as one stretch.';

grant execute on function app_public.overlapping_hours to app_member;

reset role;
-- end of source: functions/scheduling/overlapping_hours.sql

-- source: functions/secrets/tg_ciphertext__key_in_use.sql
-- No envelope is stored under a key that is unknown or retired. The lock on the key is shared among writers and waits
-- for nobody but the retirement of this very key, so a key is never retired under an envelope. FND-11.
-- Arguments: the encrypted columns of the table. A table without organization_id uses the platform's keys.

set role app_engine;

create or replace function app_private.tg_ciphertext__key_in_use() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_organization_id uuid := (v_row ->> 'organization_id')::uuid;
  v_column text;
  v_version int;
begin
  foreach v_column in array tg_argv loop
    -- bytea reads as \x… in JSON.
    v_version := app_private.key_version((v_row ->> v_column)::bytea::app_private.ciphertext);
    continue when v_version is null;
    perform from app_private.data_keys
    where (data_keys.organization_id = v_organization_id or data_keys.organization_id is null and v_organization_id is null)
      and data_keys.version = v_version
      and data_keys.status in ('active', 'retiring')
    for share;
    if not found then
      perform app_hidden.refuse('CONFLICT', 'data_key_not_in_use', jsonb_build_object('version', v_version));
    end if;
  end loop;
  return new;
end;
$$;

comment on function app_private.tg_ciphertext__key_in_use is
  'Refuses an envelope under a data key that is unknown or retired. Trigger _300_key_in_use, with the encrypted columns.';

reset role;
-- end of source: functions/secrets/tg_ciphertext__key_in_use.sql
