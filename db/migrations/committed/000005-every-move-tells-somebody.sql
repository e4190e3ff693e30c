--! Previous: sha1:f1c4ed9941c95ef1a558955c9e990047670e789e
--! Hash: sha1:ef8d097df6d54f4ed74e44cc7fc4d6f2451adbae
--! Message: every move tells somebody

--! split: 500-moves.sql
-- What a move needs and whom it tells. A session is not begun days ahead, a clinic answers while there is time to
-- come, a calendar entry keeps its organizer, and every move tells somebody or says why not. APT-01, APT-08, APT-09.

alter table app_public.organizations
  drop constraint if exists organizations_start_lead_minutes_is_sensible,
  drop constraint if exists organizations_response_lead_hours_is_sensible;
alter table app_public.organizations
  add column if not exists start_lead_minutes int not null default 60,
  add column if not exists response_lead_hours int not null default 2,
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_start_lead_minutes_is_sensible check (start_lead_minutes between 0 and 1440),
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_response_lead_hours_is_sensible check (response_lead_hours between 0 and 168);
comment on column app_public.organizations.start_lead_minutes is
  'How long before its time a session may be started.';
comment on column app_public.organizations.response_lead_hours is
  'A booking request is answered at the latest this long before the time it asks for, so that the guest can still come.';

alter table app_public.booking_requests add column if not exists organizer_email text;
comment on column app_public.booking_requests.organizer_email is
  'The organizer of the guest''s calendar entry, kept from the first invitation: calendars take changes from nobody else.';
alter table app_public.appointments add column if not exists organizer_email text;
comment on column app_public.appointments.organizer_email is
  'The organizer of the patient''s calendar entry, kept from the first invitation; that of the request where there was one.';

-- Entries that are in calendars already came from the address that the clinic had.
alter table app_public.booking_requests no force row level security;
alter table app_public.appointments no force row level security;
alter table app_public.booking_requests disable trigger user;
alter table app_public.appointments disable trigger user;
set role app_engine;
update app_public.booking_requests set organizer_email = organizations.contact_email
from app_public.organizations
where organizations.id = booking_requests.organization_id and organizations.contact_email is not null;
update app_public.appointments set organizer_email = organizations.contact_email
from app_public.organizations
where organizations.id = appointments.organization_id and organizations.contact_email is not null;
reset role;
alter table app_public.booking_requests enable trigger user;
alter table app_public.appointments enable trigger user;
alter table app_public.booking_requests force row level security;
alter table app_public.appointments force row level security;

-- How long before the time of not_before a move is possible, and why nobody is told of a move that tells nobody.
alter table app_private.state_transitions
  drop constraint if exists state_transitions_lead_minutes_is_a_column,
  drop constraint if exists state_transitions_quiet_because_is_not_blank;
alter table app_private.state_transitions
  add column if not exists lead_minutes text,
  add column if not exists quiet_because text,
  -- squawk-ignore constraint-missing-not-valid
  add constraint state_transitions_lead_minutes_is_a_column check (lead_minutes is null or (lead_minutes ~ '^[a-z_]+$' and not_before is not null)),
  -- squawk-ignore constraint-missing-not-valid
  add constraint state_transitions_quiet_because_is_not_blank check (quiet_because ~ '\S');
comment on table app_private.state_transitions is
  'Legal moves: entity is the table, from_state "" is creation; actor and permission say who, not_before names the '
  'column whose time must have come, lead_minutes the column of the organization that says how much earlier it may be, '
  'event what is published, quiet_because why nobody is told of it.';

update app_private.state_transitions set not_before = 'starts_at', lead_minutes = 'start_lead_minutes'
where entity = 'appointments' and to_state = 'inprogress';
update app_private.state_transitions set not_before = 'starts_at'
where entity = 'appointments' and to_state = 'done';

update app_private.state_transitions set quiet_because = reasons.why
from (values
  ('appointments', 'upcoming', 'Only time has passed: neither hour nor place has changed.'),
  ('appointments', 'confirmed', 'The invitation that the patient has stays as it is.'),
  ('appointments', 'inprogress', 'Patient and specialist are together.'),
  ('appointments', 'done', 'Patient and specialist were together.'),
  ('appointments', 'noshow', 'What to say to somebody who did not come is for a person to decide.'),
  ('organization_integrations', 'active', 'The clinic''s own staff did it.'),
  ('organization_integrations', 'disabled', 'The list of integrations shows it with its reason.')
) as reasons (entity, to_state, why)
where reasons.entity = state_transitions.entity and reasons.to_state = state_transitions.to_state;

alter table app_private.event_subscriptions no force row level security;
insert into app_private.event_subscriptions (consumer, event_name) values ('notifications', 'booking_request.withdrawn')
on conflict do nothing;
alter table app_private.event_subscriptions force row level security;

insert into app_private.message_types (key, topic, variables, sample, calendar_status, urgent_within, expires_with) values
  ('booking_request_withdrawn', 'appointments', '{serviceName,specialistName,startsAt,endsAt,timezone,modality}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
   'CANCELLED', '12 hours', null),
  ('booking_request_withdrawn_by_guest', 'clinic', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,guestName}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "guestName": "Maria Ionescu"}',
   null, null, 'startsAt'),
  ('appointment_cancelled_by_patient', 'clinic', '{serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName,reason}',
   '{"serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person", "patientName": "Maria Ionescu", "reason": "Sunt răcită."}',
   null, null, 'startsAt')
on conflict (key) do update
  set topic = excluded.topic, variables = excluded.variables, sample = excluded.sample,
      calendar_status = excluded.calendar_status, urgent_within = excluded.urgent_within, expires_with = excluded.expires_with;

insert into app_private.message_channels (template_key, channel, route, rank, is_default) values
  ('booking_request_withdrawn', 'email', 'letter', 1, true),
  ('booking_request_withdrawn_by_guest', 'email', 'letter', 1, true),
  ('appointment_cancelled_by_patient', 'email', 'letter', 1, true)
on conflict (template_key, channel) do update
  set route = excluded.route, rank = excluded.rank, is_default = excluded.is_default;

-- Texts are never changed, a version is added. The request's first text promised an answer even where the time is too
-- near for one.
alter table app_private.message_templates no force row level security;
insert into app_private.message_templates (template_key, channel, locale, version, title, body) values
  ('booking_request_received', 'email', 'ro', 2,
   'Am primit cererea dumneavoastră pentru {{when}}',
   $text$Bună ziua, {{recipientName}},

Am primit cererea dumneavoastră:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}{{#phone}}Consultație telefonică{{/phone}}

{{#respondByWhen}}
Vă păstrăm ora și vă răspundem cel târziu {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
Vă păstrăm ora. Este aproape, așa că vă rugăm să veniți numai după ce v-am confirmat-o.
{{/respondByWhen}}
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$),
  ('booking_request_received', 'email', 'en', 2,
   'We have received your request for {{when}}',
   $text$Hello {{recipientName}},

We have received your request:

{{serviceName}}
{{specialistName}}
{{when}}
{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Video consultation{{/video}}{{#phone}}Phone consultation{{/phone}}

{{#respondByWhen}}
We are keeping this time for you and will answer by {{respondByWhen}}.
{{/respondByWhen}}
{{^respondByWhen}}
We are keeping this time for you. It is soon, so please come only once we have confirmed it.
{{/respondByWhen}}
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$),
  ('booking_request_received', 'sms', 'ro', 2, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'sms', 'en', 2, null,
   '{{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'ro', 2, null,
   '{{clinicName}}: am primit cererea dumneavoastră pentru {{when}}.{{#respondByWhen}} Vă răspundem cel târziu {{respondByWhen}}.{{/respondByWhen}}{{#clinicPhone}} Întrebări: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_received', 'whatsapp', 'en', 2, null,
   '{{clinicName}}: we have received your request for {{when}}{{#respondByWhen}} and will answer by {{respondByWhen}}{{/respondByWhen}}.{{#clinicPhone}} Questions: {{clinicPhone}}.{{/clinicPhone}}'),
  ('booking_request_withdrawn', 'email', 'ro', 1,
   'Cererea dumneavoastră pentru {{when}} este retrasă',
   $text$Bună ziua, {{recipientName}},

Ați retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă. Nu mai aveți nimic de făcut.
{{#clinicPhone}}

Aveți o întrebare? Sunați-ne la {{clinicPhone}}.
{{/clinicPhone}}

Cu drag,
{{clinicName}}
$text$),
  ('booking_request_withdrawn', 'email', 'en', 1,
   'Your request for {{when}} is withdrawn',
   $text$Hello {{recipientName}},

You have withdrawn your booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again. There is nothing more for you to do.
{{#clinicPhone}}

Any questions? Call us at {{clinicPhone}}.
{{/clinicPhone}}

Warm regards,
{{clinicName}}
$text$),
  ('booking_request_withdrawn_by_guest', 'email', 'ro', 1,
   'Cerere retrasă: {{when}}',
   $text$Bună ziua,

{{guestName}} și-a retras cererea de programare:

{{serviceName}}
{{specialistName}}
{{when}}

Ora este din nou liberă.
$text$),
  ('booking_request_withdrawn_by_guest', 'email', 'en', 1,
   'Request withdrawn: {{when}}',
   $text$Hello,

{{guestName}} has withdrawn the booking request:

{{serviceName}}
{{specialistName}}
{{when}}

The time is free again.
$text$),
  ('appointment_cancelled_by_patient', 'email', 'ro', 1,
   'Programare anulată de pacient: {{when}}',
   $text$Bună ziua,

Programarea pacientului {{patientName}} a fost anulată din contul de pacient:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

Ora este din nou liberă.
$text$),
  ('appointment_cancelled_by_patient', 'email', 'en', 1,
   'Appointment cancelled by the patient: {{when}}',
   $text$Hello,

The appointment of {{patientName}} was cancelled from the patient account:

{{serviceName}}
{{specialistName}}
{{when}}
{{#reason}}

{{reason}}
{{/reason}}

The time is free again.
$text$)
on conflict (template_key, channel, locale, version) do update set title = excluded.title, body = excluded.body;
alter table app_private.message_templates force row level security;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

set role app_engine;

create or replace function app_public.book_appointment(hold_token text, patient_profile_id uuid)
returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(hold_token, patient_profile_id));
  v_claim app_private.time_claims;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token);
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  perform from app_public.patients
  where patients.organization_id = v_claim.organization_id
    and patients.patient_profile_id = book_appointment.patient_profile_id
    and patients.deleted_at is null
    and (patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
         or (patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and patients.organization_id = any (app_hidden.current_patient_organization_ids())))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at the clinic of this time.');
  end if;
  perform app_private.authorize_move('appointments', '', 'booked', v_claim.organization_id, book_appointment.patient_profile_id);

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id()
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

comment on function app_public.book_appointment(text, uuid) is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.book_appointment(text, uuid) to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/appointments/promises_answer.sql
-- Whether the guest is told by when the clinic answers. APT-09.

set role app_engine;

create or replace function app_private.promises_answer(request app_public.booking_requests) returns boolean
language sql immutable
set search_path = ''
return request.respond_by < request.starts_at;

comment on function app_private.promises_answer(app_public.booking_requests) is
  'False where an answer could come as late as the time itself: a guest who waited for it could not come any more.';

reset role;
-- end of source: functions/appointments/promises_answer.sql

-- source: functions/appointments/booking_receipt_of.sql
-- What the guest may know of the own request. APT-09.
-- requires: functions/appointments/promises_answer.sql

set role app_engine;

create or replace function app_private.booking_receipt_of(request app_public.booking_requests)
returns app_public.booking_receipt
language sql stable
set search_path = ''
begin atomic
  select row(
    request.id, null, request.status, services.name,
    concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    request.starts_at, request.ends_at, calendars.timezone,
    case when app_private.promises_answer(request) then request.respond_by end
  )::app_public.booking_receipt
  from app_public.services, app_public.specialists, app_public.calendars
  where services.organization_id = request.organization_id and services.id = request.service_id
    and specialists.organization_id = request.organization_id and specialists.id = request.specialist_id
    and calendars.organization_id = request.organization_id and calendars.id = request.calendar_id;
end;

comment on function app_private.booking_receipt_of(app_public.booking_requests) is 'The receipt of a request, without its token.';

reset role;
-- end of source: functions/appointments/booking_receipt_of.sql

-- source: functions/appointments/finish_appointment.sql
-- The specialist closes the session. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.finish_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'done');

comment on function app_public.finish_appointment(uuid) is
  'The session is over; STATE too_early before its time. Needs appointments.conduct.';
grant execute on function app_public.finish_appointment(uuid) to app_member;

reset role;
-- end of source: functions/appointments/finish_appointment.sql

-- source: functions/appointments/respond_by.sql
-- Until when a clinic answers a request, or rather keeps its time. APT-09.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_private.respond_by(organization app_public.organizations, starts_at timestamptz)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select case
    when latest.answer > app_hidden.now()
      then least(app_hidden.now() + make_interval(hours => organization.booking_response_hours), latest.answer)
    -- Too near for a promise that leaves time to come: the time is kept until it is there.
    else respond_by.starts_at
  end
  from (select respond_by.starts_at - make_interval(hours => organization.response_lead_hours) as answer) as latest;
end;

comment on function app_private.respond_by(app_public.organizations, timestamptz) is
  'The deadline of a request made now: within bookingResponseHours, and responseLeadHours before the time it asks for. '
  'Where that has passed already, the time itself: nothing is promised then.';

reset role;
-- end of source: functions/appointments/respond_by.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/e164.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/appointments/respond_by.sql
-- requires: functions/appointments/booking_receipt_of.sql

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token);
  perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
  perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    btrim(request_booking.given_name), btrim(request_booking.family_name), lower(btrim(request_booking.email)),
    app_hidden.e164(request_booking.phone, organizations.calling_code), nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking(text, text, text, text, text, text, text) is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/appointments/start_appointment.sql
-- The specialist opens the session. APT-01.
-- requires: functions/appointments/move_appointment.sql

set role app_engine;

create or replace function app_public.start_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'inprogress');

comment on function app_public.start_appointment(uuid) is
  'The session begins, from the clinic''s startLeadMinutes before its time on; STATE too_early before. Needs appointments.conduct.';
grant execute on function app_public.start_appointment(uuid) to app_member;

reset role;
-- end of source: functions/appointments/start_appointment.sql

-- source: functions/core/tg_guard_state.sql
-- A status moves only along state_transitions, whoever writes: verbs, the worker, the owner of the table. APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql

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
                         'legal', app_private.legal_moves(tg_table_name, v_from)),
      format('A move from "%s" to "%s" is not possible.', v_from, new.status));
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
        jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status, 'notBefore', v_earliest),
        format('This is possible from %s on.', v_earliest));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_state() is
  'Refuses a status that state_transitions does not list, naming the legal ones, and a move whose time has not come. '
  'Trigger _200_guard_state.';

reset role;
-- end of source: functions/core/tg_guard_state.sql

-- source: functions/notify/consume_notifications.sql
-- The consumer "notifications": who is written to about which event. FND-01, FND-15, APT-08, APT-09.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.
-- requires: functions/notify/appointment_facts.sql
-- requires: functions/notify/notify.sql
-- requires: functions/appointments/promises_answer.sql

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
  v_appointment app_public.appointments;
  v_facts jsonb;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = v_event.organization_id;

  if v_event.name = 'organization.activated' then
    perform app_private.notify(
      v_event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', v_clinic.slug),
      human_id => humans.principal_id, event_id => v_event.id)
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.roles
      on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = v_event.organization_id
      and memberships.ended_at is null
      and roles.system_role_key = 'owner';

  elsif v_event.subject_type = 'booking_request' then
    select booking_requests.* into strict v_request
    from app_public.booking_requests
    where booking_requests.organization_id = v_event.organization_id
      and booking_requests.id = v_event.subject_id;

    v_facts := app_private.appointment_facts(
      v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale);

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      v_facts || case v_event.name
        when 'booking_request.received' then jsonb_build_object(
          'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
        when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
        else '{}'
      end,
      name => v_request.given_name || ' ' || v_request.family_name,
      email => v_request.email,
      phone => v_request.phone,
      locale => v_request.locale,
      event_id => v_event.id,
      calendar_uid => v_request.id);

    if v_event.name in ('booking_request.received', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
      perform app_private.notify(
        v_event.organization_id,
        case v_event.name
          when 'booking_request.received' then 'booking_request_to_review'
          else 'booking_request_withdrawn_by_guest'
        end,
        app_private.appointment_facts(
          v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
          v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
        || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
        || case v_event.name
          when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
          else '{}'
        end,
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;

  elsif v_event.subject_type = 'appointment' then
    select appointments.* into strict v_appointment
    from app_public.appointments
    where appointments.organization_id = v_event.organization_id
      and appointments.id = v_event.subject_id;

    -- The guest was told with the answer to the request.
    if v_event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
      return;
    end if;

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      app_private.appointment_facts(
        v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
      || case v_event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      patient_profile_id => v_appointment.patient_profile_id,
      name => v_appointment.contact_name,
      email => v_appointment.contact_email,
      locale => v_appointment.locale,
      event_id => v_event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

    -- The clinic knows what its own people cancelled; of a patient it hears here that a time is free again.
    if v_event.name = 'appointment.cancelled' and v_clinic.contact_email is not null and not exists (
      select
      from app_public.appointment_moves
      join app_public.memberships
        on memberships.organization_id = appointment_moves.organization_id
        and memberships.human_id = appointment_moves.moved_by
        and memberships.ended_at is null
      where appointment_moves.organization_id = v_event.organization_id
        and appointment_moves.appointment_id = v_appointment.id
        and appointment_moves.to_status = 'cancelled'
    ) then
      perform app_private.notify(
        v_event.organization_id,
        'appointment_cancelled_by_patient',
        app_private.appointment_facts(
          v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
          v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
        || jsonb_build_object('patientName', v_appointment.contact_name, 'reason', v_appointment.cancellation_reason),
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;
  end if;
end;
$$;

comment on function app_private.consume_notifications(uuid) is
  'Queues the messages that an event calls for: to the guest, to the patient, to the clinic.';

revoke all on function app_private.consume_notifications(uuid) from public;
grant execute on function app_private.consume_notifications(uuid) to app_worker;
reset role;
-- end of source: functions/notify/consume_notifications.sql

-- source: functions/notify/organizer_of.sql
-- The organizer of a calendar entry, kept from the first invitation on: calendars take an update or a cancellation from
-- nobody else, so a clinic that changes its address in between must not appear as another one. APT-08.
-- An appointment that grew out of a request has the entry of the request.

set role app_engine;

create or replace function app_private.organizer_of(organization_id uuid, calendar_uid uuid, fallback text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_contact text;
  v_organizer text;
begin
  select organizations.contact_email into v_contact
  from app_public.organizations
  where organizations.id = organizer_of.organization_id;

  -- Two mails about one entry may leave at once; the second waits here and takes what the first has written.
  select booking_requests.organizer_email into v_organizer
  from app_public.booking_requests
  where booking_requests.organization_id = organizer_of.organization_id and booking_requests.id = organizer_of.calendar_uid
  for update;
  if found then
    if v_organizer is null then
      update app_public.booking_requests set organizer_email = coalesce(v_contact, organizer_of.fallback)
      where booking_requests.id = organizer_of.calendar_uid
      returning booking_requests.organizer_email into v_organizer;
    end if;
    return v_organizer;
  end if;

  select appointments.organizer_email into v_organizer
  from app_public.appointments
  where appointments.organization_id = organizer_of.organization_id and appointments.id = organizer_of.calendar_uid
  for update;
  if found and v_organizer is null then
    update app_public.appointments set organizer_email = coalesce(v_contact, organizer_of.fallback)
    where appointments.id = organizer_of.calendar_uid
    returning appointments.organizer_email into v_organizer;
  end if;
  return coalesce(v_organizer, v_contact, organizer_of.fallback);
end;
$$;

comment on function app_private.organizer_of(uuid, uuid, text) is
  'The address that stands as organizer in a calendar entry: the clinic''s of the time of booking, else that of the first '
  'invitation, else the fallback, which is then kept.';

revoke all on function app_private.organizer_of(uuid, uuid, text) from public;
grant execute on function app_private.organizer_of(uuid, uuid, text) to app_worker;
reset role;
-- end of source: functions/notify/organizer_of.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql
-- requires: policies/identity/patients.sql

alter table app_public.appointments enable row level security;
alter table app_public.appointments force row level security;

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
              cancellation_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

drop policy if exists appointments_select_staff on app_public.appointments;
create policy appointments_select_staff on app_public.appointments
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]) and deleted_at is null);

drop policy if exists appointments_select_patient on app_public.appointments;
create policy appointments_select_patient on app_public.appointments
  for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and deleted_at is null
  );

grant select, insert, update on app_public.appointments to app_engine;
drop policy if exists appointments_all_engine on app_public.appointments;
create policy appointments_all_engine on app_public.appointments
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.appointments
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.appointments
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.appointments', 'medical_record',
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
-- end of source: policies/appointments/appointments.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_public.booking_requests enable row level security;
alter table app_public.booking_requests force row level security;

grant select (id, organization_id, calendar_id, service_id, specialist_id, status, given_name, family_name, email, phone, message,
              locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by, rejection_reason,
              created_at, updated_at)
   on app_public.booking_requests to app_member;

drop policy if exists booking_requests_select_staff on app_public.booking_requests;
create policy booking_requests_select_staff on app_public.booking_requests
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]));

grant select, insert, update on app_public.booking_requests to app_engine;
drop policy if exists booking_requests_all_engine on app_public.booking_requests;
create policy booking_requests_all_engine on app_public.booking_requests
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.booking_requests
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.booking_requests', 'clinic',
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/core/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

alter table app_public.organizations enable row level security;
alter table app_public.organizations force row level security;

grant select on app_public.organizations to app_member;

grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, holds_per_visitor, holds_per_address)
   on app_public.organizations to app_member;

drop policy if exists organizations_select_staff on app_public.organizations;
create policy organizations_select_staff on app_public.organizations
  for select to app_member
  using (id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists organizations_select_patient on app_public.organizations;
create policy organizations_select_patient on app_public.organizations
  for select to app_member
  using (id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and activated_at is not null and deleted_at is null);

drop policy if exists organizations_select_superadmin on app_public.organizations;
create policy organizations_select_superadmin on app_public.organizations
  for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

drop policy if exists organizations_update_manager on app_public.organizations;
create policy organizations_update_manager on app_public.organizations
  for update to app_member
  using (id = any ((select app_hidden.organization_ids_where('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.organization_ids_where('organization.manage'))::uuid[]));

grant select, insert, update on app_public.organizations to app_engine;
drop policy if exists organizations_all_engine on app_public.organizations;
create policy organizations_all_engine on app_public.organizations
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.organizations
  for each row execute function app_private.tg_stamp();

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', 'clinic',
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes",
                    "holds_per_visitor", "holds_per_address", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
-- end of source: policies/core/organizations.sql

-- source: policies/core/state_transitions.sql
-- Read by the guard and by verbs, written by migrations only. APT-01.
-- requires: functions/core/classify.sql

alter table app_private.state_transitions enable row level security;
alter table app_private.state_transitions force row level security;

grant select on app_private.state_transitions to app_engine;

drop policy if exists state_transitions_select_engine on app_private.state_transitions;
create policy state_transitions_select_engine on app_private.state_transitions
  for select to app_engine
  using (true);

drop policy if exists state_transitions_all_migrator on app_private.state_transitions;
create policy state_transitions_all_migrator on app_private.state_transitions
  to app_owner using (true) with check (true);

select app_private.classify('app_private.state_transitions', 'reference',
  '{"public": ["entity", "from_state", "to_state", "actor", "permission", "not_before", "lead_minutes", "event",
               "quiet_because"]}',
  unaudited => 'Reference data that only migrations change.');
-- end of source: policies/core/state_transitions.sql
