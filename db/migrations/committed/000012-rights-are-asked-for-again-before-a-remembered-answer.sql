--! Previous: sha1:08578b1346ae35fbfd751738480b49ad82914a3e
--! Hash: sha1:a7e96d15a95a95f9b208f774deb42b13bcfe5c90
--! Message: rights are asked for again before a remembered answer

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/appointments/require_to_book.sql
-- Who may book for a patient of a clinic: staff, the patient, a caregiver. The lock makes remove_patient wait for the
-- booking. Asked before booking, and again before a remembered booking is told. APT-01, FND-07, FND-26.
-- requires: functions/core/refuse.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql

set role app_engine;

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
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at the clinic of this time.');
  end if;
  perform app_private.authorize_move(
    'appointments', '', 'booked', require_to_book.organization_id, require_to_book.patient_profile_id);
end;
$$;

comment on function app_private.require_to_book(uuid, uuid) is
  'Locks a patient whom the caller may book for at this clinic; NOT_FOUND patient_not_found, or FORBIDDEN.';

reset role;
-- end of source: functions/appointments/require_to_book.sql

-- source: functions/core/remembered.sql
-- The first line of every verb that creates money, bookings or messages: what it answered to this idempotency key
-- before. Null means: go on, nobody did this yet, and end with remember(). FND-26.
-- The key is claimed by an insert in the verb's own transaction. A second request with the key waits for the first, and
-- then reads its answer; when the first is rolled back its claim goes with it, and the second goes on.
-- What is remembered opens nothing by itself: a verb that got an answer here asks, before it gives it, for the rights
-- that it asks for when it does the thing (a lint looks). A closed account gets none, whatever the verb.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/under_idempotency_key.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_account_id.sql

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
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;
  select known.* into strict v_known
  from app_private.remembered_mutations as known
  where known.request_digest = v_request;
  if v_known.arguments_digest <> v_arguments then
    perform app_hidden.refuse(
      'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', jsonb_build_object('header', 'Idempotency-Key'),
      'This key was sent with other values before. Take a new key for a new request.');
  elsif v_known.response is null then
    raise exception 'remembered: % claimed a key and never called remember()', remembered.operation;
  end if;
  return extensions.pgp_sym_decrypt(
    v_known.response, encode(app_private.under_idempotency_key('response', remembered.operation), 'hex'))::jsonb;
end;
$$;

comment on function app_private.remembered(text, jsonb) is
  'The first answer to this caller''s idempotency key for this operation; null when there is no key, or none such within '
  'a day, and then the key is claimed. IDEMPOTENCY_MISMATCH when the arguments are others than the first time.';

grant execute on function app_private.remembered(text, jsonb) to app_engine;
-- end of source: functions/core/remembered.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/require_to_book.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason));
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = book_appointment.patient_profile_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_appointment;
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment(text, uuid, text) is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment(text, uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/scheduling/claim_slot.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/may_override.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_directly(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  specialist_id uuid default null,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform from app_public.patients
  where patients.organization_id = v_calendar.organization_id
    and patients.patient_profile_id = book_directly.patient_profile_id
    and patients.deleted_at is null
    and patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at this clinic.');
  end if;

  v_claim := app_private.claim_slot(
    v_calendar.id, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override);
  perform app_private.count_assignment(v_claim.id);
  if v_override then
    select nullif(v.rules, '{}') into v_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale, created_by,
    override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, v_calendar.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), v_calendar.modality,
    coalesce(v_calendar.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale, app_private.current_actor_id(),
    case when v_rules is not null then btrim(override_reason) end, v_rules
  from app_public.services
  join app_public.patient_profiles as profile on profile.id = book_directly.patient_profile_id
  where services.organization_id = v_calendar.organization_id and services.id = v_calendar.service_id
  returning * into v_appointment;
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly(uuid, timestamptz, uuid, uuid, text) is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly(uuid, timestamptz, uuid, uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/appointments/require_to_answer.sql
-- Whether the caller may answer this booking request, whatever became of it meanwhile: asked before an answer that is
-- remembered is told again. FND-26, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/authorize_move.sql

set role app_engine;

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
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found', '{}', 'There is no such booking request at your clinic.');
  end if;
  perform app_private.authorize_move('booking_requests', 'requested', to_status, v_organization_id);
end;
$$;

comment on function app_private.require_to_answer(uuid, text) is
  'Refuses as the first answer to the request would: NOT_FOUND for a stranger, FORBIDDEN for a colleague without the permission.';

reset role;
-- end of source: functions/appointments/require_to_answer.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/locked_booking_request.sql
-- requires: functions/appointments/require_to_answer.sql
-- requires: functions/appointments/patient_for_request.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

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
      'GONE', 'booking_request_expired', jsonb_build_object('respondBy', v_request.respond_by),
      'The time to answer has passed. Ask the guest to choose again.');
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
    locale, created_by, override_reason, overridden_rules
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email, v_request.phone,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request(uuid, uuid, boolean, text) is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates. When the time can no longer be booked, '
  'what holdSlot says of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request(uuid, uuid, boolean, text) to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/identity/me.sql
-- Who am I: the first thing a frontend asks. FND-03.
-- A whole row of humans asks for every column, and members may not read them all.
-- requires: functions/identity/current_account_id.sql

set role app_engine;

create or replace function app_public.me() returns app_public.humans
language sql stable security definer
set search_path = ''
begin atomic
  select humans from app_public.humans where humans.principal_id = app_hidden.current_account_id();
end;

comment on function app_public.me() is 'The signed-in human. UNAUTHENTICATED for a visitor, as everything that asks for somebody known.';
grant execute on function app_public.me() to app_member;

reset role;
-- end of source: functions/identity/me.sql

-- source: functions/scheduling/hold_slot.sql
-- A visitor keeps a time while filling the form. SCH-06, APT-05.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/scheduling/publish_held.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/require_hold_allowance.sql
-- requires: functions/scheduling/place_claim.sql
-- requires: functions/scheduling/own_hold.sql
-- requires: functions/scheduling/prolong_hold.sql

set role app_engine;

create or replace function app_public.hold_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('hold_slot', jsonb_build_array(calendar_id, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
  v_token text;
begin
  if v_remembered is not null then
    perform app_private.visible_calendar(hold_slot.calendar_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(hold_slot.calendar_id);
  perform app_private.require_choice(v_calendar, hold_slot.specialist_id);
  select o.* into strict v_organization
  from app_public.organizations as o
  where o.id = v_calendar.organization_id;

  v_draft.kind := 'hold';
  v_draft.created_by := app_hidden.current_principal_id();
  -- Two name spaces, or a visitor could call themselves by somebody's id and use up that person's allowance.
  v_draft.visitor_id := coalesce(
    'principal:' || v_draft.created_by, 'visitor:' || nullif(current_setting('app.visitor_id', true), ''));
  -- Whoever has one IPv6 address has the 2^64 of its network.
  v_draft.address := case family(v_address) when 6 then network(set_masklen(v_address, 64)) else v_address end;
  if v_draft.visitor_id is null and v_draft.address is null then
    v_draft.visitor_id := 'unknown';
  end if;
  v_draft.expires_at := app_hidden.now() + make_interval(mins => v_organization.hold_minutes);
  v_token := encode(extensions.gen_random_bytes(16), 'hex');
  v_draft.token_hash := sha256(convert_to(v_token, 'UTF8'));

  -- Whoever asks for the own time again has it longer, and not another one beside it.
  v_claim := app_private.own_hold(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft.visitor_id);
  if v_claim.id is not null then
    v_claim := app_private.prolong_hold(v_claim, v_draft.token_hash);
  else
    if not app_private.is_staff_of(v_calendar.organization_id) then
      perform app_private.require_hold_allowance(v_organization, v_draft.visitor_id, v_draft.address);
    end if;
    v_claim := app_private.place_claim(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (v_token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('hold_slot', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.hold_slot(uuid, timestamptz, uuid) is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already. Asked again by the same caller it is the same hold, longer '
  'as extendHold makes it, under a token of its own.';

grant execute on function app_public.hold_slot(uuid, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/hold_slot.sql
