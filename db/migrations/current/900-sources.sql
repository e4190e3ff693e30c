-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/events/publish.sql
-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.
-- What an automation does names its cause by the setting app.cause_event_id (AUT-03): the functions in between do not know of it.

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
  v_cause_id uuid := coalesce(publish.cause_id, nullif(current_setting('app.cause_event_id', true), '')::uuid);
  v_depth int := 0;
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

  if v_cause_id is not null then
    select events.depth + 1 into v_depth
    from app_private.events
    where events.scope_id = coalesce(publish.organization_id, '00000000-0000-0000-0000-000000000000') and events.id = v_cause_id;
    -- What an event of a clinic led to outside of the clinic begins a chain of its own.
    if not found and publish.cause_id is null then
      v_cause_id := null;
    end if;
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, depth, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     v_cause_id, coalesce(v_depth, 0), app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

reset role;
-- end of source: functions/events/publish.sql

-- source: functions/appointments/what_is_missing.sql
-- What an appointment asks of its patient that is not there yet, and what resolves each: the one list that bookings, confirmations
-- and screens go by. It locks nothing: whoever writes by it asks hold_requirements(). APT-06, CNS-08, docs/decisions/0114.

-- The consents: terms and notice where the clinic has words of its own that it requires; treatments that the forms of service and
-- calendar declare; telemedicine where the two do not meet; and what this patient was asked for (AUT-02).
create or replace function app_private.consents_asked(draft app_public.appointments) returns text[]
language sql stable
set search_path = ''
begin atomic
  select array(
    select version.purpose_code
    from unnest('{org_terms,privacy_notice}'::text[]) as terms (code)
    cross join lateral app_private.current_consent_version((draft).organization_id, terms.code) as version
    where version.organization_id = (draft).organization_id and version.is_required
    union
    select versions.purpose_code
    from app_private.templates_asked(draft) as asked
    join app_public.form_template_versions as latest
      on latest.organization_id = asked.organization_id and latest.template_id = asked.id and latest.number = asked.version
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    join app_public.consent_purpose_versions as versions
      on versions.scope_id = declared.purpose_scope_id and versions.id = declared.purpose_version_id
    where starts_with(versions.purpose_code, 'treatment_specific_')
    union
    select 'telemedicine' where (draft).modality <> 'in_person'
    union
    select required.purpose_code
    from app_public.patient_requirements as required
    where required.organization_id = (draft).organization_id and required.patient_profile_id = (draft).patient_profile_id
      and required.fulfilled_at is null and required.lifted_at is null and required.purpose_code is not null);
end;

comment on function app_private.consents_asked is 'The purposes that the patient of an appointment has to have consented to, by their codes.';
grant execute on function app_private.consents_asked to app_engine;

-- Of a draft that is no appointment yet the forms are those that it would ask for.
create or replace function app_private.forms_missing(draft app_public.appointments)
returns table (template_id uuid, form_id uuid, status text)
language sql stable
set search_path = ''
begin atomic
  select asked.template_id, forms.id, coalesce(forms.status, 'pending')
  from (
    select linked.template_id, linked.form_id
    from app_public.appointment_forms as linked
    where linked.organization_id = (draft).organization_id and linked.appointment_id = (draft).id
    union all
    select template.id, app_private.form_to_reuse(draft, template.id)
    from app_private.templates_asked(draft) as template
    where (draft).id is null
  ) as asked
  left join app_public.forms
    on forms.organization_id = (draft).organization_id and forms.id = asked.form_id and forms.deleted_at is null
  left join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none') is not true
  order by asked.template_id;
end;

comment on function app_private.forms_missing is
  'Forms that an appointment asks for and that are not complete, or not signed where they want a signature.';
grant execute on function app_private.forms_missing to app_engine;

-- What was asked of this patient by itself, with or without an appointment. AUT-02.
create or replace function app_private.forms_required(organization_id uuid, patient_profile_id uuid)
returns table (template_id uuid, form_id uuid, status text)
language sql stable
set search_path = ''
begin atomic
  select required.template_id, forms.id, coalesce(forms.status, 'pending')
  from app_public.patient_requirements as required
  left join app_public.forms
    on forms.organization_id = required.organization_id and forms.id = required.form_id and forms.deleted_at is null
  where required.organization_id = forms_required.organization_id
    and required.patient_profile_id = forms_required.patient_profile_id
    and required.fulfilled_at is null and required.lifted_at is null and required.template_id is not null;
end;

comment on function app_private.forms_required is 'Forms that a patient has to complete before the clinic books for them.';
grant execute on function app_private.forms_required to app_engine;

-- Why no session of a plan pays for a draft that is to be by one. Its plans are the patient's own, so nothing is told of others'.
create or replace function app_private.why_unpaid(draft app_public.appointments) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select case
        when plans.ended_at is not null or plans.valid_until <= greatest((draft).starts_at, app_hidden.now()) then 'plan_ended'
        when not app_public.patient_service_plans_is_open(plans) then 'plan_paused'
        when not app_private.is_for_service(plans, (draft).service_id) then 'other_service'
        else 'nothing_left'
      end
    from app_public.patient_service_plans as plans
    where plans.organization_id = (draft).organization_id
      and plans.patient_profile_id = (draft).patient_profile_id
      and plans.id = (draft).patient_service_plan_id), 'no_plan');
end;

comment on function app_private.why_unpaid is
  'Why the plan that a draft names has no session for it: plan_ended, plan_paused, other_service, nothing_left; no_plan where it names none.';
grant execute on function app_private.why_unpaid to app_engine;

create or replace function app_private.what_is_missing(
  draft app_public.appointments, stage text, purposes text[], by_plan boolean default false
) returns setof app_public.missing_requirement
language sql stable
set search_path = ''
begin atomic
  select 'blocked', null, null::int, null::uuid, null, null::uuid, null::uuid, blocks.until, 'clinic', blocks.reason, null::uuid
  from app_private.standing_block((draft).organization_id, (draft).patient_profile_id) as blocks
  where coalesce(stage, 'booked') = 'booked' and blocks.id is not null
  union all
  (
    select case when missing.is_medical then 'consent' else 'terms' end, missing.purpose, missing.version, missing.version_id,
      missing.reason, app_private.template_that_captures((draft).organization_id, missing.version_id),
      app_private.form_that_captures((draft).organization_id, patients.id, missing.version_id), null,
      case when missing.is_medical then 'form' else 'self' end, null, null
    from app_public.patients
    cross join lateral app_private.missing_consents((draft).organization_id, patients.id, what_is_missing.purposes) as missing
    where patients.organization_id = (draft).organization_id and patients.patient_profile_id = (draft).patient_profile_id
      and cardinality(what_is_missing.purposes) > 0
    order by missing.is_medical, missing.purpose
  )
  union all
  select 'form', null, null, null, forms.status, forms.template_id, forms.form_id, null, 'form', null, null
  from (
    select missing.template_id, missing.form_id, missing.status
    from app_private.forms_missing(draft) as missing
    where coalesce(stage, 'confirmed') = 'confirmed'
    union
    select required.template_id, required.form_id, required.status
    from app_private.forms_required((draft).organization_id, (draft).patient_profile_id) as required
    where coalesce(stage, 'confirmed') in ('booked', 'confirmed')
    order by 1, 2
  ) as forms
  union all
  select 'entitlement', null, null, null, app_private.why_unpaid(draft), null, null, null, 'plan', null, plans.id
  from (select) as one
  left join app_public.patient_service_plans as plans
    on plans.organization_id = (draft).organization_id and plans.patient_profile_id = (draft).patient_profile_id
    and plans.id = (draft).patient_service_plan_id
  where by_plan and (draft).plan_session_number is null;
end;

comment on function app_private.what_is_missing is
  'What of these purposes, and of what else the stage (booked, confirmed, inprogress, paid; null: all) asks for, is not there, each '
  'with what resolves it; a session, where the draft is to be by a plan and has none.';
grant execute on function app_private.what_is_missing to app_engine;

-- The list, and that what is not on it stays so until the transaction ends. The caller has locked the patient for share, which
-- withdrawals and blocks wait for; then come the answers, in the order of their ids. Forms need no lock: one that is opened
-- again after the confirmation is as good as opened again after it was told.
create or replace function app_private.hold_requirements(draft app_public.appointments, stage text, by_plan boolean default false)
returns setof app_public.missing_requirement
language plpgsql volatile
set search_path = ''
as $$
declare
  v_purposes text[] := app_private.consents_asked(draft);
  v_held text[] := '{}';
begin
  if v_purposes <> '{}' then
    v_held := app_private.hold_consents(draft.organization_id, draft.patient_profile_id, v_purposes);
  end if;
  return query select * from app_private.what_is_missing(
    draft, stage, array(select asked from unnest(v_purposes) as asked where asked <> all (v_held)), by_plan);
end;
$$;

comment on function app_private.hold_requirements is
  'What is missing for a stage of an appointment; the consents that are there are locked until the transaction ends.';
grant execute on function app_private.hold_requirements to app_engine;
-- end of source: functions/appointments/what_is_missing.sql

-- source: functions/automation/patient_of_step.sql
-- What actions that change something about a patient begin with. AUT-02.

create or replace function app_private.patient_of_step(step app_private.action_step) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = step.organization_id and patients.id = step.patient_id and patients.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.patient_of_step is 'The patient of an action, locked; NOT_FOUND patient_not_found where the clinic has none.';
grant execute on function app_private.patient_of_step to app_engine;

-- Who set up what an automation does: what needs a person who decided it is theirs.
create or replace function app_private.author_of_step(step app_private.action_step) returns uuid
language sql stable
set search_path = ''
begin atomic
  select versions.created_by
  from app_public.automation_rule_versions as versions
  where versions.organization_id = (step).organization_id and versions.id = (step).rule_version_id;
end;

comment on function app_private.author_of_step is 'Who saved the version that acts; null where it came with the clinic.';
grant execute on function app_private.author_of_step to app_engine;

-- The outcomes that actions answer with, in the words of the execution.
create or replace function app_private.acted(outcome text, reason text default null, details jsonb default '{}')
returns app_private.action_outcome
language sql immutable
set search_path = ''
return (acted.outcome, acted.reason, acted.details, null::timestamptz)::app_private.action_outcome;

comment on function app_private.acted is 'An outcome: done, skipped or failed, with its reason.';
grant execute on function app_private.acted to app_engine;
-- end of source: functions/automation/patient_of_step.sql

-- source: functions/automation/act_block_booking.sql
-- block_booking: the patient may not book by themselves, for a reason that they read and may contest. AUT-02, APT-06.
-- A person decides it, always (docs/decisions/0115): whoever saved the automation, so somebody else reviews it.

create or replace function app_private.act_block_booking(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_author uuid := app_private.author_of_step(step);
  v_block app_public.booking_blocks;
begin
  if v_author is null then
    return app_private.acted('failed', 'decided_by_nobody');
  end if;
  v_block := app_private.standing_block(step.organization_id, step.patient_profile_id);
  if v_block.id is not null then
    return app_private.acted('skipped', 'booking_blocked_already', jsonb_build_object('bookingBlockId', v_block.id));
  end if;
  insert into app_public.booking_blocks
    (organization_id, patient_profile_id, reason, until, blocked_by, automation_rule_version_id, created_at)
  values (step.organization_id, v_patient.patient_profile_id, app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int), v_author, step.rule_version_id, app_hidden.now())
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_blocked', v_block);
  return app_private.acted('done', null, jsonb_build_object('bookingBlockId', v_block.id));
end;
$$;

comment on function app_private.act_block_booking is 'Keeps the patient from booking by themselves, by the decision of who saved the automation.';
grant execute on function app_private.act_block_booking to app_engine;
-- end of source: functions/automation/act_block_booking.sql

-- source: functions/automation/act_message.sql
-- send_email, send_sms, send_whatsapp, show_notification, send_push: the clinic's own words over one channel. AUT-02, AUT-04.
-- Everything else is the pipeline's: who can be reached, consent, suppression, quiet hours, caps. What it says no to is the
-- outcome here; what it finds as a message leaves stands with the message, which the outcome names.

create or replace function app_private.act_message(step app_private.action_step, channel text) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_people app_private.message_recipient[] := app_private.readers_of_step(step);
  v_ids uuid[];
  v_reason text;
begin
  if v_people is null then
    return app_private.acted('skipped', 'nobody_to_tell');
  end if;
  -- Two actions about one event are two messages: that each is done once is known by the execution.
  v_ids := app_private.notify_many(
    step.organization_id,
    case when (step.config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || act_message.channel,
    v_people, app_private.facts_of_step(step) || jsonb_build_object('words', step.config -> 'words'));
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  if v_reason is null and v_ids <> '{}' then
    return app_private.acted('done', null, jsonb_build_object('messageIds', v_ids));
  end if;
  return app_private.acted(
    'skipped',
    case
      when v_reason = 'consent_missing' then 'consent'
      when v_reason in ('bounce', 'complaint', 'request', 'opted_out') then 'suppression'
      when v_reason = 'expires_in_quiet_hours' then 'quiet_hours'
      else coalesce(v_reason, 'unreachable')
    end,
    jsonb_build_object('messageIds', v_ids));
end;
$$;

comment on function app_private.act_message is 'Queues the words of an action over one channel; skipped with what stands in the way.';
grant execute on function app_private.act_message to app_engine;

create or replace function app_private.staff_who_may(organization_id uuid, permission text) returns setof uuid
language sql stable
set search_path = ''
begin atomic
  select distinct memberships.human_id
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = staff_who_may.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = staff_who_may.permission;
end;

comment on function app_private.staff_who_may is 'The accounts of a clinic''s staff who have a permission.';
grant execute on function app_private.staff_who_may to app_engine;

-- The patient, with who cares for them as for every message; the specialist of the visit; or staff, by what they may do.
create or replace function app_private.readers_of_step(step app_private.action_step) returns app_private.message_recipient[]
language sql stable
set search_path = ''
begin atomic
  select array_agg(distinct row(reader.patient_profile_id, reader.human_id, null, null, null, null, null)::app_private.message_recipient)
  from (
    select patients.patient_profile_id, null::uuid as human_id
    from app_public.patients
    where coalesce((step).config ->> 'to', 'patient') = 'patient'
      and patients.organization_id = (step).organization_id and patients.id = (step).patient_id and patients.deleted_at is null
    union all
    select null, memberships.human_id
    from app_public.appointments
    join app_public.specialists
      on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
    join app_public.memberships
      on memberships.organization_id = specialists.organization_id and memberships.human_id = specialists.human_id
      and memberships.ended_at is null
    where (step).config ->> 'to' = 'specialist'
      and appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id
    union all
    select null, staff.human_id
    from app_private.staff_who_may((step).organization_id, (step).config ->> 'permission') as staff (human_id)
    where (step).config ->> 'to' = 'staff'
  ) as reader;
end;

comment on function app_private.readers_of_step is 'Whom an action tells; null where there is nobody.';
grant execute on function app_private.readers_of_step to app_engine;

-- What the words of an action may name. Without a visit those about it stay empty.
create or replace function app_private.facts_of_step(step app_private.action_step) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
      'serviceName', null, 'specialistName', null, 'startsAt', null, 'endsAt', null, 'timezone', null, 'modality', null,
      'bookingRequestId', null,
      'patientName', (
        select patient_profiles.given_name || ' ' || patient_profiles.family_name
        from app_public.patient_profiles where patient_profiles.id = (step).patient_profile_id))
    || coalesce((
      select app_private.appointment_facts(
          appointments.organization_id, appointments.calendar_id, appointments.service_id, appointments.specialist_id,
          appointments.starts_at, appointments.ends_at, appointments.modality, appointments.locale)
        || jsonb_build_object('bookingRequestId', appointments.booking_request_id)
      from app_public.appointments
      where appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id), '{}');
end;

comment on function app_private.facts_of_step is 'The variables of an action''s words: the patient, and the visit if it is about one.';
grant execute on function app_private.facts_of_step to app_engine;
-- end of source: functions/automation/act_message.sql

-- source: functions/automation/book_first_free.sql
-- The first free time that fits, taken. AUT-02. Days and hours are of the calendar's clock. A time that somebody else takes in the
-- meantime gives way to the next one, a few times.

create or replace function app_private.book_first_free(
  step app_private.action_step, calendar app_public.calendars, specialist_id uuid
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from timestamptz;
  v_start timestamptz;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
begin
  perform app_private.patient_of_step(step);
  perform app_private.lock_to_book(calendar, book_first_free.specialist_id);
  select ((events.occurred_at at time zone calendar.timezone)::date + (step.config ->> 'afterDays')::int)
    at time zone calendar.timezone into strict v_from
  from app_private.events
  where events.organization_id = step.organization_id and events.id = step.event_id;
  v_draft.patient_profile_id := step.patient_profile_id;
  for v_start in
    select free.starts_at
    from app_private.free_starts(
      calendar.id, greatest(v_from, app_hidden.now()),
      v_from + make_interval(days => coalesce((step.config ->> 'withinDays')::int, 14)), book_first_free.specialist_id) as free
    cross join lateral (select free.starts_at at time zone calendar.timezone as at) as local
    where coalesce(step.config -> 'weekdays' ? ('{mon,tue,wed,thu,fri,sat,sun}'::text[])[extract(isodow from local.at)::int], true)
      and coalesce(local.at::time >= (step.config ->> 'from')::time, true)
      and coalesce(local.at::time < (step.config ->> 'until')::time, true)
    group by free.starts_at
    order by free.starts_at
    limit 5
  loop
    begin
      v_claim := null;
      v_claim.kind := 'appointment';
      v_claim.created_by := app_private.current_actor_id();
      v_claim := app_private.place_claim(calendar, v_start, book_first_free.specialist_id, v_claim);
      exit;
    exception
      when sqlstate 'RXSLT' then
        v_claim := null;
    end;
  end loop;
  if v_claim.id is null then
    return null;
  end if;
  return app_private.book(v_claim, v_draft, (step.config -> 'usePlan')::boolean);
end;
$$;

comment on function app_private.book_first_free is
  'Books a patient at the first start that the config of a step allows; null where none is free. Refuses as every booking does.';
grant execute on function app_private.book_first_free to app_engine;

create or replace function app_private.tell_front_desk(step app_private.action_step, calendar app_public.calendars) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.notify_many(
    (step).organization_id, 'followup_not_booked', told.people,
    jsonb_build_object(
      'patientName', app_private.facts_of_step(step) ->> 'patientName',
      'serviceName', (
        select services.name from app_public.services
        where services.organization_id = (calendar).organization_id and services.id = (calendar).service_id)))
  from (
    select array_agg(row(null, staff.human_id, null, null, null, null, null)::app_private.message_recipient) as people
    from app_private.staff_who_may((step).organization_id, 'appointments.manage') as staff (human_id)
  ) as told
  where told.people is not null
$$;

comment on function app_private.tell_front_desk is 'Tells whoever books at the clinic that a visit could not be booked by itself.';
grant execute on function app_private.tell_front_desk to app_engine;
-- end of source: functions/automation/book_first_free.sql

-- source: functions/automation/act_book_followup_appointment.sql
-- book_followup_appointment: books the patient's next visit at the first time that is free. AUT-02.
-- By the steps of every booking: the patient first, then calendar and time, the gate last. What cannot be booked leaves nothing
-- behind, and the front desk is told.

create or replace function app_private.act_book_followup_appointment(step app_private.action_step)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist_id uuid;
  v_booked app_public.appointments;
  v_state text;
  v_reason text;
  v_detail text;
begin
  perform app_private.patient_of_step(step);
  select calendars.* into v_calendar
  from app_public.calendars
  where calendars.organization_id = step.organization_id and calendars.id = (step.config ->> 'calendarId')::uuid
    and calendars.is_active and calendars.deleted_at is null;
  if not found then
    return app_private.acted('failed', 'calendar_not_found');
  end if;
  select appointments.* into v_booked
  from app_public.appointments
  where appointments.organization_id = step.organization_id and appointments.calendar_id = v_calendar.id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now() and appointments.id is distinct from step.appointment_id
    and appointments.deleted_at is null
  order by appointments.starts_at
  limit 1;
  if found then
    return app_private.acted('skipped', 'booked_already', jsonb_build_object('appointmentId', v_booked.id));
  end if;

  if (step.config -> 'sameSpecialist')::boolean then
    select appointments.specialist_id into v_specialist_id
    from app_public.appointments
    where appointments.organization_id = step.organization_id and appointments.id = step.appointment_id;
  end if;
  begin
    v_booked := app_private.book_first_free(step, v_calendar, v_specialist_id);
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      raise;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
      if not exists (select from app_hidden.error_codes where error_codes.sqlstate = v_state) then
        raise;
      end if;
  end;
  if v_booked.id is not null then
    return app_private.acted('done', null, jsonb_build_object('appointmentId', v_booked.id));
  end if;
  perform app_private.tell_front_desk(step, v_calendar);
  return app_private.acted(
    'failed', coalesce(v_reason, 'no_free_time'), coalesce(nullif(v_detail, '')::jsonb, '{}'));
end;
$$;

comment on function app_private.act_book_followup_appointment is
  'Books the first free time of a calendar in a window after the event; failed, and the front desk told, where there is none or the gate refuses.';
grant execute on function app_private.act_book_followup_appointment to app_engine;

create or replace function app_private.check_book_followup_appointment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.calendarId', 'calendar_not_found', '{}'::jsonb
  where not exists (
    select from app_public.calendars
    where calendars.organization_id = check_book_followup_appointment.organization_id
      and calendars.id = (check_book_followup_appointment.config ->> 'calendarId')::uuid
      and calendars.is_active and calendars.deleted_at is null)
  union all
  select '$.until', 'out_of_bounds', jsonb_build_object('least', check_book_followup_appointment.config -> 'from')
  where check_book_followup_appointment.config ->> 'until' <= check_book_followup_appointment.config ->> 'from';
end;

comment on function app_private.check_book_followup_appointment is 'A calendar of this clinic that is in use, and hours that have a length.';
grant execute on function app_private.check_book_followup_appointment to app_engine;
-- end of source: functions/automation/act_book_followup_appointment.sql

-- source: functions/automation/act_grant_access.sql
-- grant_access: opens the library or sessions from home for the patient. AUT-02, CAT-08.

create or replace function app_private.act_grant_access(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_id uuid;
begin
  if app_hidden.has_access(step.organization_id, v_patient.id, step.config ->> 'access') then
    return app_private.acted('skipped', 'access_stands');
  end if;
  insert into app_public.access_grants
    (organization_id, patient_profile_id, access, reason, expires_at, granted_by, automation_rule_version_id)
  values (step.organization_id, v_patient.patient_profile_id, step.config ->> 'access',
          app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int),
          coalesce(app_private.author_of_step(step), app_private.current_actor_id()), step.rule_version_id)
  returning id into v_id;
  return app_private.acted('done', null, jsonb_build_object('accessGrantId', v_id));
end;
$$;

comment on function app_private.act_grant_access is 'Opens something for the patient, for so many days or until it is revoked.';
grant execute on function app_private.act_grant_access to app_engine;
-- end of source: functions/automation/act_grant_access.sql

-- source: functions/requirements/ask_of_patient.sql
-- Something is asked of a patient before the clinic books for them. It stands once, whoever asks. AUT-02.
-- The caller has locked the patient, which bookings hold for share: those under way are waited for, later ones are refused.

create or replace function app_private.ask_of_patient(
  step app_private.action_step, template_id uuid, purpose_code text, form_id uuid default null
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.patient_requirements
    (organization_id, patient_profile_id, template_id, purpose_code, form_id, automation_rule_version_id, created_at)
  values (step.organization_id, step.patient_profile_id, ask_of_patient.template_id, ask_of_patient.purpose_code,
          ask_of_patient.form_id, step.rule_version_id, app_hidden.now())
  on conflict do nothing
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.ask_of_patient is
  'Asks a patient for a form or a consent; null where that is asked already.';
grant execute on function app_private.ask_of_patient to app_engine;
-- end of source: functions/requirements/ask_of_patient.sql

-- source: functions/automation/act_require_form.sql
-- require_form: the clinic books nothing for the patient until they completed a form. AUT-02.

create or replace function app_private.act_require_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
  v_id uuid;
begin
  if app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  elsif exists (
    select from app_private.forms_required(step.organization_id, step.patient_profile_id) as required
    where required.template_id = v_template_id and required.form_id is not null
  ) then
    return app_private.acted('skipped', 'asked_already');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  v_id := app_private.ask_of_patient(step, v_template_id, null, v_form.id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form));
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id, 'patientRequirementId', v_id));
end;
$$;

comment on function app_private.act_require_form is 'Makes a form for the patient, which keeps them from being booked until it is final.';
grant execute on function app_private.act_require_form to app_engine;

create or replace function app_private.check_require_form(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.templateId', 'form_template_not_found', '{}'::jsonb
  where not exists (
    select from app_public.form_templates
    where form_templates.organization_id = check_require_form.organization_id
      and form_templates.id = (check_require_form.config ->> 'templateId')::uuid and form_templates.published);
end;

comment on function app_private.check_require_form is 'A template that is published by this clinic. suggest_form asks the same.';
grant execute on function app_private.check_require_form to app_engine;

-- Whether a form of the template is final and counts today.
create or replace function app_private.form_counts(patient app_public.patients, template_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.forms
    join app_public.form_template_versions as versions
      on versions.organization_id = forms.organization_id and versions.id = forms.version_id
    where forms.organization_id = (patient).organization_id and forms.patient_id = (patient).id
      and forms.template_id = form_counts.template_id
      and (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none')
      and forms.valid_until > app_hidden.now() and forms.deleted_at is null);
end;

comment on function app_private.form_counts is 'Whether the patient has a final form of this template that is valid now.';
grant execute on function app_private.form_counts to app_engine;

-- One that is open already serves, so nobody is asked the same twice.
create or replace function app_private.form_ahead(patient app_public.patients, template_id uuid) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.organization_id = patient.organization_id and forms.patient_id = patient.id
    and forms.template_id = form_ahead.template_id and forms.status in ('pending', 'in_progress') and forms.deleted_at is null
  order by forms.created_at desc, forms.id desc
  limit 1;
  if found then
    return v_form;
  end if;
  return app_private.make_form(
    patient.organization_id, patient.patient_profile_id, form_ahead.template_id,
    (select patient_profiles.locale from app_public.patient_profiles where patient_profiles.id = patient.patient_profile_id),
    is_ahead => true);
end;
$$;

comment on function app_private.form_ahead is 'The open form of a template that the patient has, or one that is made for them.';
grant execute on function app_private.form_ahead to app_engine;

create or replace function app_private.title_of_form(form app_public.forms) returns text
language sql stable
set search_path = ''
begin atomic
  select form_templates.name from app_public.form_templates
  where form_templates.organization_id = (form).organization_id and form_templates.id = (form).template_id;
end;

comment on function app_private.title_of_form is 'What a form is called.';
grant execute on function app_private.title_of_form to app_engine;

create or replace function app_private.tell_what_is_asked(step app_private.action_step, what text) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.notify(
    (step).organization_id, 'patient_asked', jsonb_build_object('what', what), patient_profile_id => (step).patient_profile_id)
$$;

comment on function app_private.tell_what_is_asked is 'Tells a patient, or who cares for them, what the clinic asks for.';
grant execute on function app_private.tell_what_is_asked to app_engine;
-- end of source: functions/automation/act_require_form.sql

-- source: functions/automation/act_require_consent.sql
-- require_consent: the clinic books nothing for the patient until a consent stands. AUT-02, CNS-08.
-- Where only a signed form gives it, that form is made for the patient.

create or replace function app_private.act_require_consent(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_purpose text := step.config ->> 'purpose';
  v_missing record;
  v_template_id uuid;
  v_form_id uuid;
  v_id uuid;
begin
  select missing.* into v_missing
  from app_private.missing_consents(step.organization_id, v_patient.id, array[v_purpose]) as missing;
  if not found then
    if exists (select from app_private.check_require_consent(step.organization_id, step.config)) then
      return app_private.acted('failed', 'consent_purpose_not_found');
    end if;
    return app_private.acted('skipped', 'consent_stands');
  end if;
  v_id := app_private.ask_of_patient(step, null, v_purpose);
  if v_id is null then
    return app_private.acted('skipped', 'asked_already');
  end if;
  if v_missing.is_medical then
    v_form_id := app_private.form_that_captures(step.organization_id, v_patient.id, v_missing.version_id);
    v_template_id := app_private.template_that_captures(step.organization_id, v_missing.version_id);
    if v_form_id is null and v_template_id is not null then
      v_form_id := (app_private.form_ahead(v_patient, v_template_id)).id;
    end if;
  end if;
  perform app_private.tell_what_is_asked(step, (
    select case patient_profiles.locale when 'en' then coalesce(versions.title_en, versions.title_ro) else versions.title_ro end
    from app_public.consent_purpose_versions as versions
    join app_public.patient_profiles on patient_profiles.id = v_patient.patient_profile_id
    where versions.id = v_missing.version_id));
  return app_private.acted('done', null, jsonb_strip_nulls(
    jsonb_build_object('patientRequirementId', v_id, 'formId', v_form_id)));
end;
$$;

comment on function app_private.act_require_consent is 'Asks a patient for a consent, which keeps them from being booked until it stands.';
grant execute on function app_private.act_require_consent to app_engine;

create or replace function app_private.check_require_consent(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.purpose', 'consent_purpose_not_found', '{}'::jsonb
  where not exists (
    select from app_public.consent_purposes
    where consent_purposes.scope_id in (check_require_consent.organization_id, '00000000-0000-0000-0000-000000000000')
      and consent_purposes.code = check_require_consent.config ->> 'purpose' and consent_purposes.scope = 'organization'
      and (app_private.current_consent_version(check_require_consent.organization_id, consent_purposes.code)).id is not null);
end;

comment on function app_private.check_require_consent is 'A purpose that the clinic has a text for.';
grant execute on function app_private.check_require_consent to app_engine;
-- end of source: functions/automation/act_require_consent.sql

-- source: functions/automation/config_problems.sql
-- Says where a value leaves its schema. AUT-02.
-- The subset of JSON Schema (draft 2020-12) that actions use: type, properties, required, additionalProperties, minProperties,
-- items, minItems, maxItems, enum, minimum, maximum, minLength, maxLength, format uuid, time and date. All problems, with paths.

create or replace function app_private.config_problems(schema jsonb, value jsonb, place text default '$')
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text := jsonb_typeof(config_problems.value);
  v_text text := config_problems.value #>> '{}';
begin
  if v_kind = 'number' and config_problems.value::numeric % 1 = 0 and config_problems.schema @> '{"type": "integer"}' then
    v_kind := 'integer';
  end if;
  if config_problems.schema ? 'type' and not config_problems.schema -> 'type' @> to_jsonb(coalesce(v_kind, 'null')) then
    return query select place, 'type_mismatch'::text, jsonb_build_object('type', config_problems.schema -> 'type');
    return;
  end if;
  if config_problems.schema ? 'enum' and not config_problems.schema -> 'enum' @> jsonb_build_array(config_problems.value) then
    return query select place, 'not_offered'::text, jsonb_build_object('offered', config_problems.schema -> 'enum');
  end if;
  if v_kind in ('number', 'integer')
    and (v_text::numeric < (config_problems.schema ->> 'minimum')::numeric
         or v_text::numeric > (config_problems.schema ->> 'maximum')::numeric)
    or v_kind = 'string'
    and (char_length(v_text) < (config_problems.schema ->> 'minLength')::int
         or char_length(v_text) > (config_problems.schema ->> 'maxLength')::int)
    or v_kind = 'array'
    and (jsonb_array_length(config_problems.value) < (config_problems.schema ->> 'minItems')::int
         or jsonb_array_length(config_problems.value) > (config_problems.schema ->> 'maxItems')::int)
  then
    return query select place, 'out_of_bounds'::text, jsonb_strip_nulls(jsonb_build_object(
      'least', coalesce(config_problems.schema -> 'minimum', config_problems.schema -> 'minLength', config_problems.schema -> 'minItems'),
      'most', coalesce(config_problems.schema -> 'maximum', config_problems.schema -> 'maxLength', config_problems.schema -> 'maxItems')));
  end if;
  if v_kind = 'string' and (case config_problems.schema ->> 'format'
    when 'uuid' then v_text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    when 'time' then v_text !~ '^([01]\d|2[0-3]):[0-5]\d$'
    when 'date' then v_text !~ '^\d{4}-\d\d-\d\d$' or not pg_catalog.pg_input_is_valid(v_text, 'date')
    else false
  end) then
    return query select place, 'format_mismatch'::text, jsonb_build_object('format', config_problems.schema -> 'format');
  end if;

  if v_kind = 'object' then
    return query
      select place || '.' || needed.name, 'is_missing'::text, '{}'::jsonb
      from jsonb_array_elements_text(config_problems.schema -> 'required') as needed (name)
      where not config_problems.value ? needed.name;
    if config_problems.value = '{}' and (config_problems.schema ->> 'minProperties')::int > 0 then
      return query select place, 'is_empty'::text, '{}'::jsonb;
    end if;
    return query
      select problem.path, problem.reason, problem.details
      from jsonb_each(config_problems.value) as given (name, value)
      cross join lateral (
        select place || '.' || given.name as path, 'property_unknown'::text as reason, '{}'::jsonb as details
        where not config_problems.schema -> 'properties' ? given.name
          and config_problems.schema -> 'additionalProperties' = 'false'
        union all
        select deeper.path, deeper.reason, deeper.details
        from app_private.config_problems(
          config_problems.schema -> 'properties' -> given.name, given.value, place || '.' || given.name) as deeper
        where config_problems.schema -> 'properties' ? given.name
      ) as problem;
  elsif v_kind = 'array' and config_problems.schema ? 'items' then
    return query
      select deeper.path, deeper.reason, deeper.details
      from jsonb_array_elements(config_problems.value) with ordinality as item (value, nth)
      cross join lateral app_private.config_problems(
        config_problems.schema -> 'items', item.value, format('%s[%s]', place, item.nth - 1)) as deeper;
  end if;
end;
$$;

comment on function app_private.config_problems is 'Everything that does not fit the schema, each with its path.';
grant execute on function app_private.config_problems to app_engine;
-- end of source: functions/automation/config_problems.sql

-- source: functions/automation/delayed.sql
-- When a delayed action is due. AUT-03.
-- Minutes and hours are elapsed time; days and times of day are of the person's clock, so that "tomorrow at nine" is at nine
-- also where the clocks change in between.

create or replace function app_private.delayed(since timestamptz, after jsonb, timezone text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_at timestamptz := since
    + make_interval(mins => coalesce((after ->> 'minutes')::int, 0), hours => coalesce((after ->> 'hours')::int, 0));
  v_local timestamp;
begin
  if after ? 'days' or after ? 'at' then
    v_local := (v_at at time zone timezone) + make_interval(days => coalesce((after ->> 'days')::int, 0));
    if after ? 'at' then
      v_local := v_local::date + (after ->> 'at')::time
        + case when not after ? 'days' and v_local::time > (after ->> 'at')::time then interval '1 day' else interval '0' end;
    end if;
    v_at := v_local at time zone timezone;
  end if;
  return greatest(v_at, since);
end;
$$;

comment on function app_private.delayed is
  'The instant so many minutes, hours or days later, at a time of the day if one is given: {minutes, hours, days, at}.';
grant execute on function app_private.delayed to app_engine;

-- A delay that can come: no more than a year, of at least something.
create or replace function app_private.delay_problem(after jsonb, place text)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.config_problems('{
    "type": "object", "additionalProperties": false, "minProperties": 1, "properties": {
      "minutes": {"type": "integer", "minimum": 1, "maximum": 525600},
      "hours": {"type": "integer", "minimum": 1, "maximum": 8760},
      "days": {"type": "integer", "minimum": 1, "maximum": 365},
      "at": {"type": "string", "format": "time"}}}', delay_problem.after, delay_problem.place) as problem;
end;

comment on function app_private.delay_problem is 'What is wrong with a delay, at its path.';
grant execute on function app_private.delay_problem to app_engine;

-- The person's own clock where they said it (with their quiet hours); the clinic's otherwise.
create or replace function app_private.zone_of(organization_id uuid, patient_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select quiet_hours.timezone
     from app_public.patients
     join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
     join app_public.quiet_hours
       on quiet_hours.patient_profile_id = patient_profiles.id or quiet_hours.human_id = patient_profiles.human_id
     where patients.organization_id = zone_of.organization_id and patients.id = zone_of.patient_id
     order by quiet_hours.patient_profile_id is null
     limit 1),
    (select organizations.timezone from app_public.organizations where organizations.id = zone_of.organization_id));
end;

comment on function app_private.zone_of is 'The time zone of a patient, as far as it is known; the clinic''s otherwise.';
grant execute on function app_private.zone_of to app_engine;
-- end of source: functions/automation/delayed.sql

-- source: functions/automation/perform_action.sql
-- Does one action in a subtransaction: a refusal takes back what it did, and the others go on. AUT-02, AUT-03.
-- What passes by itself (two transactions in each other's way) is not the end of it: it waits and is tried again.

create or replace function app_private.perform_action(step app_private.action_step, action text, attempts int default 0)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_function text;
  v_outcome app_private.action_outcome;
  v_state text;
  v_reason text;
  v_detail text;
  v_code text;
begin
  select automation_actions.act_function into v_function
  from app_private.automation_actions
  where automation_actions.code = perform_action.action;
  if not found then
    return ('failed', 'action_unknown', '{}', null)::app_private.action_outcome;
  end if;

  begin
    execute format('select * from app_private.%I($1)', v_function) into v_outcome using perform_action.step;
    -- What was deferred fails here, where it is this action's.
    set constraints all immediate;
    set constraints all deferred;
    return v_outcome;
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      get stacked diagnostics v_state = returned_sqlstate;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
  end;

  if v_reason is null and perform_action.attempts < 6 then
    return ('waiting', 'retry', jsonb_build_object('sqlstate', v_state),
            app_hidden.now() + interval '10 seconds' * power(3, perform_action.attempts))::app_private.action_outcome;
  end if;
  select error_codes.code into v_code from app_hidden.error_codes where error_codes.sqlstate = v_state;
  if v_code is null then
    -- Not one of our refusals: its text could quote what people wrote.
    return ('failed', 'error', jsonb_build_object('sqlstate', v_state), null)::app_private.action_outcome;
  end if;
  return ('failed', v_reason, jsonb_build_object(
    'code', v_code, 'details', coalesce(nullif(v_detail, '')::jsonb, '{}')), null)::app_private.action_outcome;
end;
$$;

comment on function app_private.perform_action is
  'Calls the function of an action and answers its outcome; a refusal becomes failed with its code and reason, and takes '
  'back what the action did. A failure that passes becomes waiting, six times.';
grant execute on function app_private.perform_action to app_engine;
-- end of source: functions/automation/perform_action.sql

-- source: functions/automation/act_schedule_action.sql
-- schedule_action: does another action later. AUT-02.
-- The delay counts from the event, so an action that is asked again before its time finds the same instant.

create or replace function app_private.act_schedule_action(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_due timestamptz;
begin
  select app_private.delayed(
    events.occurred_at, step.config -> 'after', app_private.zone_of(step.organization_id, step.patient_id)) into strict v_due
  from app_private.events
  where events.id = step.event_id;
  if v_due > app_hidden.now() then
    return ('waiting', 'scheduled', '{}', v_due)::app_private.action_outcome;
  end if;
  return app_private.perform_action(
    (step.organization_id, step.execution_id, step.rule_id, step.rule_version_id, step.event_id, step.action_index,
     step.patient_id, step.patient_profile_id, step.appointment_id, step.config -> 'config')::app_private.action_step,
    step.config ->> 'action');
end;
$$;

comment on function app_private.act_schedule_action is 'Waits for its time, then does the action that its config names.';
grant execute on function app_private.act_schedule_action to app_engine;
-- end of source: functions/automation/act_schedule_action.sql

-- source: functions/notify/printable_variables.sql
-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom. Whoever reads in an account needs no link.

create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy', 'signatureLinkId', 'expiresAt', 'bookingRequestId',
                                   'waitlistOfferId', 'words'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality'), ('signingUrl', 'signatureLinkId'), ('expiresWhen', 'expiresAt'),
                 ('bookingUrl', 'bookingRequestId'), ('offerUrl', 'waitlistOfferId')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where (printable_variables.channel not in ('sms', 'whatsapp', 'push')
         or names.name <> all (array['serviceName', 'specialistName', 'reason']))
    and (printable_variables.channel not in ('in_app', 'push') or names.name <> all (array['bookingUrl', 'offerUrl']))
);

comment on function app_private.printable_variables is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';
grant execute on function app_private.printable_variables to app_engine;
-- end of source: functions/notify/printable_variables.sql

-- source: functions/automation/check_message.sql
-- Words that can be written: every name in them is known on their channel, so nothing fails as a message leaves. AUT-02, AUT-04.

create or replace function app_private.check_message(organization_id uuid, config jsonb, channel text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_key text := case when (config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || channel;
begin
  return query
    select concat_ws('.', '$.words', written.locale, written.part), v_problem ->> 'problem', v_problem - 'problem'
    from (
      select languages.locale, parts.part, parts.text
      from jsonb_each(config -> 'words') as languages (locale, words)
      cross join lateral jsonb_each_text(languages.words) as parts (part, text)
    ) as written
    join app_private.message_types on message_types.key = v_key
    cross join lateral app_private.text_problem(
      written.text, app_private.printable_variables(message_types.variables, check_message.channel)) as v_problem
    where v_problem is not null
    union all
    select concat_ws('.', '$.words', languages.locale, parts.part), 'is_empty', '{}'::jsonb
    from jsonb_each(config -> 'words') as languages (locale, words)
    cross join lateral jsonb_each_text(languages.words) as parts (part, text)
    where btrim(parts.text) = '' or parts.part = 'title' and parts.text ~ '[[:cntrl:]]'
    union all
    select '$.isMarketing', 'patients_only', '{}'::jsonb
    where (config -> 'isMarketing')::boolean and coalesce(config ->> 'to', 'patient') <> 'patient'
    union all
    select '$.permission', case when config ? 'permission' then 'permission_unknown' else 'is_missing' end, '{}'::jsonb
    where config ->> 'to' = 'staff'
      and not exists (select from app_public.permissions where permissions.name = config ->> 'permission')
    union all
    select '$', 'whatsapp_template_missing', jsonb_build_object('template', v_key)
    where check_message.channel = 'whatsapp'
      and not exists (
        select from app_public.whatsapp_templates
        where whatsapp_templates.organization_id = check_message.organization_id and whatsapp_templates.template_key = v_key);
end;
$$;

comment on function app_private.check_message is
  'What is wrong with the words, the reader or the kind of a message that an automation sends, each with its path.';
grant execute on function app_private.check_message to app_engine;
-- end of source: functions/automation/check_message.sql

-- source: functions/automation/act_send_email.sql
-- send_email: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_email(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'email');

comment on function app_private.act_send_email is 'Tells whom the action names over email.';
grant execute on function app_private.act_send_email to app_engine;

create or replace function app_private.check_send_email(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_email.organization_id, check_send_email.config, 'email') as problem;
end;

comment on function app_private.check_send_email is 'What is wrong with the words for email, each with its path.';
grant execute on function app_private.check_send_email to app_engine;
-- end of source: functions/automation/act_send_email.sql

-- source: functions/automation/act_send_push.sql
-- send_push: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_push(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'push');

comment on function app_private.act_send_push is 'Tells whom the action names over push.';
grant execute on function app_private.act_send_push to app_engine;

create or replace function app_private.check_send_push(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_push.organization_id, check_send_push.config, 'push') as problem;
end;

comment on function app_private.check_send_push is 'What is wrong with the words for push, each with its path.';
grant execute on function app_private.check_send_push to app_engine;
-- end of source: functions/automation/act_send_push.sql

-- source: functions/automation/act_send_session_reminder.sql
-- send_session_reminder: reminds the patient of the session that comes next. AUT-02, APT-08.
-- A session is a visit: the one that the event is about, while it is to come, else the next one of the patient.

create or replace function app_private.act_send_session_reminder(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_ids uuid[];
  v_reason text;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = step.organization_id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
    and appointments.deleted_at is null
  order by appointments.id = step.appointment_id desc nulls last, appointments.starts_at, appointments.id
  limit 1;
  if not found then
    return app_private.acted('skipped', 'nothing_to_come');
  end if;
  v_ids := app_private.notify(
    step.organization_id,
    'appointment_reminder',
    app_private.appointment_facts(
      step.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
      v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
    || jsonb_build_object('bookingRequestId', v_appointment.booking_request_id),
    patient_profile_id => v_appointment.patient_profile_id,
    name => v_appointment.contact_name,
    email => v_appointment.contact_email,
    phone => v_appointment.contact_phone,
    locale => v_appointment.locale,
    event_id => step.event_id);
  if v_ids = '{}' then
    return app_private.acted('skipped', 'reminded_already', jsonb_build_object('appointmentId', v_appointment.id));
  end if;
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  return app_private.acted(
    case when v_reason is null then 'done' else 'skipped' end, v_reason,
    jsonb_build_object('appointmentId', v_appointment.id, 'messageIds', v_ids));
end;
$$;

comment on function app_private.act_send_session_reminder is 'Reminds the patient of the visit of the event or the next one; skipped where none is to come.';
grant execute on function app_private.act_send_session_reminder to app_engine;
-- end of source: functions/automation/act_send_session_reminder.sql

-- source: functions/automation/act_send_sms.sql
-- send_sms: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_sms(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'sms');

comment on function app_private.act_send_sms is 'Tells whom the action names over sms.';
grant execute on function app_private.act_send_sms to app_engine;

create or replace function app_private.check_send_sms(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_sms.organization_id, check_send_sms.config, 'sms') as problem;
end;

comment on function app_private.check_send_sms is 'What is wrong with the words for sms, each with its path.';
grant execute on function app_private.check_send_sms to app_engine;
-- end of source: functions/automation/act_send_sms.sql

-- source: functions/automation/act_send_whatsapp.sql
-- send_whatsapp: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_whatsapp(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'whatsapp');

comment on function app_private.act_send_whatsapp is 'Tells whom the action names over whatsapp.';
grant execute on function app_private.act_send_whatsapp to app_engine;

create or replace function app_private.check_send_whatsapp(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_whatsapp.organization_id, check_send_whatsapp.config, 'whatsapp') as problem;
end;

comment on function app_private.check_send_whatsapp is 'What is wrong with the words for whatsapp, each with its path.';
grant execute on function app_private.check_send_whatsapp to app_engine;
-- end of source: functions/automation/act_send_whatsapp.sql

-- source: functions/automation/act_show_notification.sql
-- show_notification: puts the words into the inbox of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_show_notification(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'in_app');

comment on function app_private.act_show_notification is 'Tells whom the action names over in_app.';
grant execute on function app_private.act_show_notification to app_engine;

create or replace function app_private.check_show_notification(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_show_notification.organization_id, check_show_notification.config, 'in_app') as problem;
end;

comment on function app_private.check_show_notification is 'What is wrong with the words for in_app, each with its path.';
grant execute on function app_private.check_show_notification to app_engine;
-- end of source: functions/automation/act_show_notification.sql

-- source: functions/automation/act_suggest_form.sql
-- suggest_form: a form is there for the patient, who is told; nothing waits for it. AUT-02.

create or replace function app_private.act_suggest_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
begin
  if app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form));
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id));
end;
$$;

comment on function app_private.act_suggest_form is 'Makes a form for the patient and tells them of it.';
grant execute on function app_private.act_suggest_form to app_engine;
-- end of source: functions/automation/act_suggest_form.sql

-- source: functions/rules/rule_terms_of_event.sql
-- What a condition of an automation may ask of its event: the properties of its payload, and the fields of what it is about,
-- such as its appointment. SEG-05. Ids of other things are left out: nobody compares them.

create or replace function app_private.rule_terms_of_event(event_name text, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  with payload as (
    select event_types.payload_schema -> 'properties' as properties
    from app_private.event_types
    where event_types.name = rule_terms_of_event.event_name
    order by event_types.version desc
    limit 1
  )
  select 'event.' || property.key, null, kind.type, coalesce(named.label_ro, property.key), coalesce(named.label_en, property.key),
    'Evenimentul', 'The event',
    (select jsonb_agg(jsonb_build_object('value', word.value, 'ro', word.value, 'en', word.value) order by word.ordinality)
     from jsonb_array_elements(property.value -> 'enum') with ordinality as word where word.value <> 'null'),
    named.choices_of, null::numeric, null::numeric, false, null, 0,
    replace(kind.value_sql, '{j}', '(select e.payload ->> {k0} from app_private.events as e where e.organization_id = $1 and e.id = $4)'),
    null, jsonb_build_array(property.key), case kind.type when 'date' then array['clinic'] else '{}'::text[] end
  from payload
  cross join lateral jsonb_each(payload.properties) as property
  left join app_private.rule_event_properties as named on named.property = property.key
  cross join lateral (
    select coalesce(property.value ->> 'format', '') as format, property.value -> 'type' as type
  ) as said
  cross join lateral (
    select 'choice' as type, '{j}' as value_sql where property.value ? 'enum' or (said.format = 'uuid' and named.choices_of is not null)
    union all
    select 'date', '(({j})::timestamptz at time zone {zone})::date' where said.format = 'date-time'
    union all
    select 'number', '({j})::numeric' where said.type @> '"integer"' or said.type @> '"number"'
    union all
    select 'boolean', '({j})::boolean' where said.type @> '"boolean"'
    union all
    select 'text', '{j}' where said.format = '' and not property.value ? 'enum' and said.type @> '"string"'
  ) as kind
  where rule_terms_of_event.code is null or 'event.' || property.key = rule_terms_of_event.code
  union all
  select fields.code, null, case fields.type when 'instant' then 'date' else fields.type end, fields.label_ro, fields.label_en,
    collections.label_ro, collections.label_en, fields.choices, fields.choices_of, null::numeric, null::numeric, false, fields.permission, 0,
    '(select ' || case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end
      || ' from ' || collections.table_name || ' as r where r.organization_id = $1'
      || ' and r.id = (select (e.payload ->> {k0})::uuid from app_private.events as e where e.organization_id = $1 and e.id = $4)'
      || ' and (p.id is null or (' || collections.person_sql || ')))',
    null, jsonb_build_array(collections.event_property),
    case fields.type when 'instant' then array[collections.source, 'clinic'] else array[collections.source] end
  from payload
  join app_private.rule_collections as collections on payload.properties ? collections.event_property
  join app_private.rule_fields as fields on fields.collection = collections.code
  where rule_terms_of_event.code is null or fields.code = rule_terms_of_event.code
$$;

comment on function app_private.rule_terms_of_event is 'The fields of an event and of what it is about; nothing of an event that nobody knows.';
grant execute on function app_private.rule_terms_of_event to app_engine;
-- end of source: functions/rules/rule_terms_of_event.sql

-- source: functions/rules/rule_terms.sql
-- The fields that a clinic's rules may name: those of every clinic, the answers in its forms, its own fields, its purposes of
-- consent, and in a condition of an automation what the event says. SEG-02, SEG-05.
-- Of a form the latest completed or signed one counts, and of a template and of a field the newest published version that has
-- the key, so that a rule outlives a question that is asked no more.

create or replace function app_private.rule_terms(organization_id uuid, event_name text default null, code text default null)
returns setof app_private.rule_term
language plpgsql stable
set search_path = ''
as $$
declare
  v_family constant text := split_part(code, '.', 1);
begin
  if code is null or v_family not in ('form', 'custom', 'consent', 'event') then
    return query
      select fields.code, fields.collection, case fields.type when 'instant' then 'date' else fields.type end,
        fields.label_ro, fields.label_en, collections.label_ro, collections.label_en, fields.choices, fields.choices_of,
        null::numeric, null::numeric, false, fields.permission, fields.cost,
        case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end,
        fields.turns_sql, '[]'::jsonb,
        case when fields.type = 'instant' or fields.value_sql ~ '\{(today|zone)\}' then array[fields.source, 'clinic'] else array[fields.source] end
      from app_private.rule_fields as fields
      left join app_private.rule_collections as collections on collections.code = fields.collection
      where rule_terms.code is null or fields.code = rule_terms.code
      order by fields.collection nulls first, fields.position;
  end if;
  if code is null or v_family = 'form' then
    return query select * from app_private.rule_terms_of_forms(rule_terms.organization_id, rule_terms.code);
  end if;
  if code is null or v_family in ('custom', 'consent') then
    return query select * from app_private.rule_terms_of_clinic(rule_terms.organization_id, rule_terms.code);
  end if;
  if event_name is not null then
    return query select * from app_private.rule_terms_of_event(rule_terms.event_name, rule_terms.code);
  end if;
end;
$$;

comment on function app_private.rule_terms is
  'The fields that rules of a clinic may name (of an event, where a condition of an automation is written), or the one of this code.';
grant execute on function app_private.rule_terms to app_engine;

-- What kind of field an item of a form is, and how its answer {j} is read; nothing for what says nothing of a patient.
create or replace function app_private.rule_term_of_item(item jsonb, out type text, out value_sql text)
language sql immutable
set search_path = ''
as $$
  select kinds.type, kinds.value_sql
  from (values
    ('{text,long_text,email,phone}'::text[], 'text', '{j} #>> ''{}'''),
    ('{integer,number,scale}', 'number', 'case jsonb_typeof({j}) when ''number'' then ({j})::numeric end'),
    ('{boolean}', 'boolean', 'case jsonb_typeof({j}) when ''boolean'' then ({j})::boolean end'),
    ('{date}', 'date', 'case when pg_input_is_valid({j} #>> ''{}'', ''date'') then ({j} #>> ''{}'')::date end'),
    ('{choice}', 'choice', '{j} #>> ''{}'''),
    ('{choices}', 'choices', 'case jsonb_typeof({j}) when ''array'' then array(select jsonb_array_elements_text({j})) end'),
    ('{file}', 'presence', 'nullif({j}, ''null'')')
  ) as kinds (items, type, value_sql)
  where rule_term_of_item.item ->> 'type' = any (kinds.items)
$$;

comment on function app_private.rule_term_of_item is 'The type of a field that an item of a form is in rules, and the SQL that reads an answer; null for groups and statements.';
grant execute on function app_private.rule_term_of_item to app_engine;

-- A text of a template in one language, else in the other.
create or replace function app_private.rule_label(label jsonb, locale text) returns text
language sql immutable
set search_path = ''
return coalesce(label ->> locale, label ->> 'ro', label ->> 'en');

comment on function app_private.rule_label is 'A text of a template in this language, or in the one that it has.';
grant execute on function app_private.rule_label to app_engine;

create or replace function app_private.rule_choices_of_item(item jsonb) returns jsonb
language sql immutable
set search_path = ''
return (
  select jsonb_agg(jsonb_build_object(
    'value', listed.value ->> 'value',
    'ro', coalesce(app_private.rule_label(listed.value -> 'label', 'ro'), listed.value ->> 'value'),
    'en', coalesce(app_private.rule_label(listed.value -> 'label', 'en'), listed.value ->> 'value')) order by listed.ordinality)
  from jsonb_array_elements(item -> 'options') with ordinality as listed
);

comment on function app_private.rule_choices_of_item is 'The options of an item with their labels; null where it has none.';
grant execute on function app_private.rule_choices_of_item to app_engine;
-- end of source: functions/rules/rule_terms.sql

-- source: functions/rules/rule_terms_of_clinic.sql
-- The clinic's own fields of patients, and where a patient stands with its purposes of consent. SEG-02.

create or replace function app_private.rule_terms_of_clinic(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'custom.' || fields.system_key, null, kind.type,
    app_private.rule_label(versions.definition -> 'label', 'ro'), app_private.rule_label(versions.definition -> 'label', 'en'),
    'Câmpurile clinicii', 'Fields of the clinic', app_private.rule_choices_of_item(versions.definition), null,
    case when kind.type = 'number' then (versions.definition ->> 'min')::numeric end,
    case when kind.type = 'number' then (versions.definition ->> 'max')::numeric end,
    versions.definition ->> 'type' in ('integer', 'scale'), 'patients.view', 1,
    '(select ' || replace(kind.value_sql, '{j}', 'c.value') || ' from app_public.custom_field_values as c where c.organization_id = $1'
      || ' and c.custom_field_id = {k0}::uuid and c.patient_profile_id = p.patient_profile_id)',
    null, jsonb_build_array(fields.id), array['custom:' || fields.id]
  from app_public.custom_fields as fields
  join app_public.custom_field_versions as versions
    on versions.organization_id = fields.organization_id and versions.custom_field_id = fields.id and versions.number = fields.version
  cross join lateral app_private.rule_term_of_item(versions.definition) as kind
  where fields.organization_id = rule_terms_of_clinic.organization_id
    and fields.entity_type = 'patient'
    and kind.type is not null
    and case when rule_terms_of_clinic.code is null then fields.published else 'custom.' || fields.system_key = rule_terms_of_clinic.code end
  union all
  -- As app_private.consent_states() says it, for one purpose and many patients.
  select 'consent.' || purposes.code, null, 'choice', purposes.name_ro, purposes.name, 'Consimțăminte', 'Consents',
    '[{"value": "granted", "ro": "dat", "en": "granted"},
      {"value": "older_version", "ro": "dat pentru o versiune veche", "en": "given to an older version"},
      {"value": "withdrawn", "ro": "retras", "en": "withdrawn"},
      {"value": "refused", "ro": "refuzat", "en": "refused"},
      {"value": "never_given", "ro": "necerut", "en": "never given"}]'::jsonb,
    null, null, null, false, 'patients.view', 1,
    'coalesce((select case when stands.yes then ''granted'' when c.decision = ''refused'' then ''refused'''
      || ' when c.withdrawn_at is not null then ''withdrawn'' else ''older_version'' end'
      || ' from app_public.consents as c'
      || ' join app_public.consent_purpose_versions as given on given.scope_id = c.version_scope_id and given.id = c.purpose_version_id'
      || ' cross join lateral (select coalesce(app_private.consent_stands(c, given,'
      || ' (select app_private.current_consent_version($1, {k0}))), false) as yes) as stands'
      || ' where c.organization_id = $1 and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0}'
      || ' and (c.holds_until is null or c.holds_until > {now})'
      || ' order by stands.yes desc, c.decision = ''granted'' and c.withdrawn_at is null desc, c.decided_at desc, c.id desc limit 1), ''never_given'')',
    'least((select min(c.holds_until) from app_public.consents as c where c.organization_id = $1'
      || ' and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0} and c.holds_until > {now}),'
      || ' (select min(v.in_force_from) from app_public.consent_purpose_versions as v'
      || ' where v.scope_id in ($1, ''00000000-0000-0000-0000-000000000000'') and v.purpose_code = {k0} and v.in_force_from > {now}))',
    jsonb_build_array(purposes.code), array['consents:' || purposes.code]
  from app_public.consent_purposes as purposes
  where purposes.scope_id in (rule_terms_of_clinic.organization_id, '00000000-0000-0000-0000-000000000000')
    and purposes.scope = 'organization'
    and (rule_terms_of_clinic.code is null or 'consent.' || purposes.code = rule_terms_of_clinic.code)
  order by 1
$$;

comment on function app_private.rule_terms_of_clinic is
  'The clinic''s fields of patients and its purposes of consent, as fields of rules. Without a code those in use.';
grant execute on function app_private.rule_terms_of_clinic to app_engine;
-- end of source: functions/rules/rule_terms_of_clinic.sql

-- source: functions/rules/rule_terms_of_forms.sql
-- The questions of a clinic's published templates. SEG-02. What repeats is left out: it has no one answer.

-- The items that are asked once, those of groups after their group.
create or replace function app_private.items_asked_once(content jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth, place) as (
    select listed.value, 1, array[listed.ordinality] from jsonb_array_elements(items_asked_once.content -> 'items') with ordinality as listed
    union all
    select inner_items.value, items.depth + 1, items.place || inner_items.ordinality
    from items
    cross join lateral jsonb_array_elements(items.item -> 'items') with ordinality as inner_items
    where items.item ->> 'type' = 'group' and not items.item ? 'repeat' and items.depth < 3
  )
  select items.item from items order by items.place
$$;

comment on function app_private.items_asked_once is 'The items of a template outside of groups that repeat, in their order.';
grant execute on function app_private.items_asked_once to app_engine;

create or replace function app_private.rule_terms_of_forms(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'form.' || newest.template_id || '.' || (newest.item ->> 'key'), null, kind.type,
    app_private.rule_label(newest.item -> 'label', 'ro'), app_private.rule_label(newest.item -> 'label', 'en'), newest.name, newest.name,
    app_private.rule_choices_of_item(newest.item), null,
    case when kind.type = 'number' then (newest.item ->> 'min')::numeric end,
    case when kind.type = 'number' then (newest.item ->> 'max')::numeric end,
    newest.item ->> 'type' in ('integer', 'scale'), 'forms.view', 2,
    '(select ' || replace(kind.value_sql, '{j}', '(f.answers -> {k1})') || ' from app_public.forms as f where f.organization_id = $1'
      || ' and f.template_id = {k0}::uuid and f.patient_id = p.id and f.status in (''completed'', ''signed'') and f.deleted_at is null'
      || ' order by f.completed_at desc, f.id desc limit 1)',
    null, jsonb_build_array(newest.template_id, newest.item ->> 'key'), array['form:' || newest.template_id]
  from (
    select distinct on (templates.name, versions.template_id, item.value ->> 'key')
      templates.name, versions.template_id, versions.number, item.place, item.value as item
    from app_public.form_template_versions as versions
    join app_public.form_templates as templates
      on templates.organization_id = versions.organization_id and templates.id = versions.template_id
    cross join lateral app_private.items_asked_once(versions.content) with ordinality as item (value, place)
    where versions.organization_id = rule_terms_of_forms.organization_id
      and case
        when rule_terms_of_forms.code is null then templates.published and versions.number = templates.version
        else pg_input_is_valid(split_part(rule_terms_of_forms.code, '.', 2), 'uuid')
          and versions.template_id = split_part(rule_terms_of_forms.code, '.', 2)::uuid
          and item.value ->> 'key' = split_part(rule_terms_of_forms.code, '.', 3)
      end
    order by templates.name, versions.template_id, item.value ->> 'key', versions.number desc
  ) as newest
  cross join lateral app_private.rule_term_of_item(newest.item) as kind
  where kind.type is not null
    and (rule_terms_of_forms.code is null or rule_terms_of_forms.code = 'form.' || newest.template_id || '.' || (newest.item ->> 'key'))
  order by newest.name, newest.template_id, newest.place
$$;

comment on function app_private.rule_terms_of_forms is
  'The answers that rules may ask for: of a patient''s latest completed or signed form of the template. Without a code those of templates in use, in their newest version.';
grant execute on function app_private.rule_terms_of_forms to app_engine;
-- end of source: functions/rules/rule_terms_of_forms.sql

-- source: functions/rules/rule_turn.sql
-- When a day begins at the clinic that changes something by itself. SEG-03. Written out for the planner: a function that is
-- called for each patient costs more than all the rest.

create or replace function app_private.rule_turn(days text[]) returns text
language sql immutable strict
set search_path = ''
return '(least(' || (
  select string_agg('case when ' || day || ' > {today} then ' || day || ' end', ', ') from unnest(rule_turn.days) as day
) || ')::timestamp at time zone {zone})';

comment on function app_private.rule_turn is 'As SQL: the beginning of the first of these days that is still to come; null where none is.';
grant execute on function app_private.rule_turn to app_engine;

create or replace function app_private.rule_zone(organization_id uuid) returns text
language sql stable
set search_path = ''
return (select organizations.timezone from app_public.organizations where organizations.id = rule_zone.organization_id);

comment on function app_private.rule_zone is 'On whose clock the days of rules are: the clinic''s.';
grant execute on function app_private.rule_zone to app_engine;

create or replace function app_private.rule_today(organization_id uuid) returns date
language sql stable
set search_path = ''
return (app_hidden.now() at time zone app_private.rule_zone(rule_today.organization_id))::date;

comment on function app_private.rule_today is 'The day at the clinic.';
grant execute on function app_private.rule_today to app_engine;

-- A text as app_hidden.search_text() folds it. What holds nothing but letters of Romanian, digits and single spaces, which is
-- almost everything, is folded at a twentieth of the cost.
create or replace function app_private.rule_text(text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_text constant text := translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘŞȚŢăâîșşțţ', 'abcdefghijklmnopqrstuvwxyzaaissttaaisstt');
begin
  if v_text ~ '^[a-z0-9]+( [a-z0-9]+)*$' collate "C" then
    return v_text;
  end if;
  return app_hidden.search_text($1);
end;
$$;

comment on function app_private.rule_text is 'What app_hidden.search_text() says, sooner.';
grant execute on function app_private.rule_text to app_engine;
-- end of source: functions/rules/rule_turn.sql

-- source: functions/rules/rule_part.sql
-- A rule, or a part of one, as SQL. SEG-02, SEG-03. What is missing makes a comparison null, which the condition of a query does
-- not take; below "not" null is made false first, so that it is the plain complement. Of several parts the cheap ones stand
-- first: PostgreSQL asks them in this order within "or", and compile_rule() makes stages of those of the outermost "all".

create or replace function app_private.rule_part(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_result app_private.rule_part;
  v_part app_private.rule_part;
  v_parts app_private.rule_part[] := '{}';
  v_inner jsonb;
begin
  if node ? 'field' then
    return app_private.rule_part_of_field(
      rule_part.organization_id, node, rule_part.event_name, rule_part.collection, parameters);
  elsif node ? 'count' then
    return app_private.rule_part_of_count(rule_part.organization_id, node, rule_part.event_name, parameters);
  elsif node ? 'segment' then
    return row(
      'exists (select from app_public.segment_members as m where m.organization_id = $1 and m.segment_id = ($3 ->> '
        || jsonb_array_length(parameters) || ')::uuid and m.patient_id = p.id and m.left_at is null)',
      null, '{}'::text[], 1, parameters || jsonb_build_array(node -> 'segment'), array['segment:' || app_hidden.ascii_lower(node ->> 'segment')])::app_private.rule_part;
  elsif node ? 'not' then
    v_result := app_private.rule_part(rule_part.organization_id, node -> 'not', rule_part.event_name, rule_part.collection, parameters);
    v_result.condition_sql := '(' || v_result.condition_sql || ' is not true)';
    v_result.value_sql := null;
    return v_result;
  end if;

  for v_inner in select value from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) loop
    v_part := app_private.rule_part(rule_part.organization_id, v_inner, rule_part.event_name, rule_part.collection, parameters);
    parameters := v_part.parameters;
    v_parts := v_parts || v_part;
  end loop;
  select
    coalesce('(' || string_agg(part.condition_sql, case when node ? 'all' then ' and ' else ' or ' end order by part.cost, part.ordinality) || ')',
             case when node ? 'all' then 'true' else 'false' end),
    coalesce(max(part.cost), 0)
  into v_result.condition_sql, v_result.cost
  from unnest(v_parts) with ordinality as part;
  v_result.turns_sql := array(select turn from unnest(v_parts) as part cross join lateral unnest(part.turns_sql) as turn);
  v_result.depends := array(select distinct code from unnest(v_parts) as part cross join lateral unnest(part.depends) as code order by code);
  v_result.parameters := parameters;
  return v_result;
end;
$$;

comment on function app_private.rule_part is 'A part of a rule as SQL, with the parameters so far.';
grant execute on function app_private.rule_part to app_engine;

-- How many rows of a collection a patient has. "At least one" and "none" stop at the first.
create or replace function app_private.rule_part_of_count(organization_id uuid, node jsonb, event_name text, parameters jsonb)
returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_collection app_private.rule_collections;
  v_where app_private.rule_part;
  v_within app_private.rule_operand;
  v_operand app_private.rule_operand;
  v_operator app_private.rule_operators;
  v_rows text;
  v_counted text;
  v_result app_private.rule_part;
  v_value constant numeric := case jsonb_typeof(node -> 'value') when 'number' then (node -> 'value')::numeric end;
begin
  select collections.* into strict v_collection
  from app_private.rule_collections as collections where collections.code = node #>> '{count,of}';
  select operators.* into strict v_operator
  from app_private.rule_operators as operators where operators.type = 'number' and operators.code = node ->> 'operator';

  v_where := app_private.rule_part(
    rule_part_of_count.organization_id, coalesce(node #> '{count,where}', '{"all": []}'), rule_part_of_count.event_name, v_collection.code, parameters);
  v_within := app_private.rule_within(node #> '{count,within}', v_collection.time_sql, v_where.parameters);
  v_rows := ' from ' || v_collection.table_name || ' as r where r.organization_id = $1 and ' || v_collection.person_sql;
  v_counted := v_rows || ' and ' || v_within.a || ' and ' || v_where.condition_sql;
  v_operand := app_private.rule_operand('number', v_operator.operand, node -> 'value', v_within.parameters);

  v_result.value_sql := '(select count(*)' || v_counted || ')';
  v_result.condition_sql := case
    when node ->> 'operator' = 'at_least' and v_value = 1 or node ->> 'operator' = 'greater' and v_value = 0
      then '(exists (select' || v_counted || '))'
    when node ->> 'operator' in ('is', 'at_most') and v_value = 0 or node ->> 'operator' = 'less' and v_value = 1
      then '(not exists (select' || v_counted || '))'
    else '(' || replace(replace(replace(v_operator.condition_sql, '{v}', v_result.value_sql), '{a}', v_operand.a), '{b}', v_operand.b) || ')'
  end;
  v_result.turns_sql := case
    when v_within.b is not null or cardinality(v_where.turns_sql) > 0 then array[
      '(select min(least(' || array_to_string(array_remove(v_within.b || v_where.turns_sql, null), ', ') || '))' || v_rows || ')']
    else '{}'
  end;
  v_result.cost := 3;
  v_result.parameters := v_operand.parameters;
  v_result.depends := array(
    select distinct code from unnest(v_where.depends || v_collection.source || case when node #> '{count,within}' is not null then array['clinic'] else '{}' end) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.rule_part_of_count is 'A count of a collection as SQL.';
grant execute on function app_private.rule_part_of_count to app_engine;

-- The time in which rows are counted: in a the condition, in b when a row comes in or goes out by itself.
create or replace function app_private.rule_within(within jsonb, time_sql text, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_days constant text := '($3 ->> ' || v_place || ')::int';
  v_from constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',from}'')::date'
    when within ? 'days' then '{today} - ' || v_days
    else '{today}'
  end;
  -- The first day that is no longer in it.
  v_end constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',to}'')::date + 1'
    when within ? 'days' then '{today} + 1'
    else '{today} + ' || v_days || ' + 1'
  end;
  v_day constant text := '((' || time_sql || ') at time zone {zone})::date';
  v_turning constant text[] := case
    when within ? 'days' then array[v_day, v_day || ' + ' || v_days || ' + 1']
    when within ? 'next_days' then array[v_day || ' - ' || v_days, v_day || ' + 1']
  end;
begin
  if within is null then
    return row('true', null, parameters)::app_private.rule_operand;
  end if;
  return row(
    -- Instants are compared, so that an index over them serves.
    app_private.rule_sql(time_sql || ' >= ((' || v_from || ')::timestamp at time zone {zone}) and '
      || time_sql || ' < ((' || v_end || ')::timestamp at time zone {zone})'),
    app_private.rule_sql(app_private.rule_turn(v_turning)),
    parameters || jsonb_build_array(case when within ? 'from' then within else coalesce(within -> 'days', within -> 'next_days') end)
  )::app_private.rule_operand;
end;
$$;

comment on function app_private.rule_within is 'A window of time as SQL.';
grant execute on function app_private.rule_within to app_engine;
-- end of source: functions/rules/rule_part.sql

-- source: functions/rules/rule_part_of_field.sql
-- A comparison as SQL. SEG-02. The text is made of the catalog's words alone: what the author wrote, and what their clinic calls
-- its fields, stands in the parameters, and the text says at which place.

create or replace function app_private.rule_part_of_field(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operator app_private.rule_operators;
  v_part app_private.rule_part;
  v_key record;
  v_value text;
  v_operand app_private.rule_operand;
  v_days text;
begin
  select terms.* into v_term
  from app_private.rule_terms(rule_part_of_field.organization_id, rule_part_of_field.event_name, node ->> 'field') as terms
  where terms.collection is not distinct from rule_part_of_field.collection;
  select operators.* into v_operator
  from app_private.rule_operators as operators
  where operators.type = v_term.type and operators.code = node ->> 'operator';
  if v_term.code is null or v_operator.code is null then
    raise exception 'a rule that was not checked: %', node;
  end if;

  v_value := v_term.value_sql;
  for v_key in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(v_term.keys) with ordinality as listed loop
    v_value := replace(v_value, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    v_term.turns_sql := replace(v_term.turns_sql, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    parameters := parameters || jsonb_build_array(v_key.value);
  end loop;

  v_operand := app_private.rule_operand(v_term.type, v_operator.operand, node -> 'value', parameters);
  v_days := replace(replace(v_operator.turning_days, '{v}', '(' || v_value || ')'), '{a}', v_operand.a);
  v_part.value_sql := app_private.rule_sql(v_value);
  v_part.condition_sql := '(' || app_private.rule_sql(
    replace(replace(replace(v_operator.condition_sql, '{v}', '(' || v_value || ')'), '{a}', v_operand.a), '{b}', v_operand.b)) || ')';
  v_part.turns_sql := array_remove(array[
    app_private.rule_sql(v_term.turns_sql),
    app_private.rule_sql(app_private.rule_turn(string_to_array(v_days, '; ')))], null);
  v_part.cost := v_term.cost;
  v_part.parameters := v_operand.parameters;
  v_part.depends := v_term.depends || case when v_days is not null then array['clinic'] else '{}' end;
  return v_part;
end;
$$;

comment on function app_private.rule_part_of_field is 'A comparison of a field as SQL.';
grant execute on function app_private.rule_part_of_field to app_engine;

-- The words that the catalog leaves open. What is asked once of the clinic stands in a query of its own, so that it runs once.
create or replace function app_private.rule_sql(text) returns text
language sql immutable strict
set search_path = ''
return replace(replace(replace($1,
  '{today}', '(select app_private.rule_today($1))'), '{zone}', '(select app_private.rule_zone($1))'), '{now}', 'app_hidden.now()');

comment on function app_private.rule_sql is 'SQL of the catalog with the clinic''s day and zone, and the present.';
grant execute on function app_private.rule_sql to app_engine;

-- What stands on the other side of a comparison, and the parameters with it. Texts are folded here, once.
create or replace function app_private.rule_operand(type text, operand text, value jsonb, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_cast constant text := case when operand = 'days' then '::int' else case type when 'number' then '::numeric' when 'date' then '::date' when 'boolean' then '::boolean' else '' end end;
  v_result app_private.rule_operand;
begin
  v_result.a := '';
  v_result.b := '';
  if operand = 'none' then
    v_result.parameters := parameters;
    return v_result;
  end if;
  if type = 'text' then
    value := case operand
      when 'list' then (select jsonb_agg(app_hidden.search_text(listed.value)) from jsonb_array_elements_text(value) as listed)
      else to_jsonb(app_hidden.search_text(value #>> '{}'))
    end;
  end if;
  case operand
    when 'range' then
      v_result.a := '($3 #>> ''{' || v_place || ',0}'')' || v_cast;
      v_result.b := '($3 #>> ''{' || v_place || ',1}'')' || v_cast;
    when 'list' then
      v_result.a := 'array(select jsonb_array_elements_text($3 -> ' || v_place || '))';
    else
      v_result.a := '($3 ->> ' || v_place || ')' || v_cast;
  end case;
  v_result.parameters := parameters || jsonb_build_array(value);
  return v_result;
end;
$$;

comment on function app_private.rule_operand is 'What a field is compared with, as SQL over the parameters.';
grant execute on function app_private.rule_operand to app_engine;
-- end of source: functions/rules/rule_part_of_field.sql

-- source: functions/rules/explain_rule.sql
-- Why a rule holds for a patient, or does not: the tree with the verdict of each part, and what each field says. SEG-02.

create or replace function app_private.explain_rule(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_event_name constant text := (
    select events.name from app_private.events
    where events.organization_id = explain_rule.organization_id and events.id = explain_rule.event_id);
  v_part app_private.rule_part;
  v_inner jsonb;
  v_holds boolean;
  v_value jsonb;
begin
  if rule ? 'not' then
    v_inner := app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, rule -> 'not', explain_rule.event_id);
    return jsonb_build_object('not', v_inner, 'holds', not (v_inner ->> 'holds')::boolean);
  elsif rule ? 'all' or rule ? 'any' then
    v_inner := (
      select coalesce(jsonb_agg(app_private.explain_rule(
        explain_rule.organization_id, explain_rule.patient_id, listed.value, explain_rule.event_id) order by listed.ordinality), '[]')
      from jsonb_array_elements(coalesce(rule -> 'all', rule -> 'any')) with ordinality as listed);
    return case
      when rule ? 'all' then jsonb_build_object('all', v_inner, 'holds', not v_inner @> '[{"holds": false}]')
      else jsonb_build_object('any', v_inner, 'holds', v_inner @> '[{"holds": true}]')
    end;
  end if;
  v_part := app_private.rule_part(explain_rule.organization_id, rule, v_event_name, null, '[]');
  -- One row in any case: an event need not be about a patient.
  execute 'select ' || v_part.condition_sql || ' is true, ' || coalesce('to_jsonb(' || v_part.value_sql || ')', 'null::jsonb')
    || ' from (select) as one left join (select patients.id, patients.patient_profile_id, patients.created_at,'
    || ' patients.profile_completed_at, profiles.human_id, profiles.given_name, profiles.family_name, profiles.email, profiles.phone,'
    || ' profiles.birth_date, profiles.locale from app_public.patients'
    || ' join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id'
    || ' where patients.organization_id = $1 and patients.deleted_at is null and patients.id = any ($2)) as p on true'
  into v_holds, v_value
  using explain_rule.organization_id, array[explain_rule.patient_id], v_part.parameters, explain_rule.event_id;
  return rule || jsonb_build_object('holds', v_holds) || case when v_part.value_sql is not null then jsonb_build_object('actual', v_value) else '{}' end;
end;
$$;

comment on function app_private.explain_rule is
  'The rule with holds in each part, and in comparisons and counts what the field is or how many there are as actual, null where nobody knows.';
grant execute on function app_private.explain_rule to app_engine;
-- end of source: functions/rules/explain_rule.sql

-- source: functions/rules/compile_rule.sql
-- A rule as one query with parameters. SEG-02, SEG-03. The parts of its outermost "all" stand in stages: what the row of the
-- patient says first, then what one look-up says, then forms, then counts. "offset 0" keeps the planner from mixing them, so
-- that dear sources are asked only for those whom the cheap ones left.

create or replace function app_private.compile_rule(organization_id uuid, rule jsonb, event_name text default null)
returns app_private.compiled_rule
language plpgsql stable
set search_path = ''
as $$
declare
  v_base constant text :=
    '(select patients.id, patients.patient_profile_id, patients.created_at, patients.profile_completed_at, profiles.human_id,'
    || ' profiles.given_name, profiles.family_name, profiles.email, profiles.phone, profiles.birth_date, profiles.locale'
    || ' from app_public.patients join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id'
    || ' where patients.organization_id = $1 and patients.deleted_at is null and ($2::uuid[] is null or patients.id = any ($2))) as p';
  v_parts jsonb := case when rule ? 'all' then rule -> 'all' else jsonb_build_array(rule) end;
  v_part app_private.rule_part;
  v_node jsonb;
  v_stages text[] := array_fill(null::text, array[4]);
  v_turns text[] := '{}';
  v_from text := v_base;
  v_result app_private.compiled_rule;
begin
  v_result.parameters := '[]';
  v_result.depends := '{patient}';
  v_result.cost := 0;
  for v_node in select value from jsonb_array_elements(v_parts) loop
    v_part := app_private.rule_part(compile_rule.organization_id, v_node, compile_rule.event_name, null, v_result.parameters);
    v_stages[v_part.cost + 1] := coalesce(v_stages[v_part.cost + 1] || ' and ', '') || v_part.condition_sql;
    v_result.parameters := v_part.parameters;
    v_result.depends := v_result.depends || v_part.depends;
    v_result.cost := greatest(v_result.cost, v_part.cost);
    v_turns := v_turns || v_part.turns_sql;
  end loop;

  for stage in 1..4 loop
    if v_stages[stage] is not null then
      v_from := '(select p.* from ' || v_from || ' where ' || v_stages[stage] || ' offset 0) as p';
    end if;
  end loop;
  v_result.query := 'select p.id from ' || v_from;
  v_turns := array(select distinct turn from unnest(v_turns) as turn order by turn);
  v_result.recheck := case
    when cardinality(v_turns) = 0 then 'select null::uuid, null::timestamptz where $1 is null and $2::uuid[] is null and $3::jsonb is null'
    else 'select turning.id, turning.at from (select p.id, least(' || array_to_string(v_turns, ', ') || ') as at from ' || v_base
      || ') as turning where turning.at is not null'
  end;
  v_result.depends := array(select distinct code from unnest(v_result.depends) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.compile_rule is
  'A rule that was checked as a query: those for whom it holds, of $2 or of all; the query of when time alone can next change it; what it reads.';
grant execute on function app_private.compile_rule to app_engine;

create or replace function app_private.rule_members(organization_id uuid, rule jsonb) returns setof uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule constant app_private.compiled_rule := app_private.compile_rule(rule_members.organization_id, rule_members.rule);
begin
  return query execute v_rule.query using rule_members.organization_id, null::uuid[], v_rule.parameters, null::uuid;
end;
$$;

comment on function app_private.rule_members is 'The patients of the clinic for whom a rule holds now.';
grant execute on function app_private.rule_members to app_engine;

create or replace function app_private.rule_holds(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns boolean
language sql stable
set search_path = ''
return (app_private.explain_rule(rule_holds.organization_id, rule_holds.patient_id, rule_holds.rule, rule_holds.event_id) ->> 'holds')::boolean;

comment on function app_private.rule_holds is 'Whether a rule holds for a patient now, or for nobody in particular: of an event about no patient.';
grant execute on function app_private.rule_holds to app_engine;
-- end of source: functions/rules/compile_rule.sql

-- source: functions/segments/save_segment.sql
-- Writing a segment: one at a time in a clinic, and not while its worker looks, so that what a rule names is there, nothing names
-- itself, and a refresh knows which rule it went by. SEG-01, SEG-02.

create or replace function app_private.lock_segments(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('segments:' || lock_segments.organization_id, 0))
$$;

comment on function app_private.lock_segments is 'Waits for whoever writes or refreshes the segments of a clinic, until the transaction ends.';
grant execute on function app_private.lock_segments to app_engine;

create or replace function app_private.own_segment(segment_id uuid, permission text) returns app_public.segments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = own_segment.segment_id and segments.deleted_at is null;
  if not found or not v_segment.organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  perform app_private.require_permission(v_segment.organization_id, own_segment.permission);
  return v_segment;
end;
$$;

comment on function app_private.own_segment is
  'A segment of a clinic where the caller has the permission; NOT_FOUND segment_not_found, FORBIDDEN otherwise.';
grant execute on function app_private.own_segment to app_engine;

/* Keeps what the rule of a segment reads, and has everybody looked at, also in what names it. */
create or replace function app_private.follow_rule(segment app_public.segments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_depends text[] := case
    when (segment).rule is null then '{patient}'
    else (app_private.compile_rule((segment).organization_id, (segment).rule)).depends
  end;
begin
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = (segment).organization_id and kept.segment_id = (segment).id and kept.code <> all (v_depends);
  insert into app_private.segment_dependencies (organization_id, code, segment_id)
  select (segment).organization_id, code, (segment).id from unnest(v_depends) as code
  on conflict do nothing;
  with recursive named as (
    select (segment).id
    union
    select dependency.segment_id
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.code = 'segment:' || named.id
  ), emptied as (
    -- What names it changes by the same edit: that is no event, either.
    update app_public.segments set filled_version = null
    where segments.id in (select named.id from named) and segments.filled_version is not null
  )
  insert into app_private.segment_marks (organization_id, segment_id)
  select (segment).organization_id, named.id from named;
  perform app_private.queue_segments(array[(segment).organization_id]);
end;
$$;

comment on function app_private.follow_rule is 'Keeps what a segment reads, and marks everybody for it and for what names it.';
grant execute on function app_private.follow_rule to app_engine;

create or replace function app_private.queue_segments(organization_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Without a key: whoever marks would wait for all others who mark in the clinic. A job that finds nothing left costs a look.
  perform graphile_worker.add_jobs(array(
    select row('refresh_segments', jsonb_build_object('organizationId', id), null, null, null, null, null, null)::graphile_worker.job_spec
    from unnest(organization_ids) as id order by id));
end;
$$;

comment on function app_private.queue_segments is 'Has the worker look at the segments of clinics.';
grant execute on function app_private.queue_segments to app_engine;
-- end of source: functions/segments/save_segment.sql

-- source: functions/segments/put_in_segment.sql
-- Patients are put into a list and taken out, by staff and by automations. SEG-01, AUT-02.

create or replace function app_private.put_in_segment(organization_id uuid, segment_id uuid, patient_id uuid, is_in boolean) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_stay app_public.segment_members;
  v_profile_id uuid;
begin
  -- For share: a list that is being removed is waited for.
  select segments.* into v_segment
  from app_public.segments
  where segments.organization_id = put_in_segment.organization_id and segments.id = put_in_segment.segment_id
    and segments.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  elsif v_segment.kind <> 'list' then
    perform app_hidden.refuse('VALIDATION', 'segment_is_not_a_list', '{"field": "segmentId"}');
  end if;
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = put_in_segment.organization_id and patients.id = put_in_segment.patient_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;

  if is_in then
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    values (put_in_segment.organization_id, put_in_segment.segment_id, put_in_segment.patient_id, v_profile_id, app_hidden.now())
    on conflict do nothing
    returning * into v_stay;
  else
    update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
    where segment_members.organization_id = put_in_segment.organization_id
      and segment_members.segment_id = put_in_segment.segment_id
      and segment_members.patient_id = put_in_segment.patient_id
      and segment_members.left_at is null
    returning * into v_stay;
  end if;
  if v_stay.id is null then
    return false;
  end if;
  perform app_private.publish_stay(v_stay, v_segment.version);
  return true;
end;
$$;

comment on function app_private.put_in_segment is
  'Puts a patient into a list, or takes them out; whether anything changed. NOT_FOUND segment_not_found, patient_not_found; VALIDATION '
  'segment_is_not_a_list.';
grant execute on function app_private.put_in_segment to app_engine;

create or replace function app_private.publish_stay(stay app_public.segment_members, segment_version int) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish(
    case when (stay).left_at is null then 'segment.entered' else 'segment.left' end, (stay).organization_id, (stay).id,
    jsonb_build_object('segmentId', (stay).segment_id, 'patientId', (stay).patient_id, 'segmentVersion', segment_version));
end;
$$;

comment on function app_private.publish_stay is 'Says that somebody entered a segment, or left it.';
grant execute on function app_private.publish_stay to app_engine;

set role app_engine;

create or replace function app_public.add_to_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, add_to_segment.patient_id, true);
  select segment_members.* into strict v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = add_to_segment.patient_id and segment_members.left_at is null;
  return v_stay;
end;
$$;

comment on function app_public.add_to_segment is
  'Puts a patient into a list; once is enough. Needs segments.manage; NOT_FOUND patient_not_found, VALIDATION segment_is_not_a_list.';
grant execute on function app_public.add_to_segment to app_member;

create or replace function app_public.remove_from_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, remove_from_segment.patient_id, false);
  select segment_members.* into v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = remove_from_segment.patient_id
  order by segment_members.entered_at desc, segment_members.id desc
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_in_segment');
  end if;
  return v_stay;
end;
$$;

comment on function app_public.remove_from_segment is
  'Takes a patient out of a list; asked again, it says when they left. Needs segments.manage; NOT_FOUND patient_not_found, '
  'not_in_segment; VALIDATION segment_is_not_a_list.';
grant execute on function app_public.remove_from_segment to app_member;

reset role;
-- end of source: functions/segments/put_in_segment.sql

-- source: functions/automation/act_update_segment.sql
-- update_segment: puts the patient into a list of the clinic, or takes them out. AUT-02, SEG-01.

create or replace function app_private.act_update_segment(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_is_in boolean := coalesce((step.config ->> 'isIn')::boolean, true);
begin
  if app_private.put_in_segment(step.organization_id, (step.config ->> 'segmentId')::uuid, v_patient.id, v_is_in) then
    return app_private.acted('done', null, jsonb_build_object('segmentId', step.config ->> 'segmentId'));
  end if;
  return app_private.acted('skipped', case when v_is_in then 'in_segment_already' else 'not_in_segment' end);
end;
$$;

comment on function app_private.act_update_segment is 'Puts the patient into a list segment or takes them out of it.';
grant execute on function app_private.act_update_segment to app_engine;

create or replace function app_private.check_update_segment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.segmentId', case when segments.id is null then 'segment_not_found' else 'segment_is_not_a_list' end, '{}'::jsonb
  from (select) as one
  left join app_public.segments
    on segments.organization_id = check_update_segment.organization_id
    and segments.id = (check_update_segment.config ->> 'segmentId')::uuid and segments.deleted_at is null
  where segments.kind is distinct from 'list';
end;

comment on function app_private.check_update_segment is 'A segment of this clinic whose members are put in, not found by a rule.';
grant execute on function app_private.check_update_segment to app_engine;
-- end of source: functions/automation/act_update_segment.sql

-- source: functions/automation/action_problems.sql
-- What is wrong with one action of a rule: unknown, off its schema, or against what the clinic has. AUT-02.

create or replace function app_private.action_problems(organization_id uuid, action jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_action app_private.automation_actions;
  v_config jsonb := coalesce(action_problems.action -> 'config', '{}');
  v_fits boolean := true;
begin
  for path, reason, details in
    select problem.path, problem.reason, problem.details
    from app_private.config_problems('{
      "type": "object", "additionalProperties": false, "required": ["action"], "properties": {
        "action": {"type": "string"}, "config": {"type": "object"},
        "after": {"type": "object"}, "expires": {"type": "object"}}}', action_problems.action) as problem
  loop
    v_fits := false;
    return next;
  end loop;
  if not v_fits then
    return;
  end if;
  select automation_actions.* into v_action
  from app_private.automation_actions
  where automation_actions.code = action_problems.action ->> 'action';
  if not found then
    return query select '$.action'::text, 'action_unknown'::text, '{}'::jsonb;
    return;
  end if;

  for path, reason, details in
    select problem.path, problem.reason, problem.details
    from app_private.config_problems(v_action.config_schema, v_config, '$.config') as problem
  loop
    v_fits := false;
    return next;
  end loop;
  -- A check function reads a config that has its shape.
  if v_fits and v_action.check_function is not null then
    return query execute format(
      'select ''$.config'' || substr(problem.path, 2), problem.reason, problem.details from app_private.%I($1, $2) as problem',
      v_action.check_function) using action_problems.organization_id, v_config;
  end if;
  if action_problems.action ? 'after' then
    return query select problem.path, problem.reason, problem.details
      from app_private.delay_problem(action_problems.action -> 'after', '$.after') as problem;
  end if;
  if action_problems.action ? 'expires' then
    return query select problem.path, problem.reason, problem.details
      from app_private.config_problems('{
        "type": "object", "additionalProperties": false, "minProperties": 1, "properties": {
          "hours": {"type": "integer", "minimum": 1, "maximum": 8760},
          "days": {"type": "integer", "minimum": 1, "maximum": 365}}}', action_problems.action -> 'expires', '$.expires') as problem;
  end if;
end;
$$;

comment on function app_private.action_problems is 'What is wrong with {action, config, after, expires}, each with its path below $.';
grant execute on function app_private.action_problems to app_engine;
-- end of source: functions/automation/action_problems.sql

-- source: functions/automation/automation_builder.sql
-- Everything of which an automation is composed, so that a page builds one out of nothing else. AUT-01, AUT-02.

set role app_engine;

create or replace function app_public.automation_builder(organization_id uuid) returns app_public.automation_contract
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_is_english constant boolean := 'en' = (
    select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.automation_contract;
begin
  perform app_private.require_permission(automation_builder.organization_id, 'automations.view');
  v_contract.events := array(
    select row(known.event_name, case when v_is_english then known.label_en else known.label_ro end, known.label_ro, known.label_en,
               known.has)::app_public.automation_event_choice
    from app_private.automation_events as known
    order by known.event_name);
  v_contract.actions := array(
    select row(known.code, case when v_is_english then known.label_en else known.label_ro end, known.label_ro, known.label_en,
               known.description, known.config_schema, known.needs, known.is_marketing)::app_public.automation_action_choice
    from app_private.automation_actions as known
    order by known.code);
  return v_contract;
end;
$$;

comment on function app_public.automation_builder is
  'The events and actions of which an automation is composed, with labels and the schema of each config. Needs automations.view.';
grant execute on function app_public.automation_builder to app_member;

reset role;
-- end of source: functions/automation/automation_builder.sql

-- source: functions/forms/refuse_problems.sql
-- Everything that is wrong is said at once, each with its place, so that a page can show it where it stands. FRM-04, FND-29.

create or replace function app_private.refuse_problems(reason text, problems jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_array_length(problems) > 0
     and reason in ('answers_not_valid', 'content_not_valid', 'definition_not_valid', 'rule_not_valid', 'value_not_valid') then
    perform app_hidden.refuse('VALIDATION', reason, jsonb_build_object(
      'count', jsonb_array_length(problems),
      'fields', jsonb_path_query_array(problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.refuse_problems is
  'Passes where nothing is wrong; else VALIDATION with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.refuse_problems to app_engine;
-- end of source: functions/forms/refuse_problems.sql

-- source: functions/rules/rule_choices.sql
-- Whose rows a field may be, with the names that the clinic gives them. What is no longer offered stays a choice: patients
-- have it. SEG-05.

create or replace function app_private.rule_choices(organization_id uuid, choices_of text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('value', listed.id, 'ro', listed.ro, 'en', listed.en) order by listed.ro, listed.id), '[]')
  from (
    select services.id, services.name as ro, coalesce(services.translations #>> '{en,name}', services.name) as en
    from app_public.services
    where choices_of = 'services' and services.organization_id = rule_choices.organization_id and services.deleted_at is null
    union all
    select specialists.id, named.name, named.name
    from app_public.specialists
    cross join lateral (select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name) as name) as named
    where choices_of = 'specialists' and specialists.organization_id = rule_choices.organization_id and specialists.deleted_at is null
    union all
    select calendars.id, calendars.name, calendars.name
    from app_public.calendars
    where choices_of = 'calendars' and calendars.organization_id = rule_choices.organization_id and calendars.deleted_at is null
    union all
    select form_templates.id, form_templates.name, form_templates.name
    from app_public.form_templates
    where choices_of = 'form_templates' and form_templates.organization_id = rule_choices.organization_id and form_templates.version > 0
    union all
    select patient_tiers.id, patient_tiers.name, coalesce(patient_tiers.translations #>> '{en,name}', patient_tiers.name)
    from app_public.patient_tiers
    where choices_of = 'patient_tiers' and patient_tiers.organization_id = rule_choices.organization_id
    union all
    select service_plans.id, service_plans.name, coalesce(service_plans.translations #>> '{en,name}', service_plans.name)
    from app_public.service_plans
    where choices_of = 'service_plans' and service_plans.organization_id = rule_choices.organization_id
  ) as listed
$$;

comment on function app_private.rule_choices is 'The rows of the clinic that a field may be: [{value, ro, en}].';
grant execute on function app_private.rule_choices to app_engine;
-- end of source: functions/rules/rule_choices.sql

-- source: functions/rules/rule_value_problem.sql
-- What is wrong with what a field is compared with, by the type of the field. SEG-02. FRM-04 says alike of answers.

create or replace function app_private.rule_value_problem(
  organization_id uuid, term app_private.rule_term, value jsonb, out reason text, out details jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind constant text := jsonb_typeof(value);
  v_text constant text := value #>> '{}';
begin
  case (term).type
    when 'number' then
      if v_kind <> 'number' then
        reason := 'not_a_number';
      elsif v_text::numeric > coalesce((term).maximum, 1000000000000000) then
        reason := 'too_large';
        details := jsonb_build_object('bound', coalesce((term).maximum, 1000000000000000));
      elsif v_text::numeric < coalesce((term).minimum, -1000000000000000) then
        reason := 'too_small';
        details := jsonb_build_object('bound', coalesce((term).minimum, -1000000000000000));
      elsif (term).is_whole and v_text::numeric % 1 <> 0 then
        reason := 'not_an_integer';
      end if;
    when 'boolean' then
      if v_kind <> 'boolean' then
        reason := 'not_a_boolean';
      end if;
    when 'date' then
      if v_kind <> 'string' or v_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v_text, 'date') then
        reason := 'not_a_date';
      end if;
    when 'text' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif length(v_text) > 500 then
        reason := 'too_long';
        details := '{"bound": 500}';
      elsif app_hidden.search_text(v_text) = '' then
        reason := 'nothing_to_compare';
      end if;
    else
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif not coalesce((term).choices, app_private.rule_choices(rule_value_problem.organization_id, (term).choices_of))
                @> jsonb_build_array(jsonb_build_object('value', value)) then
        reason := 'not_offered';
      end if;
  end case;
end;
$$;

comment on function app_private.rule_value_problem is 'What keeps a field from being compared with this value; null where nothing does.';
grant execute on function app_private.rule_value_problem to app_engine;

-- What stands in value, by what the operator takes.
create or replace function app_private.rule_operand_problems(
  organization_id uuid, term app_private.rule_term, operand text, node jsonb, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_value constant jsonb := node -> 'value';
  v_at constant text := rule_operand_problems.place || '.value';
  v_least constant int := case operand when 'range' then 2 else 1 end;
  v_most constant int := case operand when 'range' then 2 else 200 end;
begin
  if operand = 'none' then
    if node ? 'value' then
      return query select v_at, 'value_unexpected', '{}'::jsonb;
    end if;
    return;
  elsif not node ? 'value' then
    return query select v_at, 'value_missing', '{}'::jsonb;
    return;
  end if;
  if operand = 'one' then
    return query select v_at, found.reason, coalesce(found.details, '{}')
      from app_private.rule_value_problem(rule_operand_problems.organization_id, term, v_value) as found
      where found.reason is not null;
  elsif operand = 'days' then
    return query select v_at, found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(v_value) as found (reason) where found.reason is not null;
  elsif jsonb_typeof(v_value) <> 'array' then
    return query select v_at, 'not_a_list', '{}'::jsonb;
  elsif jsonb_array_length(v_value) > v_most then
    return query select v_at, 'too_many', jsonb_build_object('bound', v_most);
  elsif jsonb_array_length(v_value) < v_least then
    return query select v_at, 'too_few', jsonb_build_object('bound', v_least);
  else
    return query
      select v_at || '[' || listed.ordinality - 1 || ']', found.reason, coalesce(found.details, '{}')
      from jsonb_array_elements(v_value) with ordinality as listed
      cross join lateral app_private.rule_value_problem(rule_operand_problems.organization_id, term, listed.value) as found
      where found.reason is not null;
    if not found and operand = 'range' and (
      case (term).type
        when 'number' then (v_value ->> 0)::numeric > (v_value ->> 1)::numeric
        else v_value ->> 0 > (v_value ->> 1) collate "C"
      end) then
      return query select v_at, 'not_in_order', '{}'::jsonb;
    end if;
  end if;
end;
$$;

comment on function app_private.rule_operand_problems is 'What is wrong with the value of a comparison, each with its path.';
grant execute on function app_private.rule_operand_problems to app_engine;

create or replace function app_private.rule_days_problem(value jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(value) is distinct from 'number' then 'not_a_number'
  when value::numeric % 1 <> 0 then 'not_an_integer'
  when value::numeric < 0 then 'too_small'
  when value::numeric > 3650 then 'too_large'
end;

comment on function app_private.rule_days_problem is 'What is wrong with a number of days; null where nothing is.';
grant execute on function app_private.rule_days_problem to app_engine;
-- end of source: functions/rules/rule_value_problem.sql

-- source: functions/rules/rule_field_problems.sql
-- What is wrong with one comparison, one count, one segment of a rule. SEG-02.

create or replace function app_private.rule_field_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operand text;
begin
  if jsonb_typeof(node -> 'field') = 'string' then
    select terms.* into v_term
    from app_private.rule_terms(rule_field_problems.organization_id, rule_field_problems.event_name, node ->> 'field') as terms
    where terms.collection is not distinct from rule_field_problems.collection;
  end if;
  if v_term.code is null then
    return query select rule_field_problems.place || '.field', 'field_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_field_problems.organization_id, coalesce(v_term.permission, 'patients.view')) then
    return query select rule_field_problems.place || '.field', 'permission_missing',
      jsonb_build_object('permission', coalesce(v_term.permission, 'patients.view'));
    return;
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = v_term.type and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_field_problems.place || '.operator', 'operator_unknown', jsonb_build_object('type', v_term.type);
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_field_problems.organization_id, v_term, v_operand, node, rule_field_problems.place);
end;
$$;

comment on function app_private.rule_field_problems is 'What is wrong with a comparison of a field.';
grant execute on function app_private.rule_field_problems to app_engine;

create or replace function app_private.rule_count_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_count constant jsonb := node -> 'count';
  v_at constant text := rule_count_problems.place || '.count';
  v_collection app_private.rule_collections;
  v_operand text;
begin
  if jsonb_typeof(v_count) <> 'object' then
    return query select v_at, 'not_a_count', '{}'::jsonb;
    return;
  end if;
  return query
    select v_at || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(v_count) as word where word not in ('of', 'where', 'within');
  select collections.* into v_collection
  from app_private.rule_collections as collections where to_jsonb(collections.code) = v_count -> 'of';
  if not found then
    return query select v_at || '.of', 'collection_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_count_problems.organization_id, v_collection.permission) then
    return query select v_at || '.of', 'permission_missing', jsonb_build_object('permission', v_collection.permission);
    return;
  end if;
  if v_count ? 'where' then
    return query select * from app_private.rule_node_problems(
      rule_count_problems.organization_id, v_count -> 'where', rule_count_problems.event_name, for_caller, v_collection.code,
      v_at || '.where', depth + 1);
  end if;
  if v_count ? 'within' then
    return query select * from app_private.rule_window_problems(v_count -> 'within', v_at || '.within');
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = 'number' and operators.operand in ('one', 'range') and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_count_problems.place || '.operator', 'operator_unknown', '{"type": "number"}'::jsonb;
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_count_problems.organization_id, app_private.rule_number_of_rows(), v_operand, node, rule_count_problems.place);
end;
$$;

comment on function app_private.rule_count_problems is 'What is wrong with a count of a collection.';
grant execute on function app_private.rule_count_problems to app_engine;

create or replace function app_private.rule_number_of_rows() returns app_private.rule_term
language sql immutable
set search_path = ''
return jsonb_populate_record(null::app_private.rule_term, '{"type": "number", "minimum": 0, "maximum": 100000, "is_whole": true}');

comment on function app_private.rule_number_of_rows is 'What a count is compared with.';
grant execute on function app_private.rule_number_of_rows to app_engine;

-- Days back from today, days ahead, or from one date to another.
create or replace function app_private.rule_window_problems(within jsonb, place text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_words constant text[] := case jsonb_typeof(within) when 'object' then array(select jsonb_object_keys(within) order by 1) end;
  v_word text;
  v_day constant app_private.rule_term := jsonb_populate_record(null::app_private.rule_term, '{"type": "date"}');
begin
  if v_words is null or not v_words in ('{days}', '{next_days}', '{from,to}') then
    return query select rule_window_problems.place, 'not_a_window', '{}'::jsonb;
    return;
  end if;
  if v_words = '{from,to}' then
    foreach v_word in array v_words loop
      return query select rule_window_problems.place || '.' || v_word, found.reason, '{}'::jsonb
        from app_private.rule_value_problem(null, v_day, within -> v_word) as found where found.reason is not null;
      if found then
        return;
      end if;
    end loop;
    if within ->> 'from' > within ->> 'to' collate "C" then
      return query select rule_window_problems.place, 'not_in_order', '{}'::jsonb;
    end if;
  else
    return query select rule_window_problems.place || '.' || v_words[1], found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(within -> v_words[1]) as found (reason) where found.reason is not null;
  end if;
end;
$$;

comment on function app_private.rule_window_problems is 'What is wrong with the time in which rows are counted.';
grant execute on function app_private.rule_window_problems to app_engine;

create or replace function app_private.rule_segment_problem(organization_id uuid, segment jsonb, for_caller boolean, out reason text, out details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  details := '{}';
  if for_caller and not app_hidden.has_permission(rule_segment_problem.organization_id, 'segments.view') then
    reason := 'permission_missing';
    details := '{"permission": "segments.view"}';
  elsif not exists (
    select from app_public.segments
    where segments.organization_id = rule_segment_problem.organization_id
      and to_jsonb(segments.id) = rule_segment_problem.segment
      and segments.deleted_at is null) then
    reason := 'segment_unknown';
  end if;
end;
$$;

comment on function app_private.rule_segment_problem is 'Why a segment cannot be named; null where it can.';
grant execute on function app_private.rule_segment_problem to app_engine;
-- end of source: functions/rules/rule_field_problems.sql

-- source: functions/rules/rule_problems.sql
-- Everything that is wrong with a rule, each with the path of its place, so that a page shows it where it stands. SEG-02, SEG-05.
-- With for_caller also the fields that whoever writes the rule may not read: a rule would tell what it asks for.

create or replace function app_private.rule_problems(
  organization_id uuid, rule jsonb, event_name text default null, for_caller boolean default false
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if octet_length(rule_problems.rule::text) > 50000 then
    return query select '$', 'too_long', '{"bound": 50000}'::jsonb;
  elsif (select count(*) > 300 from jsonb_path_query(rule_problems.rule, 'strict $.** ? (@.type() == "object")')) then
    return query select '$', 'too_many', '{"bound": 300}'::jsonb;
  else
    return query select * from app_private.rule_node_problems(
      rule_problems.organization_id, rule_problems.rule, rule_problems.event_name, rule_problems.for_caller, null, '$', 1);
  end if;
end;
$$;

comment on function app_private.rule_problems is 'What is wrong with a rule of the clinic (of an event, where an automation asks), each with its path; no row where nothing is.';
grant execute on function app_private.rule_problems to app_engine;

create or replace function app_private.rule_node_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text;
  v_part record;
  v_at text;
begin
  if depth > 10 then
    return query select rule_node_problems.place, 'too_deep', '{"bound": 10}'::jsonb;
    return;
  end if;
  if jsonb_typeof(node) is distinct from 'object' then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  select word into v_kind
  from unnest(array['all', 'any', 'not', 'field', 'count', 'segment']) as word where node ? word limit 1;
  if v_kind is null then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  return query
    select rule_node_problems.place || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(node) as word
    where word <> v_kind and not (v_kind in ('field', 'count') and word in ('operator', 'value'));
  v_at := rule_node_problems.place || '.' || v_kind;

  case v_kind
    when 'all', 'any' then
      if jsonb_typeof(node -> v_kind) <> 'array' then
        return query select v_at, 'not_a_list', '{}'::jsonb;
        return;
      end if;
      for v_part in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(node -> v_kind) with ordinality as listed loop
        return query select * from app_private.rule_node_problems(
          rule_node_problems.organization_id, v_part.value, rule_node_problems.event_name, for_caller, rule_node_problems.collection,
          v_at || '[' || v_part.place || ']', depth + 1);
      end loop;
    when 'not' then
      return query select * from app_private.rule_node_problems(
        rule_node_problems.organization_id, node -> 'not', rule_node_problems.event_name, for_caller, rule_node_problems.collection, v_at, depth + 1);
    when 'field' then
      return query select * from app_private.rule_field_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.collection, rule_node_problems.place);
    when 'count' then
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select * from app_private.rule_count_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.place, depth);
    else
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select v_at, found.reason, found.details
        from app_private.rule_segment_problem(rule_node_problems.organization_id, node -> 'segment', for_caller) as found
        where found.reason is not null;
  end case;
end;
$$;

comment on function app_private.rule_node_problems is 'What is wrong with a part of a rule, and with its parts.';
grant execute on function app_private.rule_node_problems to app_engine;

-- Refuses for a verb: the author may write no rule that asks for what they may not read.
create or replace function app_private.require_rule(organization_id uuid, rule jsonb, event_name text default null) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.refuse_problems('rule_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.rule_problems(require_rule.organization_id, require_rule.rule, require_rule.event_name, true) as problem));
end;
$$;

comment on function app_private.require_rule is 'Passes where a rule is right and its author may read what it asks for; else VALIDATION rule_not_valid with each place.';
grant execute on function app_private.require_rule to app_engine;
-- end of source: functions/rules/rule_problems.sql

-- source: functions/automation/automation_problems.sql
-- What is wrong with a rule as it is given, all at once, each with its path. AUT-01, AUT-02.

create or replace function app_private.automation_problems(
  organization_id uuid,
  event_name text,
  conditions jsonb,
  actions jsonb
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_event app_private.automation_events;
begin
  select automation_events.* into v_event
  from app_private.automation_events
  where automation_events.event_name = automation_problems.event_name;
  if not found then
    return query select '$.eventName'::text, 'event_not_offered'::text, '{}'::jsonb;
    return;
  end if;
  if automation_problems.conditions is distinct from '{"all": []}' then
    return query
      select '$.conditions' || substr(problem.path, 2), problem.reason, problem.details
      from app_private.rule_problems(
        automation_problems.organization_id, automation_problems.conditions, automation_problems.event_name) as problem;
  end if;
  if jsonb_typeof(automation_problems.actions) is distinct from 'array'
    or (jsonb_typeof(automation_problems.actions) = 'array' and jsonb_array_length(automation_problems.actions) not between 1 and 20) then
    return query select '$.actions'::text, 'out_of_bounds'::text, '{"least": 1, "most": 20}'::jsonb;
    return;
  end if;
  return query
    select format('$.actions[%s]%s', given.place - 1, substr(problem.path, 2)), problem.reason, problem.details
    from jsonb_array_elements(automation_problems.actions) with ordinality as given (action, place)
    cross join lateral app_private.action_problems(automation_problems.organization_id, given.action) as problem;
  -- What is scheduled needs what it would need by itself.
  return query
    select format('$.actions[%s].action', given.place - 1), 'event_lacks'::text, jsonb_build_object('needs', to_jsonb(known.needs))
    from jsonb_array_elements(automation_problems.actions) with ordinality as given (action, place)
    join app_private.automation_actions as known
      on known.code in (given.action ->> 'action', given.action #>> '{config,action}')
    where not known.needs <@ v_event.has;
end;
$$;

comment on function app_private.automation_problems is
  'Everything that is wrong with an event, conditions and actions, with paths like $.actions[0].config.templateId.';
grant execute on function app_private.automation_problems to app_engine;

create or replace function app_private.require_automation(
  organization_id uuid,
  event_name text,
  conditions jsonb,
  actions jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_problems jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('path', problem.path, 'reason', problem.reason, 'details', problem.details)), '[]')
  into v_problems
  from app_private.automation_problems(
    require_automation.organization_id, require_automation.event_name, require_automation.conditions,
    require_automation.actions) as problem;
  if v_problems <> '[]' then
    perform app_hidden.refuse('VALIDATION', 'automation_not_valid', jsonb_build_object(
      'count', jsonb_array_length(v_problems), 'fields', jsonb_path_query_array(v_problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.require_automation is
  'Passes where nothing is wrong; else VALIDATION automation_not_valid with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.require_automation to app_engine;
-- end of source: functions/automation/automation_problems.sql

-- source: functions/automation/event_person.sql
-- Whom an event is about: the patient of the appointment that it names, or the patient or profile itself. AUT-01.

create or replace function app_private.event_person(event app_private.events)
returns table (patient_id uuid, patient_profile_id uuid, appointment_id uuid, is_here boolean)
language sql stable
set search_path = ''
begin atomic
  with visit as (
    select appointments.id, appointments.patient_profile_id, appointments.deleted_at
    from app_public.appointments
    where appointments.organization_id = (event).organization_id
      and appointments.id = ((event).payload ->> 'appointmentId')::uuid
  )
  select patients.id, patients.patient_profile_id, (select visit.id from visit), 
    patients.deleted_at is null and (select visit.deleted_at from visit) is null
  from app_public.patients
  where patients.organization_id = (event).organization_id
    and case
      when (event).payload ? 'patientId' and (event).payload ->> 'patientId' is not null
        then patients.id = ((event).payload ->> 'patientId')::uuid
      else patients.patient_profile_id = coalesce(
        (select visit.patient_profile_id from visit), ((event).payload ->> 'patientProfileId')::uuid)
    end;
end;

comment on function app_private.event_person is
  'The patient of an event, with the profile and the appointment; is_here: whether they are still a patient, and the appointment still stands in the lists. No row: it has none.';
grant execute on function app_private.event_person to app_engine;

-- Whether what happened was taken back since: asked before anything is done, also of what the trigger could not see yet.
create or replace function app_private.is_undone(event app_private.events) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_private.automation_events
    join app_private.events as later on later.name = any (automation_events.undone_by)
    where automation_events.event_name = (event).name
      and later.subject_id = (event).subject_id and later.position > (event).position);
end;

comment on function app_private.is_undone is 'Whether a later event about the same subject takes this one back.';
grant execute on function app_private.is_undone to app_engine;
-- end of source: functions/automation/event_person.sql

-- source: functions/automation/run_execution.sql
-- Does an action that waits, and writes what became of it. Whoever calls has locked the row, or made it. AUT-01, AUT-03.

create or replace function app_private.run_execution(execution_id uuid, again boolean) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution app_public.automation_executions;
  v_rule app_public.automation_rules;
  v_version app_public.automation_rule_versions;
  v_event app_private.events;
  v_person record;
  v_outcome app_private.action_outcome;
begin
  select automation_executions.* into strict v_execution
  from app_public.automation_executions where automation_executions.id = run_execution.execution_id;
  select automation_rules.* into strict v_rule
  from app_public.automation_rules where automation_rules.id = v_execution.automation_rule_id;
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions where versions.id = v_execution.automation_rule_version_id;
  select events.* into strict v_event from app_private.events where events.id = v_execution.event_id;
  select person.* into v_person from app_private.event_person(v_event) as person;

  -- What was delayed is asked again: much may have happened since.
  if run_execution.again then
    v_outcome.reason := case
      when not v_rule.is_enabled then 'disabled'
      when v_person.is_here is not true or app_private.is_undone(v_event) then 'cancelled'
      when v_execution.expires_at < app_hidden.now() then 'expired'
      when v_version.conditions <> '{"all": []}'
        and not app_private.rule_holds(v_rule.organization_id, v_person.patient_id, v_version.conditions, v_event.id) then 'condition'
    end;
  end if;
  if v_outcome.reason is not null then
    v_outcome.outcome := 'skipped';
  else
    perform set_config('app.cause_event_id', v_event.id::text, true);
    v_outcome := app_private.perform_action(
      (v_rule.organization_id, v_execution.id, v_rule.id, v_version.id, v_event.id, v_execution.action_index,
       v_person.patient_id, v_person.patient_profile_id, v_person.appointment_id,
       coalesce(v_version.actions -> v_execution.action_index -> 'config', '{}'))::app_private.action_step,
      v_execution.action, v_execution.attempts);
    perform set_config('app.cause_event_id', '', true);
  end if;

  -- Quiet hours and failures that pass put it off until it expires; a time that was set is its time.
  if v_outcome.outcome = 'waiting' and v_outcome.reason is distinct from 'scheduled' and v_outcome.until > v_execution.expires_at then
    v_outcome.outcome := 'skipped';
    v_outcome.reason := coalesce(v_outcome.reason, 'expired');
  end if;
  update app_public.automation_executions set
    outcome = v_outcome.outcome,
    reason = coalesce(v_outcome.reason, case when v_outcome.outcome in ('skipped', 'failed') then 'error' end),
    details = coalesce(v_outcome.details, '{}'),
    attempts = automation_executions.attempts + 1,
    due_at = case when v_outcome.outcome = 'waiting' then v_outcome.until else automation_executions.due_at end,
    expires_at = case when v_outcome.outcome = 'waiting' and v_outcome.reason = 'scheduled'
      then v_outcome.until + interval '3 days' else automation_executions.expires_at end,
    ended_at = case when v_outcome.outcome <> 'waiting' then app_hidden.now() end
  where automation_executions.id = v_execution.id;
end;
$$;

comment on function app_private.run_execution is
  'Does the action of an execution that waits and records its outcome; again: what was delayed is checked once more before.';
grant execute on function app_private.run_execution to app_engine;
-- end of source: functions/automation/run_execution.sql

-- source: functions/automation/why_not.sql
-- Why a rule does not begin with an event, or null where it does. AUT-03.
-- The cheap reasons first; the cap last, since it takes a lock.

create or replace function app_private.why_not(
  event app_private.events,
  rule app_public.automation_rules,
  version app_public.automation_rule_versions,
  patient_id uuid,
  patient_profile_id uuid
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today timestamptz;
begin
  if app_private.is_undone(event) then
    return 'cancelled';
  elsif event.depth > 8 then
    return 'depth';
  elsif event.cause_id is not null and exists (
    with recursive chain as (
      select event.cause_id as id
      union all
      select events.cause_id
      from chain
      join app_private.events on events.scope_id = event.scope_id and events.id = chain.id
      where events.cause_id is not null
    )
    select from chain
    join app_public.automation_executions as ran
      on ran.organization_id = event.organization_id and ran.event_id = chain.id
      and ran.automation_rule_id = rule.id and ran.action is not null
  ) then
    return 'loop';
  elsif version.conditions <> '{"all": []}'
    and not app_private.rule_holds(event.organization_id, patient_id, version.conditions, event.id) then
    return 'condition';
  end if;

  if patient_profile_id is not null then
    perform pg_advisory_xact_lock(hashtextextended('automation:' || rule.id || patient_profile_id, 0));
    select date_trunc('day', event.occurred_at, organizations.timezone) into v_today
    from app_public.organizations
    where organizations.id = event.organization_id;
    if (select count(*) >= version.most_per_day
        from app_public.automation_executions as ran
        join app_private.events as began on began.organization_id = ran.organization_id and began.id = ran.event_id
        where ran.organization_id = event.organization_id and ran.automation_rule_id = rule.id
          and ran.patient_profile_id = why_not.patient_profile_id and ran.action_index = 0
          and began.occurred_at >= v_today and began.occurred_at < v_today + interval '1 day')
      or version.most_ever <= (
        select count(*)
        from app_public.automation_executions as ran
        where ran.organization_id = event.organization_id and ran.automation_rule_id = rule.id
          and ran.patient_profile_id = why_not.patient_profile_id and ran.action_index = 0)
    then
      return 'cap';
    end if;
  end if;
  return null;
end;
$$;

comment on function app_private.why_not is
  'cancelled, depth, loop, condition or cap: why a rule does not begin with an event; null where it does.';
grant execute on function app_private.why_not to app_engine;
-- end of source: functions/automation/why_not.sql

-- source: functions/automation/begin_automation.sql
-- A rule begins with an event: either with a reason why not, or with a row for each action, of which those that are due are done
-- in their order. AUT-01, AUT-03.

create or replace function app_private.begin_automation(event app_private.events, rule app_public.automation_rules) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.automation_rule_versions;
  v_person record;
  v_reason text;
  v_zone text;
  v_execution record;
begin
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions
  where versions.organization_id = rule.organization_id and versions.automation_rule_id = rule.id
    and versions.version = rule.version;
  select person.* into v_person from app_private.event_person(event) as person;
  v_reason := case when v_person.is_here is not true then 'cancelled'
    else app_private.why_not(event, rule, v_version, v_person.patient_id, v_person.patient_profile_id) end;
  if v_reason is not null then
    insert into app_public.automation_executions
      (organization_id, automation_rule_id, automation_rule_version_id, event_id, patient_profile_id, outcome, reason,
       due_at, expires_at, created_at, ended_at)
    values (rule.organization_id, rule.id, v_version.id, event.id, v_person.patient_profile_id, 'skipped', v_reason,
            event.occurred_at, event.occurred_at, app_hidden.now(), app_hidden.now());
    return;
  end if;

  v_zone := app_private.zone_of(rule.organization_id, v_person.patient_id);
  for v_execution in
    with planned as (
      insert into app_public.automation_executions
        (organization_id, automation_rule_id, automation_rule_version_id, event_id, action_index, action, patient_profile_id,
         outcome, due_at, expires_at, created_at)
      select rule.organization_id, rule.id, v_version.id, event.id, given.place - 1, given.action ->> 'action',
        v_person.patient_profile_id, 'waiting', due.at,
        due.at + make_interval(
          hours => coalesce((given.action #>> '{expires,hours}')::int, 0),
          days => coalesce((given.action #>> '{expires,days}')::int, case when given.action ? 'expires' then 0 else 3 end)),
        app_hidden.now()
      from jsonb_array_elements(v_version.actions) with ordinality as given (action, place)
      cross join lateral (
        select app_private.delayed(event.occurred_at, coalesce(given.action -> 'after', '{}'), v_zone) as at) as due
      returning id, action_index, due_at
    )
    select planned.id from planned where planned.due_at <= app_hidden.now() order by planned.action_index
  loop
    perform app_private.run_execution(v_execution.id, false);
  end loop;
end;
$$;

comment on function app_private.begin_automation is
  'Plans the actions of a rule about an event and does those that are due; or records why the rule does not begin.';
grant execute on function app_private.begin_automation to app_engine;
-- end of source: functions/automation/begin_automation.sql

-- source: functions/automation/check_schedule_action.sql
-- What is scheduled is checked as if it stood by itself. AUT-02.

create or replace function app_private.check_schedule_action(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  return query select problem.path, problem.reason, problem.details
    from app_private.delay_problem(check_schedule_action.config -> 'after', '$.after') as problem;
  if check_schedule_action.config ->> 'action' = 'schedule_action' then
    return query select '$.action'::text, 'not_offered'::text, '{}'::jsonb;
  else
    return query select '$' || substr(problem.path, 2), problem.reason, problem.details
      from app_private.action_problems(
        check_schedule_action.organization_id,
        check_schedule_action.config - 'after') as problem;
  end if;
end;
$$;

comment on function app_private.check_schedule_action is 'What is wrong with the delay, and with the action that is scheduled.';
grant execute on function app_private.check_schedule_action to app_engine;
-- end of source: functions/automation/check_schedule_action.sql

-- source: functions/automation/consume_automations.sql
-- The consumer "automations": the enabled rules of the clinic for an event, in their order. AUT-01, AUT-03.
-- All in the transaction that marks the event as delivered: whoever ends in between has done nothing. A rule that has begun with
-- this event does not begin again, whatever its version.

set role app_engine;

create or replace function app_private.consume_automations(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_rule app_public.automation_rules;
  v_state text;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_automations.event_id;
  for v_rule in
    select automation_rules.*
    from app_public.automation_rules
    where automation_rules.organization_id = v_event.organization_id
      and automation_rules.event_name = v_event.name and automation_rules.is_enabled
      and not exists (
        select from app_public.automation_executions as ran
        where ran.organization_id = v_event.organization_id and ran.event_id = v_event.id
          and ran.automation_rule_id = automation_rules.id)
    order by automation_rules.position
  loop
    begin
      perform app_private.begin_automation(v_event, v_rule);
    exception
      -- What passes by itself is told again, with all that the event calls for.
      when serialization_failure or deadlock_detected or lock_not_available then
        raise;
      when others then
        get stacked diagnostics v_state = returned_sqlstate;
        insert into app_public.automation_executions
          (organization_id, automation_rule_id, automation_rule_version_id, event_id, outcome, reason, details,
           due_at, expires_at, created_at, ended_at)
        select v_rule.organization_id, v_rule.id, versions.id, v_event.id, 'failed', 'error', jsonb_build_object('sqlstate', v_state),
          v_event.occurred_at, v_event.occurred_at, app_hidden.now(), app_hidden.now()
        from app_public.automation_rule_versions as versions
        where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
          and versions.version = v_rule.version;
    end;
  end loop;
end;
$$;

comment on function app_private.consume_automations is 'Begins the automations of the clinic that are for this event.';
grant execute on function app_private.consume_automations to app_worker;

-- One delayed action, in a transaction of its own. What another worker has in hand is passed over.
create or replace function app_private.run_due_automation() returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_state text;
begin
  select automation_executions.id into v_id
  from app_public.automation_executions
  where automation_executions.outcome = 'waiting' and automation_executions.due_at <= app_hidden.now()
  order by automation_executions.due_at
  limit 1
  for update skip locked;
  if not found then
    return null;
  end if;
  begin
    perform app_private.run_execution(v_id, true);
  exception when others then
    -- What fails around the action, such as its conditions, does not keep those behind it from their turn.
    get stacked diagnostics v_state = returned_sqlstate;
    update app_public.automation_executions set
      outcome = case when automation_executions.attempts < 6 then 'waiting' else 'failed' end,
      reason = case when automation_executions.attempts < 6 then 'retry' else 'error' end,
      details = jsonb_build_object('sqlstate', v_state),
      due_at = app_hidden.now() + interval '10 seconds' * power(3, automation_executions.attempts),
      attempts = automation_executions.attempts + 1,
      ended_at = case when automation_executions.attempts < 6 then null else app_hidden.now() end
    where automation_executions.id = v_id;
  end;
  return v_id;
end;
$$;

comment on function app_private.run_due_automation is 'Does the delayed action that is due the longest; null: none is due.';
grant execute on function app_private.run_due_automation to app_worker;

reset role;
-- end of source: functions/automation/consume_automations.sql

-- source: functions/automation/create_automation.sql
-- A clinic makes an automation. AUT-01.

set role app_engine;

create or replace function app_public.create_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  is_enabled boolean default true,
  most_per_day int default 10,
  most_ever int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(create_automation.organization_id, 'automations.manage');
  return app_private.add_automation(
    create_automation.organization_id, create_automation.name, create_automation.event_name, create_automation.actions,
    create_automation.conditions, coalesce(create_automation.is_enabled, true), create_automation.most_per_day,
    create_automation.most_ever);
end;
$$;

comment on function app_public.create_automation is
  E'@arg eventName What it begins with, one of automationBuilder.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg isEnabled Whether it begins with new events at once.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Makes an automation, the last in the order of the clinic. Needs automations.manage. VALIDATION automation_not_valid with the '
  'paths of all that is wrong; CONFLICT too_many_automations.';
grant execute on function app_public.create_automation to app_member;

reset role;

create or replace function app_private.add_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb,
  is_enabled boolean,
  most_per_day int,
  most_ever int
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_last int;
begin
  perform app_private.require_automation(
    add_automation.organization_id, add_automation.event_name, add_automation.conditions, add_automation.actions);
  perform app_private.require_most(add_automation.most_per_day, add_automation.most_ever);
  perform app_private.lock_automations(add_automation.organization_id);
  select coalesce(max(automation_rules.position), 0) into v_last
  from app_public.automation_rules
  where automation_rules.organization_id = add_automation.organization_id;
  if v_last >= 100 then
    perform app_hidden.refuse('CONFLICT', 'too_many_automations', '{"most": 100}');
  end if;
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, position)
  values (add_automation.organization_id, add_automation.name, add_automation.event_name, add_automation.is_enabled, v_last + 1)
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, add_automation.conditions, add_automation.actions, add_automation.most_per_day, add_automation.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.add_automation is 'Makes an automation with its first version, the last in the order of the clinic.';
grant execute on function app_private.add_automation to app_engine;

create or replace function app_private.add_automation_version(
  rule app_public.automation_rules,
  conditions jsonb,
  actions jsonb,
  most_per_day int,
  most_ever int
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.automation_rule_versions
    (organization_id, automation_rule_id, version, conditions, actions, most_per_day, most_ever, created_by)
  values ((rule).organization_id, (rule).id, (rule).version, add_automation_version.conditions, add_automation_version.actions,
          add_automation_version.most_per_day, add_automation_version.most_ever, app_private.current_actor_id());
end;

comment on function app_private.add_automation_version is 'Writes what a rule does from now on.';
grant execute on function app_private.add_automation_version to app_engine;

create or replace function app_private.require_most(most_per_day int, most_ever int) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if most_per_day is null or most_per_day not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'most_out_of_bounds', '{"field": "mostPerDay", "most": 100}');
  elsif most_ever not between 1 and 1000 then
    perform app_hidden.refuse('VALIDATION', 'most_out_of_bounds', '{"field": "mostEver", "most": 1000}');
  end if;
end;
$$;

comment on function app_private.require_most is 'VALIDATION most_out_of_bounds, naming the field.';
grant execute on function app_private.require_most to app_engine;

-- Whoever changes the order of a clinic's automations, or adds to it, does so alone.
create or replace function app_private.lock_automations(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('automations:' || lock_automations.organization_id, 0));
end;

comment on function app_private.lock_automations is 'Locks the order of a clinic''s automations until the transaction ends.';
grant execute on function app_private.lock_automations to app_engine;
-- end of source: functions/automation/create_automation.sql

-- source: functions/automation/edit_automation.sql
-- Editing makes a version: what has begun ends by its own. AUT-01.

set role app_engine;

create or replace function app_public.edit_automation(
  automation_rule_id uuid,
  name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  most_per_day int default 10,
  most_ever int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(edit_automation.automation_rule_id);
  v_same boolean;
begin
  perform app_private.require_automation(
    v_rule.organization_id, v_rule.event_name, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_most(edit_automation.most_per_day, edit_automation.most_ever);
  select (versions.conditions, versions.actions, versions.most_per_day, versions.most_ever) is not distinct from
         (edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever)
  into strict v_same
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  update app_public.automation_rules set
    name = edit_automation.name,
    version = automation_rules.version + case when v_same then 0 else 1 end
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  if not v_same then
    perform app_private.add_automation_version(
      v_rule, edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever);
  end if;
  return v_rule;
end;
$$;

comment on function app_public.edit_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Changes what an automation does from the next event on; what has begun ends as it began. Unchanged, it makes no version. '
  'Needs automations.manage. NOT_FOUND; VALIDATION automation_not_valid with the paths of all that is wrong.';
grant execute on function app_public.edit_automation to app_member;

reset role;

-- Under the lock of the clinic's automations, so that two who edit make two versions.
create or replace function app_private.own_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = own_automation.automation_rule_id and automation_rules.removed_at is null
    and automation_rules.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_rule.organization_id, 'automations.manage');
  perform app_private.lock_automations(v_rule.organization_id);
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = v_rule.id and automation_rules.removed_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_rule;
end;
$$;

comment on function app_private.own_automation is
  'An automation that the caller may edit, with those of the clinic locked; NOT_FOUND for strangers, FORBIDDEN for a colleague without automations.manage.';
grant execute on function app_private.own_automation to app_engine;
-- end of source: functions/automation/edit_automation.sql

-- source: functions/automation/enable_automation.sql
-- An automation begins with new events, or does not. AUT-01.

set role app_engine;

create or replace function app_public.enable_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(enable_automation.automation_rule_id);
  v_version app_public.automation_rule_versions;
begin
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  -- What it names may be gone since it was saved.
  perform app_private.require_automation(v_rule.organization_id, v_rule.event_name, v_version.conditions, v_version.actions);
  update app_public.automation_rules set is_enabled = true where automation_rules.id = v_rule.id returning * into v_rule;
  return v_rule;
end;
$$;

comment on function app_public.enable_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'From now on it begins with new events. Needs automations.manage. NOT_FOUND; VALIDATION automation_not_valid where what it names is gone.';
grant execute on function app_public.enable_automation to app_member;

create or replace function app_public.disable_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(disable_automation.automation_rule_id);
begin
  update app_public.automation_rules set is_enabled = false where automation_rules.id = v_rule.id returning * into v_rule;
  return v_rule;
end;
$$;

comment on function app_public.disable_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'It begins with nothing more, and what waits is skipped when it is due. Needs automations.manage. NOT_FOUND.';
grant execute on function app_public.disable_automation to app_member;

reset role;
-- end of source: functions/automation/enable_automation.sql

-- source: functions/automation/give_onboarding_automation.sql
-- What a clinic has without asking: whoever becomes its patient is asked for the consents that it requires and is welcomed by a
-- mail in their language, once. AUT-05.
-- Its words are the clinic's from then on, to be changed as those of any automation.

create or replace function app_private.give_onboarding_automation(organization_id uuid, is_enabled boolean)
returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_actions jsonb;
  v_is_english boolean;
begin
  select coalesce(jsonb_agg(jsonb_build_object('action', 'require_consent', 'config', jsonb_build_object('purpose', asked.code))
                            order by asked.code), '[]')
  into v_actions
  from app_public.consent_purposes as asked
  where asked.scope_id in (give_onboarding_automation.organization_id, '00000000-0000-0000-0000-000000000000')
    and asked.scope = 'organization'
    and (app_private.current_consent_version(give_onboarding_automation.organization_id, asked.code)).is_required;
  select organizations.locale = 'en' into strict v_is_english
  from app_public.organizations where organizations.id = give_onboarding_automation.organization_id;
  return app_private.add_automation(
    give_onboarding_automation.organization_id,
    case when v_is_english then 'Welcome new patients' else 'Bun venit pacienților noi' end,
    'patient.onboarded',
    v_actions || jsonb_build_object('action', 'send_email', 'config', jsonb_build_object('words', jsonb_build_object(
      'ro', jsonb_build_object(
        'title', 'Bun venit la {{clinicName}}',
        'body', E'Bună ziua, {{patientName}},\n\nsunteți acum pacient al clinicii {{clinicName}}. În contul dumneavoastră vedeți '
          'programările, formularele și documentele, și puteți face programări noi.\n\nVă așteptăm!'),
      'en', jsonb_build_object(
        'title', 'Welcome to {{clinicName}}',
        'body', E'Hello {{patientName}},\n\nyou are now a patient of {{clinicName}}. In your account you see your '
          'appointments, forms and documents, and you can book new appointments.\n\nWe look forward to seeing you!')))),
    '{"all": []}', give_onboarding_automation.is_enabled, 1, 1);
end;
$$;

comment on function app_private.give_onboarding_automation is
  'Gives a clinic the automation that welcomes its new patients: the consents that it requires asked, a mail, once a patient.';
grant execute on function app_private.give_onboarding_automation to app_engine;
-- end of source: functions/automation/give_onboarding_automation.sql

-- source: functions/automation/remove_automation.sql
-- An automation leaves the clinic's list, or the list has another order. AUT-01.

set role app_engine;

create or replace function app_public.remove_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(remove_automation.automation_rule_id);
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'disabled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_public.automation_executions as waiting
    where waiting.organization_id = v_rule.organization_id and waiting.automation_rule_id = v_rule.id
      and waiting.outcome = 'waiting'
    for update of waiting skip locked);
  update app_public.automation_rules set is_enabled = false, position = null, removed_at = app_hidden.now()
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  perform app_private.place_automations(v_rule.organization_id, array(
    select automation_rules.id
    from app_public.automation_rules
    where automation_rules.organization_id = v_rule.organization_id and automation_rules.removed_at is null
    order by automation_rules.position));
  return v_rule;
end;
$$;

comment on function app_public.remove_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'Takes it out of the clinic''s automations, with what waits; what it did stays to be read. Needs automations.manage. NOT_FOUND.';
grant execute on function app_public.remove_automation to app_member;

create or replace function app_public.reorder_automations(organization_id uuid, automation_rule_ids uuid[])
returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  perform app_private.require_permission(reorder_automations.organization_id, 'automations.manage');
  perform app_private.lock_automations(reorder_automations.organization_id);
  if (select array_agg(automation_rules.id order by automation_rules.id)
      from app_public.automation_rules
      where automation_rules.organization_id = reorder_automations.organization_id and automation_rules.removed_at is null)
     is distinct from (select array_agg(given.id order by given.id) from unnest(reorder_automations.automation_rule_ids) as given (id)) then
    perform app_hidden.refuse('CONFLICT', 'automations_have_changed');
  end if;
  perform app_private.place_automations(reorder_automations.organization_id, reorder_automations.automation_rule_ids);
  select automation_rules.* into v_rule
  from app_public.automation_rules where automation_rules.id = reorder_automations.automation_rule_ids[1];
  return v_rule;
end;
$$;

comment on function app_public.reorder_automations is
  E'@arg automationRuleIds All automations of the clinic, in the order in which they are to begin.\n'
  'Puts the automations of a clinic in order and answers the first. Needs automations.manage. CONFLICT automations_have_changed '
  'where the list is not the clinic''s.';
grant execute on function app_public.reorder_automations to app_member;

reset role;

-- By way of places that nobody has: a place is never two automations'.
create or replace function app_private.place_automations(organization_id uuid, automation_rule_ids uuid[]) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.automation_rules set position = automation_rules.position + 1000
  where automation_rules.organization_id = place_automations.organization_id and automation_rules.removed_at is null;
  update app_public.automation_rules set position = given.place
  from unnest(place_automations.automation_rule_ids) with ordinality as given (id, place)
  where automation_rules.organization_id = place_automations.organization_id and automation_rules.id = given.id;
end;

comment on function app_private.place_automations is 'Puts the automations of a clinic in this order, from 1.';
grant execute on function app_private.place_automations to app_engine;
-- end of source: functions/automation/remove_automation.sql

-- source: functions/automation/simulate_automation.sql
-- What an automation would have done about what happened lately. AUT-03.
-- It is the engine itself that runs, on a copy of the rule, inside a subtransaction that is always taken back: what is told is what
-- would be, refusals and missing consents included, and nothing is sent or written. docs/decisions/0142.

set role app_engine;

create or replace function app_public.simulate_automation(
  organization_id uuid,
  days int,
  automation_rule_id uuid default null,
  event_name text default null,
  conditions jsonb default null,
  actions jsonb default null
) returns setof app_public.simulated_action
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_version app_public.automation_rule_versions;
  v_event app_private.events;
  v_began constant timestamptz := clock_timestamp();
  v_told app_public.simulated_action[];
begin
  perform app_private.require_permission(simulate_automation.organization_id, 'automations.manage');
  if days is null or days not between 1 and 90 then
    perform app_hidden.refuse('VALIDATION', 'days_out_of_bounds', '{"field": "days", "most": 90}');
  end if;
  v_version.conditions := coalesce(simulate_automation.conditions, '{"all": []}');
  v_version.actions := simulate_automation.actions;
  v_version.most_per_day := 10;
  v_rule.event_name := simulate_automation.event_name;
  if simulate_automation.automation_rule_id is not null then
    select automation_rules.* into v_rule
    from app_public.automation_rules
    where automation_rules.organization_id = simulate_automation.organization_id
      and automation_rules.id = simulate_automation.automation_rule_id and automation_rules.removed_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    select versions.* into strict v_version
    from app_public.automation_rule_versions as versions
    where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
      and versions.version = v_rule.version;
  end if;
  perform app_private.require_automation(
    simulate_automation.organization_id, v_rule.event_name, v_version.conditions, v_version.actions);

  begin
    -- The worker acts for nobody.
    perform set_config('app.principal_id', '', true);
    v_rule := app_private.copy_of_automation(simulate_automation.organization_id, v_rule.event_name, v_version);
    for v_event in
      select recent.*
      from (
        select events.*
        from app_private.events
        where events.organization_id = simulate_automation.organization_id and events.name = v_rule.event_name
          and events.occurred_at > app_hidden.now() - make_interval(days => simulate_automation.days)
        order by events.occurred_at desc
        limit 200
      ) as recent
      order by recent.occurred_at, recent.id
    loop
      exit when clock_timestamp() - v_began > interval '5 seconds';
      perform app_private.begin_automation(v_event, v_rule);
    end loop;
    select array_agg(
      row(ran.event_id, events.occurred_at, ran.patient_profile_id, ran.action_index, ran.action, ran.outcome, ran.reason,
          ran.due_at)::app_public.simulated_action
      order by events.occurred_at desc, ran.event_id desc, ran.action_index) into v_told
    from app_public.automation_executions as ran
    join app_private.events on events.organization_id = ran.organization_id and events.id = ran.event_id
    where ran.organization_id = simulate_automation.organization_id and ran.automation_rule_id = v_rule.id;
    raise exception using errcode = 'RXDRY', message = 'simulated';
  exception when sqlstate 'RXDRY' then
    null;
  end;
  return query select told.* from unnest(v_told) as told;
end;
$$;

comment on function app_public.simulate_automation is
  E'@arg days How many days back, at most 90.\n'
  '@arg automationRuleId An automation of the clinic, as it stands; null where what follows is tried.\n'
  '@arg eventName What it would begin with.\n'
  '@arg conditions A rule about the patient and the event; null: it always holds.\n'
  '@arg actions A list of {action, config, after?, expires?}.\n'
  'What an automation would have done about the last 200 such events of these days, as patients and consents are today, the latest '
  'first; for five seconds at most. Sends and changes nothing. Needs automations.manage. VALIDATION automation_not_valid, days_out_of_bounds.';
grant execute on function app_public.simulate_automation to app_member;

reset role;

-- By itself, so that caps count what the simulation does and nothing else; no consumer is told of it.
create or replace function app_private.copy_of_automation(
  organization_id uuid,
  event_name text,
  version app_public.automation_rule_versions
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, removed_at)
  values (copy_of_automation.organization_id, 'simulation', copy_of_automation.event_name, false, app_hidden.now())
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, version.conditions, version.actions, version.most_per_day, version.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.copy_of_automation is 'A copy that is in no list and begins with nothing, for a simulation to be taken back.';
grant execute on function app_private.copy_of_automation to app_engine;
-- end of source: functions/automation/simulate_automation.sql

-- source: functions/automation/tg_automation_executions__once.sql
-- What an automation did is not rewritten: only what waits gets its outcome, or another time. AUT-01.
-- A merge of patients moves the row, which changes nothing of what was done.

create or replace function app_private.tg_automation_executions__once() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if to_jsonb(new) - '{outcome,reason,details,due_at,expires_at,attempts,ended_at,patient_profile_id}'::text[]
       <> to_jsonb(old) - '{outcome,reason,details,due_at,expires_at,attempts,ended_at,patient_profile_id}'::text[]
     or (old.outcome <> 'waiting' and to_jsonb(new) - 'patient_profile_id' <> to_jsonb(old) - 'patient_profile_id') then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "automation_executions"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_automation_executions__once is
  'Refuses what changes more of an execution than the outcome of one that waits. Trigger _200_append_only.';
-- end of source: functions/automation/tg_automation_executions__once.sql

-- source: functions/events/keep_interests.sql
-- What a clinic wants a consumer to hear, said anew whenever its rules or subscriptions change. FND-14.
-- Whoever changes them locks them first, so that of two at once the later says what both leave.

create or replace function app_private.keep_interests(organization_id uuid, consumer text, event_names text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.event_interests as interests
  where interests.organization_id = keep_interests.organization_id
    and interests.consumer = keep_interests.consumer
    and interests.event_name <> all (event_names);
  insert into app_private.event_interests (organization_id, consumer, event_name)
  select distinct keep_interests.organization_id, keep_interests.consumer, wanted
  from unnest(event_names) as wanted
  order by wanted
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_interests is
  'From now on the consumer is told of these events of the clinic, and of no others. The caller has locked what they follow from.';
grant execute on function app_private.keep_interests to app_engine;
-- end of source: functions/events/keep_interests.sql

-- source: functions/automation/tg_automation_rules__keep_interests.sql
-- The consumer hears of what an enabled rule begins with, and of nothing else: an event that no automation is for costs nothing.
-- AUT-01, FND-14.

set role app_engine;

create or replace function app_private.tg_automation_rules__keep_interests() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.lock_automations(new.organization_id);
  perform app_private.keep_interests(new.organization_id, 'automations', array(
    select automation_rules.event_name
    from app_public.automation_rules
    where automation_rules.organization_id = new.organization_id and automation_rules.is_enabled));
  return null;
end;
$$;

comment on function app_private.tg_automation_rules__keep_interests is
  'Says anew what the automations of the clinic begin with. Trigger _900_keep_interests.';
reset role;

create or replace trigger _900_keep_interests after insert or update of is_enabled on app_public.automation_rules
  for each row execute function app_private.tg_automation_rules__keep_interests();
-- end of source: functions/automation/tg_automation_rules__keep_interests.sql

-- source: functions/automation/tg_events__cancel_automations.sql
-- What is undone takes along the actions that wait because of it, in the same transaction. AUT-03.
-- A row that a worker has in hand is passed over, so that nobody who cancels waits for it: it asks is_undone() itself.

set role app_engine;

create or replace function app_private.tg_events__cancel_automations() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'cancelled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_private.events as began
    join app_private.automation_events
      on automation_events.event_name = began.name and new.name = any (automation_events.undone_by)
    join app_public.automation_executions as waiting
      on waiting.organization_id = began.organization_id and waiting.event_id = began.id and waiting.outcome = 'waiting'
    where began.organization_id = new.organization_id and began.subject_id = new.subject_id and began.position < new.position
    for update of waiting skip locked);
  return null;
end;
$$;

comment on function app_private.tg_events__cancel_automations is
  'Cancels the actions that wait because of what this event takes back. Trigger _800_cancel_automations.';

-- A patient who leaves takes along whatever waits for them.
create or replace function app_private.tg_patients__cancel_automations() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'cancelled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_public.automation_executions as waiting
    where waiting.organization_id = new.organization_id and waiting.patient_profile_id = new.patient_profile_id
      and waiting.outcome = 'waiting'
    for update of waiting skip locked);
  return null;
end;
$$;

comment on function app_private.tg_patients__cancel_automations is
  'Cancels the actions that wait for a patient who is removed. Trigger _800_cancel_automations.';

reset role;

create or replace trigger _800_cancel_automations after insert on app_private.events
  for each row when (new.name in (
    'appointment.cancelled', 'appointment.reinstated', 'appointment.rescheduled', 'consent.withdrawn', 'form.cancelled',
    'form.reopened', 'patient.booking_block_lifted', 'patient_subscription.active', 'patient_subscription.canceled',
    'patient_subscription.expired'))
  execute function app_private.tg_events__cancel_automations();

create or replace trigger _800_cancel_automations after update of deleted_at on app_public.patients
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function app_private.tg_patients__cancel_automations();
-- end of source: functions/automation/tg_events__cancel_automations.sql

-- source: functions/events/tg_events__deliver.sql
-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order. A consumer
-- whom clinics ask for is told where this one did.

set role app_engine;
create or replace function app_private.tg_events__deliver() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  with queued as (
    insert into app_private.event_deliveries (event_id, scope_id, consumer, subject_id, position)
    select published.id, published.scope_id, event_subscriptions.consumer, published.subject_id, published.position
    from published
    join app_private.event_subscriptions on event_subscriptions.event_name = published.name
    join app_private.event_consumers on event_consumers.name = event_subscriptions.consumer
    where not event_consumers.on_demand
      or exists (
        select from app_private.event_interests as interests
        where interests.organization_id = published.organization_id
          and interests.event_name = published.name
          and interests.consumer = event_subscriptions.consumer)
    returning consumer, subject_id
  )
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (select distinct queued.consumer, queued.subject_id from queued) as drain;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__deliver is 'Queues the deliveries of the events a statement published.';
reset role;

create or replace trigger _900_deliver
  after insert on app_private.events
  referencing new table as published
  for each statement execute function app_private.tg_events__deliver();
-- end of source: functions/events/tg_events__deliver.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text,
  link_name text,
  link_path text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
  v_code text;
  v_kind app_private.link_kinds;
  v_path text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;
  -- A link that was used or taken back meanwhile is told to nobody.
  if v_message.data ? 'signatureLinkId'
    and app_private.sealed_signature_link((v_message.data ->> 'signatureLinkId')::uuid) is null then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  -- What marketing rests on is locked: a withdrawal that comes now comes after the message.
  if v_way.obstacle is null and exists (
       select from app_private.message_types
       join app_public.message_topics on message_topics.key = message_types.topic
       where message_types.key = v_message.template_key and message_topics.kind = 'marketing')
     and not app_private.hold_consent(
       v_message.organization_id, v_message.patient_profile_id, 'marketing_' || v_message.channel) then
    v_way.obstacle := 'consent_missing';
  end if;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  -- Made now and kept nowhere: what was queued only names it (FND-32).
  if exists (
    select from app_private.message_types where message_types.key = v_message.template_key and message_types.carries_code
  ) then
    v_code := app_private.issue_code(v_message.organization_id, (v_message.data ->> 'code')::uuid);
    if v_code is null then
      perform app_private.end_message(v_message.id, 'skipped', 'expired');
      return;
    end if;
    v_message.data := v_message.data || jsonb_build_object('code', v_code);
  end if;

  -- So is a link. What somebody reads in an account needs none, and would be kept there.
  select link_kinds.* into v_kind
  from app_private.link_kinds
  where v_message.data ->> link_kinds.data_key is not null;
  if found then
    if v_message.account_id is null then
      v_path := app_private.issue_link(
        v_message.organization_id, v_kind, (v_message.data ->> v_kind.data_key)::uuid);
    end if;
    if v_path is null then
      v_message.data := v_message.data || jsonb_build_object(v_kind.data_key, null);
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case
      when v_message.data ? 'words' then v_message.data #>> array['words', v_message.locale, 'title']
      when clinic_message_templates.id is null then message_templates.title
      else clinic_message_templates.title
    end,
    coalesce(v_message.data #>> array['words', v_message.locale, 'body'], clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    -- What has words of its own is about a time or not, so what is not known is left out.
    case when v_message.data ? 'words' then jsonb_strip_nulls(v_message.data - 'words') else v_message.data end,
    message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), ''),
    case when v_path is not null then v_kind.url_name end, v_path
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

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
  where message_types.key = require_text.template_key and require_text.locale in ('ro', 'en')
    -- Those bring their words with them.
    and 'words' <> all (message_types.variables);
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

-- source: functions/notify/message_texts.sql
-- What a clinic's messages say now, to choose from and to edit. FND-15.

set role app_engine;
create or replace function app_public.message_texts(organization_id uuid)
returns table (
  template_key text,
  topic text,
  channel text,
  locale text,
  is_own boolean,
  title text,
  body text,
  variables text[]
)
language plpgsql stable strict security definer rows 60
set search_path = ''
as $$
begin
  perform app_private.require_permission(message_texts.organization_id, 'message_templates.manage');
  return query
  select message_types.key, message_types.topic, message_channels.channel, locales.locale,
    words.clinic_template_id is not null, words.title, words.body,
    app_private.printable_variables(message_types.variables, message_channels.channel)
  from app_private.message_types
  join app_private.message_channels on message_channels.template_key = message_types.key
  cross join (values ('ro'), ('en')) as locales (locale)
  cross join lateral app_private.words_of(
    message_texts.organization_id, message_types.key, message_channels.channel, locales.locale) as words
  where 'words' <> all (message_types.variables)
  order by message_types.key, message_channels.channel, locales.locale;
end;
$$;

comment on function app_public.message_texts is
  E'@nullable title\n@longestPage 500\nThe words of every message of the clinic, its own where it has some, and the names each may use. '
  'Needs message_templates.manage.';
grant execute on function app_public.message_texts to app_member;

reset role;
-- end of source: functions/notify/message_texts.sql

-- source: functions/organizations/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it), the automation that welcomes its patients, and its events, in one transaction. FND-01, FND-04, TEN-01.

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
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('create_organization', jsonb_build_array(
    slug, name, owner_email, owner_name, locale, timezone, currency, contact_email, tenancy_mode, draft));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
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
  perform app_private.give_onboarding_automation(v_organization.id, true);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  perform app_private.remember('create_organization', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
-- end of source: functions/organizations/create_organization.sql

-- source: functions/requirements/lift_patient_requirement.sql
-- The clinic lets go of what it asked: the patient answered on paper, or is not the one to ask. AUT-02.

set role app_engine;

create or replace function app_public.lift_patient_requirement(patient_requirement_id uuid, reason text)
returns app_public.patient_requirements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_requirement app_public.patient_requirements;
begin
  select patient_requirements.* into v_requirement
  from app_public.patient_requirements
  where patient_requirements.id = lift_patient_requirement.patient_requirement_id
    and patient_requirements.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_requirement_not_found');
  end if;
  perform app_private.require_permission(v_requirement.organization_id, 'patients.block');
  if v_requirement.fulfilled_at is not null or v_requirement.lifted_at is not null then
    perform app_hidden.refuse('STATE', 'patient_requirement_over');
  end if;
  update app_public.patient_requirements set
    lifted_at = app_hidden.now(),
    lifted_by = app_private.current_actor_id(),
    lift_reason = app_private.require_reason(lift_patient_requirement.reason)
  where patient_requirements.id = v_requirement.id
  returning * into v_requirement;
  return v_requirement;
end;
$$;

comment on function app_public.lift_patient_requirement is
  E'@arg patientRequirementId What is asked, by its id.\n@arg reason Why; the patient reads it.\n'
  'Lets go of a form or a consent that an automation asked a patient for, so that it keeps nobody from booking. Needs '
  'patients.block; STATE patient_requirement_over.';
grant execute on function app_public.lift_patient_requirement to app_member;

reset role;
-- end of source: functions/requirements/lift_patient_requirement.sql

-- source: functions/requirements/tg_consents__fulfil_requirements.sql
-- A consent that stands does what was asked, whichever way it was given. AUT-02. A decision of an emergency does not: it is not
-- the patient's.

set role app_engine;

create or replace function app_private.tg_consents__fulfil_requirements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.patient_requirements set fulfilled_at = app_hidden.now()
  where patient_requirements.organization_id = new.organization_id
    and patient_requirements.patient_profile_id = new.patient_profile_id
    and patient_requirements.purpose_code = new.purpose_code
    and patient_requirements.fulfilled_at is null and patient_requirements.lifted_at is null
    and exists (
      select from app_public.consent_purpose_versions as given
      where given.scope_id = new.version_scope_id and given.id = new.purpose_version_id
        and app_private.consent_stands(new, given, app_private.current_consent_version(new.organization_id, new.purpose_code)));
  return null;
end;
$$;

comment on function app_private.tg_consents__fulfil_requirements is
  'Ends what a patient was asked to consent to. Trigger _900_fulfil_requirements.';

reset role;

create or replace trigger _900_fulfil_requirements after insert on app_public.consents
  for each row when (new.decision = 'granted' and new.patient_profile_id is not null and new.holds_until is null)
  execute function app_private.tg_consents__fulfil_requirements();
-- end of source: functions/requirements/tg_consents__fulfil_requirements.sql

-- source: functions/requirements/tg_forms__fulfil_requirements.sql
-- A form that is final does what was asked: signed, or completed where it wants no signature. AUT-02.

set role app_engine;

create or replace function app_private.tg_forms__fulfil_requirements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.patient_requirements set fulfilled_at = app_hidden.now()
  where patient_requirements.organization_id = new.organization_id
    and patient_requirements.patient_profile_id = new.patient_profile_id
    and patient_requirements.template_id = new.template_id
    and patient_requirements.fulfilled_at is null and patient_requirements.lifted_at is null
    and (new.status = 'signed' or exists (
      select from app_public.form_template_versions as versions
      where versions.organization_id = new.organization_id and versions.id = new.version_id and versions.signature_mode = 'none'));
  return null;
end;
$$;

comment on function app_private.tg_forms__fulfil_requirements is
  'Ends what a patient was asked for by a form that is final now. Trigger _900_fulfil_requirements.';

reset role;

create or replace trigger _900_fulfil_requirements after update of status on app_public.forms
  for each row when (new.status in ('completed', 'signed') and new.status <> old.status)
  execute function app_private.tg_forms__fulfil_requirements();
-- end of source: functions/requirements/tg_forms__fulfil_requirements.sql

-- source: functions/rules/preview_rule.sql
-- For whom a rule holds, before it is saved, and why it holds for one. SEG-04.

set role app_engine;

create or replace function app_public.preview_rule(organization_id uuid, rule jsonb, sample int default 10) returns app_public.rule_preview
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_members uuid[];
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(preview_rule.organization_id, preview_rule.rule);
  v_members := array(select app_private.rule_members(preview_rule.organization_id, preview_rule.rule));
  return row(cardinality(v_members), array(
    select row(patients.id, profiles.given_name, profiles.family_name)::app_public.rule_sample
    from app_public.patients
    join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id
    where patients.organization_id = preview_rule.organization_id and patients.id = any (v_members)
    order by profiles.family_name collate "ro-x-icu", profiles.given_name collate "ro-x-icu", patients.id
    limit least(greatest(sample, 0), 50)))::app_public.rule_preview;
end;
$$;

comment on function app_public.preview_rule is
  E'@cost 50\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  '@arg sample How many patients to name, at most 50.\n'
  'How many patients a rule holds for now, and some of them. Needs patients.view, and what the fields of the rule need. '
  'VALIDATION rule_not_valid with fields: [{path, reason, details}].';
grant execute on function app_public.preview_rule to app_member;

create or replace function app_public.explain_rule(organization_id uuid, patient_id uuid, rule jsonb) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(explain_rule.organization_id, explain_rule.rule);
  if not exists (
    select from app_public.patients
    where patients.organization_id = explain_rule.organization_id and patients.id = explain_rule.patient_id and patients.deleted_at is null) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, explain_rule.rule);
end;
$$;

comment on function app_public.explain_rule is
  E'@cost 20\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  'The rule with holds in each of its parts, and in comparisons and counts what is there as actual, null where nothing is. '
  'Needs patients.view, and what the fields of the rule need. VALIDATION rule_not_valid; NOT_FOUND.';
grant execute on function app_public.explain_rule to app_member;

reset role;
-- end of source: functions/rules/preview_rule.sql

-- source: functions/rules/rule_builder.sql
-- Everything of which a rule of this clinic may be composed, so that a page builds one out of nothing else. SEG-05. What the caller
-- may not read is not offered, and rule_problems() refuses it.

set role app_engine;

create or replace function app_public.rule_builder(organization_id uuid, event_name text default null) returns app_public.rule_contract
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_locale constant text := (select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.rule_contract;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if event_name is not null and not exists (select from app_private.event_types where event_types.name = rule_builder.event_name) then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', rule_builder.event_name));
  end if;
  v_contract.fields := array(
    select row(terms.code, terms.collection, terms.type,
        case v_locale when 'en' then terms.label_en else terms.label_ro end, terms.label_ro, terms.label_en,
        case v_locale when 'en' then terms.group_en else terms.group_ro end, terms.group_ro, terms.group_en,
        terms.minimum, terms.maximum, coalesce(terms.is_whole, false),
        array(
          select row(choice ->> 'value', coalesce(choice ->> v_locale, choice ->> 'ro'), choice ->> 'ro', choice ->> 'en')::app_public.rule_choice
          from jsonb_array_elements(coalesce(
            terms.choices, app_private.rule_choices(rule_builder.organization_id, terms.choices_of))) as choice))::app_public.rule_field
    from app_private.rule_terms(rule_builder.organization_id, rule_builder.event_name) with ordinality as terms
    where app_hidden.has_permission(rule_builder.organization_id, coalesce(terms.permission, 'patients.view'))
    order by terms.ordinality);
  v_contract.operators := array(
    select row(operators.type, operators.code, case v_locale when 'en' then operators.label_en else operators.label_ro end,
        operators.label_ro, operators.label_en, operators.operand)::app_public.rule_operator
    from app_private.rule_operators as operators
    order by operators.type, operators.position);
  v_contract.collections := array(
    select row(collections.code, case v_locale when 'en' then collections.label_en else collections.label_ro end,
        collections.label_ro, collections.label_en)::app_public.rule_collection
    from app_private.rule_collections as collections
    where app_hidden.has_permission(rule_builder.organization_id, collections.permission)
    order by collections.code);
  v_contract.segments := array(
    select row(segments.id, segments.name)::app_public.rule_segment
    from app_public.segments
    where segments.organization_id = rule_builder.organization_id
      and segments.deleted_at is null
      and app_hidden.has_permission(rule_builder.organization_id, 'segments.view')
    order by segments.name, segments.id);
  v_contract.depth_limit := 10;
  v_contract.part_limit := 300;
  return v_contract;
end;
$$;

comment on function app_public.rule_builder is
  E'@cost 20\n'
  '@arg eventName The event, where a condition of an automation is written; null for a segment.\n'
  'The fields, operators, choices, collections and segments of which a rule of this clinic is composed, with their labels: '
  'what the caller may read. Needs patients.view. VALIDATION event_name_unknown.';
grant execute on function app_public.rule_builder to app_member;

reset role;
-- end of source: functions/rules/rule_builder.sql

-- source: functions/segments/refresh_segments.sql
-- The worker looks at whom changes have marked: one clinic in one transaction, and one worker at a time there. SEG-03, SEG-04.
-- Marks are taken before the rules are asked, and each statement sees what was committed before it: so whoever writes in between
-- has left a mark that is still there afterwards. Whoever enters or leaves marks the segments that name this one. A segment is
-- looked at after all that it names, so that nobody enters and leaves for a moment because half of a change was seen.

set role app_engine;

create or replace function app_private.refresh_segments(organization_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  -- Whoever writes a rule meanwhile waits, so a transaction ends after the segment in which so many were looked at.
  v_at_once constant int := 20000;
  v_looked int := 0;
  v_segment app_public.segments;
  v_patient_ids uuid[];
  v_is_everyone boolean;
begin
  perform app_private.lock_segments(refresh_segments.organization_id);
  for v_segment in select * from app_private.segments_in_order(refresh_segments.organization_id) loop
    with taken as (
      delete from app_private.segment_marks as marks
      where marks.organization_id = refresh_segments.organization_id and marks.segment_id = v_segment.id
      returning marks.patient_id
    )
    select bool_or(taken.patient_id is null), array_agg(distinct taken.patient_id)
    into v_is_everyone, v_patient_ids
    from taken;
    continue when v_is_everyone is null;
    perform app_private.refresh_segment(v_segment, case when not v_is_everyone then v_patient_ids end);
    v_looked := v_looked + case when v_is_everyone then v_at_once else cardinality(v_patient_ids) end;
    if v_looked >= v_at_once then
      return exists (select from app_private.segment_marks as marks where marks.organization_id = refresh_segments.organization_id);
    end if;
  end loop;
  return false;
end;
$$;

comment on function app_private.refresh_segments is
  'Looks at those marked in a clinic, some twenty thousand at once; whether somebody is left to be looked at.';
grant execute on function app_private.refresh_segments to app_worker;

reset role;

/* The segments of a clinic, each after those that it names; no rule leads back to itself, so that ends. */
create or replace function app_private.segments_in_order(organization_id uuid) returns setof app_public.segments
language sql stable
set search_path = ''
as $$
  with recursive named as (
    select segments.id, 0 as depth
    from app_public.segments
    where segments.organization_id = segments_in_order.organization_id and segments.deleted_at is null
    union
    select dependency.segment_id, named.depth + 1
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = segments_in_order.organization_id and dependency.code = 'segment:' || named.id
  )
  select segments.*
  from (select named.id, max(named.depth) as depth from named group by named.id) as deepest
  join app_public.segments on segments.organization_id = segments_in_order.organization_id and segments.id = deepest.id
  order by deepest.depth, segments.id
$$;

comment on function app_private.segments_in_order is 'The segments of a clinic, each after those that its rule names.';
grant execute on function app_private.segments_in_order to app_engine;

/* Members by the rule, of these patients or of all. What a change of somebody's rows or the passing of time does is an event; what an
   administrator did, by a new rule, is not: nobody is written to because somebody edits a segment. docs/decisions/0140. */
create or replace function app_private.refresh_segment(segment app_public.segments, patient_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_private.compiled_rule;
  v_in uuid[];
  v_now constant timestamptz := app_hidden.now();
  v_is_told constant boolean := (segment).filled_version is not distinct from (segment).version;
  v_moved int;
begin
  if (segment).kind = 'list' then
    v_in := array(
      select stays.patient_id
      from app_public.segment_members as stays
      join app_public.patients on patients.organization_id = stays.organization_id and patients.id = stays.patient_id
      where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
        and patients.deleted_at is null and (patient_ids is null or stays.patient_id = any (patient_ids)));
  else
    v_rule := app_private.compile_rule((segment).organization_id, (segment).rule);
    execute 'select array(' || v_rule.query || ')' into v_in
    using (segment).organization_id, patient_ids, v_rule.parameters, null::uuid;
  end if;

  with gone as (
    update app_public.segment_members as stays set left_at = greatest(v_now, stays.entered_at)
    where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
      and (patient_ids is null or stays.patient_id = any (patient_ids))
      and not exists (select from unnest(v_in) as member (id) where member.id = stays.patient_id)
    returning stays.*
  ), come as (
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    select (segment).organization_id, (segment).id, patients.id, patients.patient_profile_id, v_now
    from unnest(v_in) as member (id)
    join app_public.patients on patients.organization_id = (segment).organization_id and patients.id = member.id
    where not exists (
      select from app_public.segment_members as stays
      where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id
        and stays.patient_id = member.id and stays.left_at is null)
    on conflict do nothing
    returning segment_members.*
  ), moved as (
    select gone.* from gone
    union all
    select come.* from come
  )
  select count(case when v_is_told then app_private.publish_stay(moved::app_public.segment_members, (segment).version) end)
    filter (where v_is_told) + count(*) filter (where not v_is_told)
  into v_moved
  from moved;

  if (segment).kind = 'rule' then
    -- Most are due when they were: only what differs is written.
    execute 'with turning (id, at) as materialized (' || v_rule.recheck || '), gone as (
        delete from app_private.segment_rechecks as kept
        where kept.organization_id = $1 and kept.segment_id = $5 and ($2 is null or kept.patient_id = any ($2))
          and not exists (select from turning where turning.id = kept.patient_id)
      )
      insert into app_private.segment_rechecks as kept (organization_id, segment_id, patient_id, at)
      select $1, $5, turning.id, turning.at
      from turning
      left join app_private.segment_rechecks as before
        on before.organization_id = $1 and before.segment_id = $5 and before.patient_id = turning.id
      where before.at is distinct from turning.at and $4::uuid is null
      on conflict on constraint segment_rechecks_pkey do update set at = excluded.at'
    using (segment).organization_id, patient_ids, v_rule.parameters, null::uuid, (segment).id;
  end if;
  if not v_is_told and patient_ids is null then
    update app_public.segments set filled_version = (segment).version where segments.id = (segment).id;
  end if;
  return v_moved;
end;
$$;

comment on function app_private.refresh_segment is 'Has these patients, or all, in a segment or not, as its rule says now; how many entered or left.';
grant execute on function app_private.refresh_segment to app_engine;
-- end of source: functions/segments/refresh_segments.sql

-- source: functions/segments/check_segment.sql
-- Each night every segment is held beside what its rule says of everybody. What differs is counted for the operators and marked, so
-- that it is mended as any change is. One statement compares, so what is written meanwhile is seen on both sides or on neither;
-- pairs that are marked or due differ rightly. SEG-03.

set role app_engine;

create or replace function app_private.check_segment(segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_rule app_private.compiled_rule;
  v_found int;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = check_segment.segment_id and segments.kind = 'rule' and segments.deleted_at is null
    and segments.filled_version = segments.version;
  if not found then
    return 0;
  end if;
  v_rule := app_private.compile_rule(v_segment.organization_id, v_segment.rule);
  execute 'with wanted as (' || v_rule.query || '), present as (
      select stays.patient_id from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = $5 and stays.left_at is null
    ), other as (
      select coalesce(wanted.id, present.patient_id) as patient_id
      from wanted full join present on present.patient_id = wanted.id
      where (wanted.id is null or present.patient_id is null)
        and not exists (
          select from app_private.segment_marks as marks
          where marks.organization_id = $1 and marks.segment_id = $5
            and (marks.patient_id is null or marks.patient_id = coalesce(wanted.id, present.patient_id)))
        and not exists (
          select from app_private.segment_rechecks as rechecks
          where rechecks.organization_id = $1 and rechecks.segment_id = $5
            and rechecks.patient_id = coalesce(wanted.id, present.patient_id) and rechecks.at <= app_hidden.now())
    ), marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select $1, $5, other.patient_id from other where $4::uuid is null
      returning patient_id
    )
    select count(*) from marked'
  into v_found
  using v_segment.organization_id, null::uuid[], v_rule.parameters, null::uuid, v_segment.id;
  if v_found > 0 then
    update app_public.segments set found_wrong = segments.found_wrong + v_found where segments.id = v_segment.id;
    perform app_private.queue_segments(array[v_segment.organization_id]);
  end if;
  return v_found;
end;
$$;

comment on function app_private.check_segment is
  'Holds the members of a segment beside its rule, and marks those who are wrongly in or out; how many they are.';
grant execute on function app_private.check_segment to app_worker;

create or replace function app_private.segments_to_check() returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select segments.id from app_public.segments where segments.kind = 'rule' and segments.deleted_at is null order by segments.id
$$;

comment on function app_private.segments_to_check is 'The segments of all clinics whose members a rule decides.';
grant execute on function app_private.segments_to_check to app_worker;

create or replace function app_private.segment_figures() returns table (figure text, value double precision)
language sql stable security definer
set search_path = ''
as $$
  select 'marks', count(*)::float8 from app_private.segment_marks
  union all
  select 'found_wrong', coalesce(sum(segments.found_wrong), 0)::float8 from app_public.segments
$$;

comment on function app_private.segment_figures is
  'For metrics: how many pairs wait to be looked at, and how many the nightly check ever found wrong.';
grant execute on function app_private.segment_figures to app_worker;

create or replace function app_private.rebuild_segment(organization_id uuid, segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments;
begin
  perform app_private.lock_segments(rebuild_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.organization_id = rebuild_segment.organization_id and segments.id = rebuild_segment.segment_id
    and segments.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  return app_private.refresh_segment(v_segment, null);
end;
$$;

comment on function app_private.rebuild_segment is 'Looks at every patient of the clinic for one segment; how many entered or left.';
grant execute on function app_private.rebuild_segment to app_worker;

reset role;
-- end of source: functions/segments/check_segment.sql

-- source: functions/segments/create_segment.sql
-- A group of patients: whoever a rule holds for, or whoever is put in. SEG-01, SEG-02.

set role app_engine;

create or replace function app_public.create_segment(
  organization_id uuid,
  name text,
  rule jsonb default null,
  description text default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('create_segment', jsonb_build_array(organization_id, name, rule, description));
  v_segment app_public.segments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'segments.manage');
    return jsonb_populate_record(v_segment, v_remembered);
  end if;
  perform app_private.require_permission(organization_id, 'segments.manage');
  perform app_private.lock_segments(organization_id);
  if rule is not null then
    perform app_private.require_rule(organization_id, rule);
  end if;
  insert into app_public.segments (organization_id, name, description, kind, rule, created_by)
  values (create_segment.organization_id, create_segment.name, create_segment.description,
          case when create_segment.rule is null then 'list' else 'rule' end, create_segment.rule, app_private.current_actor_id())
  returning * into v_segment;
  if rule is not null then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, v_segment.created_by);
  end if;
  perform app_private.follow_rule(v_segment);
  perform app_private.remember('create_segment', to_jsonb(v_segment));
  return v_segment;
end;
$$;

comment on function app_public.create_segment is
  E'@arg rule Who is in it, as ruleBuilder describes; none: a list, into which patients are put.\n'
  'Makes a segment; its members are found by the worker, within seconds. Needs segments.manage; VALIDATION rule_not_valid with the '
  'path of all that is wrong.';
grant execute on function app_public.create_segment to app_member;

reset role;
-- end of source: functions/segments/create_segment.sql

-- source: functions/segments/due_segments.sql
-- What time alone may have changed is marked when its time has come; the clock asks each minute. It names the clinics with marks
-- as well, so that what a lost job left is done after all. SEG-03.

set role app_engine;

create or replace function app_private.due_segments() returns setof uuid
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  with due as (
    delete from app_private.segment_rechecks as rechecks
    using (
      select kept.organization_id, kept.segment_id, kept.patient_id
      from app_private.segment_rechecks as kept
      where kept.at <= app_hidden.now()
      order by kept.at
      limit 50000
      for update skip locked
    ) as come
    where rechecks.organization_id = come.organization_id and rechecks.segment_id = come.segment_id
      and rechecks.patient_id = come.patient_id
    returning rechecks.organization_id, rechecks.segment_id, rechecks.patient_id
  )
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select due.organization_id, due.segment_id, due.patient_id from due;
  return query
  select organizations.id
  from app_public.organizations
  where exists (select from app_private.segment_marks as marks where marks.organization_id = organizations.id)
  order by organizations.id;
end;
$$;

comment on function app_private.due_segments is 'Marks whom time may have moved, and says in which clinics somebody is marked.';
grant execute on function app_private.due_segments to app_worker;

reset role;
-- end of source: functions/segments/due_segments.sql

-- source: functions/segments/edit_segment.sql
-- A segment is called otherwise, or has another rule, which is its next version. SEG-01.

set role app_engine;

create or replace function app_public.edit_segment(
  segment_id uuid,
  name text default null,
  description text default null,
  rule jsonb default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_is_other boolean;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.id = edit_segment.segment_id and segments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  v_is_other := coalesce(rule <> v_segment.rule, rule is not null);
  if v_is_other then
    if v_segment.kind = 'list' then
      perform app_hidden.refuse('VALIDATION', 'segment_is_a_list', '{"field": "rule"}');
    end if;
    perform app_private.require_rule(v_segment.organization_id, rule);
    perform app_private.require_no_circle(v_segment, rule);
  end if;
  update app_public.segments
  set name = coalesce(edit_segment.name, segments.name),
      description = coalesce(edit_segment.description, segments.description),
      rule = case when v_is_other then edit_segment.rule else segments.rule end,
      version = segments.version + v_is_other::int
  where segments.id = v_segment.id
  returning * into v_segment;
  if v_is_other then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, app_private.current_actor_id());
    perform app_private.follow_rule(v_segment);
  end if;
  return v_segment;
end;
$$;

comment on function app_public.edit_segment is
  E'@arg rule Another rule, as ruleBuilder describes; it is the next version, and members follow within seconds. None: it stays.\n'
  'Edits a segment; what is not given stays. Needs segments.manage; VALIDATION rule_not_valid with the path of all that is wrong, '
  'segment_is_a_list, segment_names_itself.';
grant execute on function app_public.edit_segment to app_member;

reset role;

/* The segments that a rule reads, and what those read, may not come back to the one that it is of. */
create or replace function app_private.require_no_circle(segment app_public.segments, rule jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_named text[];
begin
  with recursive named as (
    select code
    from unnest((app_private.compile_rule((segment).organization_id, rule)).depends) as code
    where starts_with(code, 'segment:')
    union
    select dependency.code
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.segment_id = substr(named.code, 9)::uuid
    where starts_with(dependency.code, 'segment:')
  )
  select array_agg(code) into v_named from named;
  if 'segment:' || (segment).id = any (v_named) then
    perform app_hidden.refuse('VALIDATION', 'segment_names_itself', '{"field": "rule"}');
  end if;
end;
$$;

comment on function app_private.require_no_circle is 'VALIDATION segment_names_itself where a rule leads back to its own segment.';
grant execute on function app_private.require_no_circle to app_engine;
-- end of source: functions/segments/edit_segment.sql

-- source: functions/segments/on_merge_segments.sql
-- Whom somebody put into a list is in it whichever of two charts was kept. Members by a rule are found anew, and their earlier stays
-- remain those of the duplicate: who was in on a day is not rewritten. SEG-03, FND-34.

create or replace function app_private.on_merge_segments(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.segment_members as mine set patient_id = kept.id, patient_profile_id = kept.patient_profile_id
    from app_public.segments
    where mine.organization_id = kept.organization_id and mine.patient_id = duplicate.id and mine.left_at is null
      and segments.organization_id = mine.organization_id and segments.id = mine.segment_id and segments.kind = 'list'
      and not exists (
        select from app_public.segment_members as theirs
        where theirs.organization_id = mine.organization_id and theirs.segment_id = mine.segment_id
          and theirs.patient_id = kept.id and theirs.left_at is null)
    returning mine.id, old.patient_id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.segment_members.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_segments is 'Has the patient who is kept in the lists that the duplicate was in.';
grant execute on function app_private.on_merge_segments to app_engine;
-- end of source: functions/segments/on_merge_segments.sql

-- source: functions/segments/remove_segment.sql
-- A segment goes while nothing names it; who was in it stays to be read by who asks for its id. SEG-01.

set role app_engine;

create or replace function app_public.remove_segment(segment_id uuid) returns app_public.segments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_names jsonb;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select jsonb_agg(jsonb_build_object('kind', named.kind, 'id', named.id, 'name', named.name) order by named.kind, named.name)
  into v_names
  from app_private.who_names_segment(v_segment.organization_id, v_segment.id) as named;
  if v_names is not null then
    perform app_hidden.refuse('CONFLICT', 'segment_is_named', jsonb_build_object('count', jsonb_array_length(v_names), 'by', v_names));
  end if;
  perform app_private.soft_delete('app_public.segments', v_segment.id);
  update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
  where segment_members.organization_id = v_segment.organization_id
    and segment_members.segment_id = v_segment.id and segment_members.left_at is null;
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_marks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_rechecks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  select segments.* into strict v_segment from app_public.segments where segments.id = v_segment.id;
  return v_segment;
end;
$$;

comment on function app_public.remove_segment is
  'Removes a segment. Needs segments.manage; CONFLICT segment_is_named with what names it.';
grant execute on function app_public.remove_segment to app_member;

reset role;

/* The one place that knows what may name a segment; whatever comes to name one joins here. */
create or replace function app_private.who_names_segment(organization_id uuid, segment_id uuid)
returns table (kind text, id uuid, name text)
language sql stable
set search_path = ''
as $$
  select 'segment', segments.id, segments.name
  from app_private.segment_dependencies as dependency
  join app_public.segments on segments.organization_id = dependency.organization_id and segments.id = dependency.segment_id
  where dependency.organization_id = who_names_segment.organization_id
    and dependency.code = 'segment:' || who_names_segment.segment_id
    and segments.deleted_at is null
$$;

comment on function app_private.who_names_segment is 'What would not know any more who it is about, were the segment gone.';
grant execute on function app_private.who_names_segment to app_engine;
-- end of source: functions/segments/remove_segment.sql

-- source: functions/segments/segment_members_on.sql
-- Who is in a segment, and who was in it on a day of the clinic's calendar. SEG-01.

create or replace function app_public.segment_members_on(organization_id uuid, segment_id uuid, day date default null)
returns setof app_public.segment_members
language sql stable
set search_path = ''
as $$
  select stays.*
  from app_public.segment_members as stays
  join app_public.organizations on organizations.id = stays.organization_id
  where stays.organization_id = segment_members_on.organization_id
    and stays.segment_id = segment_members_on.segment_id
    and (
      case when day is null then stays.left_at is null
      else stays.entered_at < (day + 1)::timestamp at time zone organizations.timezone
        and (stays.left_at is null or stays.left_at > day::timestamp at time zone organizations.timezone)
      end)
  order by stays.entered_at, stays.id
$$;

comment on function app_public.segment_members_on is
  E'@arg day The day on the clinic''s clock; none: now.\n'
  'The stays of those who are in a segment now, or who were in it at any time of a day. Needs segments.view and patients.view.';
grant execute on function app_public.segment_members_on to app_member;

create or replace function app_public.segments_member_count(segment app_public.segments) returns int
language sql stable
set search_path = ''
as $$
  select count(*)::int
  from app_public.segment_members as stays
  where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
$$;

comment on function app_public.segments_member_count is 'How many are in it now, as far as the caller may see them.';
grant execute on function app_public.segments_member_count to app_member;

set role app_engine;

create or replace function app_public.explain_segment(segment_id uuid, patient_id uuid) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.view');
begin
  perform app_private.require_permission(v_segment.organization_id, 'patients.view');
  if not exists (
    select from app_public.patients
    where patients.organization_id = v_segment.organization_id and patients.id = explain_segment.patient_id and patients.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  elsif v_segment.kind = 'list' then
    return jsonb_build_object('list', true, 'holds', app_private.is_in_segment(v_segment.organization_id, v_segment.id, patient_id));
  end if;
  -- What somebody asks for by a rule may say more of a patient than they may read: their permissions are asked as for a rule of theirs.
  perform app_private.require_rule(v_segment.organization_id, v_segment.rule);
  return app_private.explain_rule(v_segment.organization_id, explain_segment.patient_id, v_segment.rule);
end;
$$;

comment on function app_public.explain_segment is
  E'@cost 20\n'
  'Why a patient is in a segment or is not: its rule with holds in each part, and what is there as actual; of a list only holds. '
  'Needs segments.view, patients.view, and what the fields of the rule need. NOT_FOUND segment_not_found, patient_not_found.';
grant execute on function app_public.explain_segment to app_member;

reset role;

create or replace function app_private.is_in_segment(organization_id uuid, segment_id uuid, patient_id uuid) returns boolean
language sql stable
set search_path = ''
return exists (
  select from app_public.segment_members as stays
  where stays.organization_id = is_in_segment.organization_id and stays.segment_id = is_in_segment.segment_id
    and stays.patient_id = is_in_segment.patient_id and stays.left_at is null);

comment on function app_private.is_in_segment is 'Whether a patient is in a segment now.';
grant execute on function app_private.is_in_segment to app_engine;
-- end of source: functions/segments/segment_members_on.sql

-- source: functions/segments/tg_mark_segments.sql
-- A change of what rules read marks whom it is about, for the segments that read it, in the transaction of the change. SEG-03.
-- One query a statement; where no segment of the clinic reads it, that finds nothing in a small index. The same function stands on
-- every table of rule_sources, told by its arguments how to find the patient; it knows its rows as "changed", written or deleted.

set role app_engine;

create or replace function app_private.tg_mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_source constant text := tg_argv[0];
  v_found_by constant text := tg_argv[1];
  v_detail constant text := tg_argv[2];
  v_clinics uuid[];
begin
  if v_found_by = 'patient' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, changed.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, changed.patient_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || coalesce(':' || (to_jsonb(changed) ->> v_detail), '')
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_profile_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || coalesce(':' || (to_jsonb(changed) ->> v_detail), '')
      join app_public.patients
        on patients.organization_id = changed.organization_id and patients.patient_profile_id = changed.patient_profile_id
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'profile' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'clinic' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  else
    -- Everyone of the clinic that the row names, or of every clinic where it names none.
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select distinct dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.code = v_source || coalesce(':' || (to_jsonb(changed) ->> v_detail), '')
        and (changed.organization_id is null or dependency.organization_id = changed.organization_id)
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  end if;

  if v_clinics is not null then
    perform app_private.queue_segments(v_clinics);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_segments is
  'Marks the patients of changed rows for the segments that read them; its arguments are those of a row of rule_sources. Triggers '
  '_900_segments_<source>_….';

reset role;

-- One trigger for each command of each source: transition tables are of one command. A test holds them beside rule_sources.
create or replace trigger _900_segments_profile_insert after insert on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_update after update on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_delete after delete on app_public.patient_profiles
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_patient_insert after insert on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_update after update on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_delete after delete on app_public.patients
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_clinic_insert after insert on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_update after update on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_delete after delete on app_public.organizations
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_custom_insert after insert on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_update after update on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_delete after delete on app_public.custom_field_values
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_appointments_insert after insert on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_update after update on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_delete after delete on app_public.appointments
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_insert after insert on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consents
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_insert after insert on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consent_purpose_versions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_service_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_insert after insert on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_update after update on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_delete after delete on app_public.segment_members
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_segments.sql

-- source: functions/segments/tg_patient_merges__mark_segments.sql
-- A merge and its undo change rows of both charts, and where a row was before stands in no trigger of its table: both are looked at
-- again for everything. SEG-03, FND-34.

set role app_engine;

create or replace function app_private.tg_patient_merges__mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select segments.organization_id, segments.id, patients.id
  from app_public.segments
  join app_public.patients
    on patients.organization_id = segments.organization_id
    and patients.patient_profile_id in (new.patient_profile_id, new.merged_profile_id)
  where segments.organization_id = new.organization_id and segments.deleted_at is null;
  if found then
    perform app_private.queue_segments(array[new.organization_id]);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_patient_merges__mark_segments is 'Marks both patients for every segment. Trigger _900_segments.';

reset role;

create or replace trigger _900_segments after insert or update on app_public.patient_merges
  for each row execute function app_private.tg_patient_merges__mark_segments();
-- end of source: functions/segments/tg_patient_merges__mark_segments.sql

-- source: policies/appointments/booking_blocks.sql
-- The patient reads why and until when, and staff who see patients. Written by verbs only, deleted by nobody. APT-06,
-- docs/decisions/0115.

select app_private.classify('app_public.booking_blocks', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "blocked_by", "created_at", "contested_at", "decided_at", "decided_by",
                    "automation_rule_version_id"],
    "phi": ["patient_profile_id", "reason", "until", "objection", "decision", "decision_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.booking_blocks', 'patient_profile_id', 'moves');
select app_private.protect('app_public.booking_blocks', engine => 'select, insert, update');

grant select on app_public.booking_blocks to app_member;

create policy booking_blocks_select_staff on app_public.booking_blocks for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy booking_blocks_select_person on app_public.booking_blocks for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
-- end of source: policies/appointments/booking_blocks.sql

-- source: policies/automation/automation_actions.sql
-- Read when a rule is saved and when it runs; changed by migrations only. AUT-02.

select app_private.classify('app_private.automation_actions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_ro", "label_en", "description", "config_schema", "needs", "is_marketing", "act_function",
               "check_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.automation_actions', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.automation_actions
  for each row execute function app_private.tg_guard_function(
    'act_function', 'app_private.action_step', 'app_private.action_outcome');
-- end of source: policies/automation/automation_actions.sql

-- source: policies/automation/automation_events.sql
-- Read when a rule is saved and when an event is published; changed by migrations only. AUT-01.

select app_private.classify('app_private.automation_events', home => 'platform', retention => 'reference', classes =>
  '{"public": ["event_name", "label_ro", "label_en", "has", "undone_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.automation_events', engine => 'select');
-- end of source: policies/automation/automation_events.sql

-- source: policies/automation/automation_executions.sql
-- Staff with automations.view; written by the worker, and an outcome once. AUT-01.

select app_private.classify('app_public.automation_executions', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "automation_rule_id", "automation_rule_version_id", "event_id", "action_index",
                    "action", "due_at", "expires_at", "attempts", "created_at", "ended_at"],
    "phi": ["patient_profile_id", "outcome", "reason", "details"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Is itself a ledger, of what automations did; what an action changes is followed where it changes it.');
select app_private.on_merge('app_public.automation_executions', 'patient_profile_id', 'moves');
select app_private.protect('app_public.automation_executions', engine => 'select, insert, update, delete');
select app_private.retain('app_public.automation_executions', 'correspondence', 'delete', kept_from => 'ended_at');

grant select on app_public.automation_executions to app_member;

create policy automation_executions_select_staff on app_public.automation_executions for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_append_only before update on app_public.automation_executions
  for each row execute function app_private.tg_automation_executions__once();

create or replace trigger _200_refuse_truncate before truncate on app_public.automation_executions
  for each statement execute function app_private.tg_frozen();

create or replace trigger _200_refuse_delete before delete on app_public.automation_executions
  for each statement when (current_user <> 'app_engine') execute function app_private.tg_frozen();
-- end of source: policies/automation/automation_executions.sql

-- source: policies/automation/automation_rule_versions.sql
-- Staff with automations.view; written by verbs and never changed. AUT-01.

select app_private.classify('app_public.automation_rule_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "automation_rule_id", "version", "conditions", "actions", "most_per_day", "most_ever"],
    "operational": ["created_by", "created_at"]}');
select app_private.protect('app_public.automation_rule_versions', engine => 'select, insert');

grant select on app_public.automation_rule_versions to app_member;

create policy automation_rule_versions_select_staff on app_public.automation_rule_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.automation_rule_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/automation/automation_rule_versions.sql

-- source: policies/automation/automation_rules.sql
-- Staff with automations.view; written by verbs. AUT-01.

select app_private.classify('app_public.automation_rules', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "event_name"],
    "operational": ["is_enabled", "position", "version", "created_at", "updated_at", "removed_at"]}');
select app_private.protect('app_public.automation_rules', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.automation_rules to app_member;

create policy automation_rules_select_staff on app_public.automation_rules for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));
-- end of source: policies/automation/automation_rules.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.

select app_private.classify('app_private.event_consumers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "on_demand"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_consumers', engine => 'select');
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_interests.sql
-- Kept by keep_interests(), from the clinic's own rules and subscriptions; read when an event is published. FND-14.

select app_private.classify('app_private.event_interests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "consumer", "event_name"]}',
  unaudited => 'Follows from rows that are audited: automations, and subscriptions of webhooks.');
select app_private.protect('app_private.event_interests', engine => 'select, insert, delete');
-- end of source: policies/events/event_interests.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed, and deleted when their time is over. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "depth", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
-- What it updates is refused by a trigger; without the right it could lock no row that it is about to delete.
select app_private.protect('app_private.events', engine => 'select, insert, update (position), delete');
-- What a consumer was not told yet, what messages and automations name as their cause, and what led to another event.
select app_private.retain('app_private.events', 'correspondence', 'delete', kept_from => 'occurred_at', not_while => $sql$
  exists (select from app_private.event_deliveries as still
          where still.scope_id = events.scope_id and still.event_id = events.id)
  or exists (select from app_public.messages as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_public.automation_executions as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_private.events as still
             where still.scope_id = events.scope_id and still.cause_id = events.id)
$sql$);
-- end of source: policies/events/events.sql

-- source: policies/plans/access_grants.sql
-- What was opened by hand: staff with patient_plans.view, and the person. Written by verbs only. CAT-08.

select app_private.classify('app_public.access_grants', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "revoked_by", "granted_by", "created_at", "updated_at", "automation_rule_version_id"],
    "phi": ["patient_profile_id", "access", "reason", "expires_at", "revoked_at"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.access_grants', 'patient_profile_id', 'moves');
select app_private.protect('app_public.access_grants', engine => 'select, insert, update');

grant select on app_public.access_grants to app_member;

create policy access_grants_select_staff on app_public.access_grants for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy access_grants_select_person on app_public.access_grants for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/access_grants.sql

-- source: policies/requirements/patient_requirements.sql
-- The patient reads what is asked and why it was let go of, and staff who see patients. Written by verbs, actions and triggers
-- only, deleted by nobody. AUT-02.

select app_private.classify('app_public.patient_requirements', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "automation_rule_version_id", "created_at", "lifted_at", "lifted_by"],
    "phi": ["patient_profile_id", "template_id", "purpose_code", "form_id", "fulfilled_at", "lift_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_requirements', 'patient_profile_id', 'moves');
select app_private.protect('app_public.patient_requirements', engine => 'select, insert, update');

grant select on app_public.patient_requirements to app_member;

create policy patient_requirements_select_staff on app_public.patient_requirements for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy patient_requirements_select_person on app_public.patient_requirements for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/requirements/patient_requirements.sql

-- source: policies/rules/rule_collections.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_collections', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_en", "label_ro", "source", "permission", "table_name", "person_sql", "time_sql", "event_property"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_collections', engine => 'select');
-- end of source: policies/rules/rule_collections.sql

-- source: policies/rules/rule_event_properties.sql
-- Read by the builder of conditions; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_event_properties', home => 'platform', retention => 'reference', classes =>
  '{"public": ["property", "label_en", "label_ro", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_event_properties', engine => 'select');
-- end of source: policies/rules/rule_event_properties.sql

-- source: policies/rules/rule_fields.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_fields', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "position", "collection", "type", "label_en", "label_ro", "source", "permission", "cost", "value_sql", "turns_sql", "choices", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_fields', engine => 'select');
-- end of source: policies/rules/rule_fields.sql

-- source: policies/rules/rule_operators.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_operators', home => 'platform', retention => 'reference', classes =>
  '{"public": ["type", "code", "position", "label_en", "label_ro", "operand", "condition_sql", "turning_days"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_operators', engine => 'select');
-- end of source: policies/rules/rule_operators.sql

-- source: policies/rules/rule_sources.sql
-- Read by the compiler of rules and by what marks patients to be looked at again; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_sources', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "table_name", "found_by", "detail_column"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_sources', engine => 'select');
-- end of source: policies/rules/rule_sources.sql

-- source: policies/segments/segment_dependencies.sql
-- Written with the rule, asked by every change of what rules read. SEG-03.

select app_private.classify('app_private.segment_dependencies', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "code", "segment_id"]}',
  unaudited => 'Follows from the rule, which is audited.');
select app_private.protect('app_private.segment_dependencies', engine => 'select, insert, delete');
-- end of source: policies/segments/segment_dependencies.sql

-- source: policies/segments/segment_marks.sql
-- Written by triggers in the transaction of a change, worked off by refresh_segments(). SEG-03.

select app_private.classify('app_private.segment_marks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "segment_id"], "phi": ["patient_id"]}',
  unaudited => 'Work that is waiting; it is gone when it is done.');
select app_private.on_merge('app_private.segment_marks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_marks', engine => 'select, insert, delete');
-- end of source: policies/segments/segment_marks.sql

-- source: policies/segments/segment_members.sql
-- Staff with segments.view who see patients; written by the worker and by the verbs of lists. SEG-01, SEG-03.

select app_private.classify('app_public.segment_members', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "segment_id", "entered_at", "left_at"],
    "phi": ["patient_id", "patient_profile_id"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Follows from what is audited: the rows of the patient, and the rule. The stays are their own history.');
select app_private.on_merge('app_public.segment_members', 'patient_id', 'on_merge_segments');
select app_private.on_merge('app_public.segment_members', 'patient_profile_id', 'on_merge_segments');
select app_private.protect('app_public.segment_members', engine => 'select, insert, update');

grant select on app_public.segment_members to app_member;

create policy segment_members_select_staff on app_public.segment_members for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[])
         and organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));
-- end of source: policies/segments/segment_members.sql

-- source: policies/segments/segment_rechecks.sql
-- Written and read by the worker's functions. SEG-03.

select app_private.classify('app_private.segment_rechecks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "segment_id", "at"], "phi": ["patient_id"]}',
  unaudited => 'Follows from rules and the rows that they read.');
select app_private.on_merge('app_private.segment_rechecks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_rechecks', engine => 'select, insert, update, delete');
-- end of source: policies/segments/segment_rechecks.sql

-- source: policies/segments/segment_versions.sql
-- Staff with segments.view; written with the segment and never changed. SEG-01.

select app_private.classify('app_public.segment_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "segment_id", "number", "written_by", "written_at"],
    "phi": ["rule"]}');
select app_private.protect('app_public.segment_versions', engine => 'select, insert');

grant select on app_public.segment_versions to app_member;

create policy segment_versions_select_staff on app_public.segment_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.segment_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/segments/segment_versions.sql

-- source: policies/segments/segments.sql
-- Staff with segments.view; written by verbs. SEG-01.

select app_private.classify('app_public.segments', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "version", "filled_version", "found_wrong", "created_by", "created_at", "updated_at", "deleted_at"],
    "phi": ["name", "description", "rule"]}');
select app_private.allow_soft_delete('app_public.segments', 'segments.manage', 'r.name');
select app_private.protect('app_public.segments', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.segments to app_member;

create policy segments_select_staff on app_public.segments for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]) and deleted_at is null);
-- end of source: policies/segments/segments.sql

-- source: reference/automation/action_block_booking.sql
-- The action block_booking: what its config may be. What it does stands in act_block_booking.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "block_booking"}', rows => '
label_ro: Oprește programările
label_en: Block booking
description: Keeps the patient from booking by themselves.
needs: {patient}
is_marketing: false
act_function: act_block_booking
config_schema:
{"type": "object", "additionalProperties": false, "required": ["reason"],
 "properties": {
   "reason": {"type": "string", "minLength": 3, "maxLength": 500},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650}}}
');
-- end of source: reference/automation/action_block_booking.sql

-- source: reference/automation/action_book_followup_appointment.sql
-- The action book_followup_appointment: what its config may be. What it does stands in act_book_followup_appointment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "book_followup_appointment"}', rows => '
label_ro: Programează controlul
label_en: Book a follow-up appointment
description: Books the first free time after so many days.
needs: {patient}
is_marketing: false
act_function: act_book_followup_appointment
check_function: check_book_followup_appointment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["calendarId", "afterDays"],
 "properties": {
   "calendarId": {"type": "string", "format": "uuid"},
   "afterDays": {"type": "integer", "minimum": 0, "maximum": 365},
   "withinDays": {"type": "integer", "minimum": 1, "maximum": 60},
   "weekdays": {"type": "array", "minItems": 1, "maxItems": 7, "items": {"type": "string", "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}},
   "from": {"type": "string", "format": "time"},
   "until": {"type": "string", "format": "time"},
   "sameSpecialist": {"type": "boolean"},
   "usePlan": {"type": "boolean"}}}
');
-- end of source: reference/automation/action_book_followup_appointment.sql

-- source: reference/automation/action_grant_access.sql
-- The action grant_access: what its config may be. What it does stands in act_grant_access.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "grant_access"}', rows => '
label_ro: Deschide accesul
label_en: Grant access
description: Opens the library or sessions from home for the patient.
needs: {patient}
is_marketing: false
act_function: act_grant_access
config_schema:
{"type": "object", "additionalProperties": false, "required": ["access", "reason"],
 "properties": {
   "access": {"type": "string", "enum": ["library_access", "telerehab_access"]},
   "reason": {"type": "string", "minLength": 3, "maxLength": 500},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650}}}
');
-- end of source: reference/automation/action_grant_access.sql

-- source: reference/automation/action_require_consent.sql
-- The action require_consent: what its config may be. What it does stands in act_require_consent.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_consent"}', rows => '
label_ro: Cere un consimțământ
label_en: Require a consent
description: Books nothing for the patient until a consent stands.
needs: {patient}
is_marketing: false
act_function: act_require_consent
check_function: check_require_consent
config_schema:
{"type": "object", "additionalProperties": false, "required": ["purpose"],
 "properties": {
   "purpose": {"type": "string", "minLength": 1, "maxLength": 100}}}
');
-- end of source: reference/automation/action_require_consent.sql

-- source: reference/automation/action_require_form.sql
-- The action require_form: what its config may be. What it does stands in act_require_form.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_form"}', rows => '
label_ro: Cere un formular
label_en: Require a form
description: Books nothing for the patient until they completed a form.
needs: {patient}
is_marketing: false
act_function: act_require_form
check_function: check_require_form
config_schema:
{"type": "object", "additionalProperties": false, "required": ["templateId"],
 "properties": {
   "templateId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/automation/action_require_form.sql

-- source: reference/automation/action_schedule_action.sql
-- The engine's own action. The others stand beside it, a file each. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "schedule_action"}', rows => '
label_ro: Programează o acțiune
label_en: Schedule an action
description: Does another action later.
needs: {}
is_marketing: false
act_function: act_schedule_action
check_function: check_schedule_action
config_schema:
{"type": "object", "additionalProperties": false, "required": ["action", "after"],
 "properties": {
   "action": {"type": "string"},
   "config": {"type": "object"},
   "after": {"type": "object"}}}
');
-- end of source: reference/automation/action_schedule_action.sql

-- source: reference/automation/action_send_email.sql
-- The action send_email: what its config may be. What it does stands in act_send_email.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_email"}', rows => '
label_ro: Trimite un e-mail
label_en: Send a mail
description: Sends the clinic''s words by mail.
needs: {}
is_marketing: false
act_function: act_send_email
check_function: check_send_email
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}, "en": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
-- end of source: reference/automation/action_send_email.sql

-- source: reference/automation/action_send_push.sql
-- The action send_push: what its config may be. What it does stands in act_send_push.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_push"}', rows => '
label_ro: Trimite o notificare push
label_en: Send a push notice
description: Sends the clinic''s words as a notice of the browser.
needs: {}
is_marketing: false
act_function: act_send_push
check_function: check_send_push
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 240}}}, "en": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 240}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
-- end of source: reference/automation/action_send_push.sql

-- source: reference/automation/action_send_session_reminder.sql
-- The action send_session_reminder: what its config may be. What it does stands in act_send_session_reminder.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_session_reminder"}', rows => '
label_ro: Amintește de ședință
label_en: Send a session reminder
description: Reminds the patient of the visit that comes next.
needs: {patient}
is_marketing: false
act_function: act_send_session_reminder
config_schema:
{"type": "object", "additionalProperties": false, "required": [],
 "properties": {}}
');
-- end of source: reference/automation/action_send_session_reminder.sql

-- source: reference/automation/action_send_sms.sql
-- The action send_sms: what its config may be. What it does stands in act_send_sms.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_sms"}', rows => '
label_ro: Trimite un SMS
label_en: Send a text message
description: Sends the clinic''s words by SMS.
needs: {}
is_marketing: false
act_function: act_send_sms
check_function: check_send_sms
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["body"], "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 480}}}, "en": {"type": "object", "additionalProperties": false, "required": ["body"], "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 480}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
-- end of source: reference/automation/action_send_sms.sql

-- source: reference/automation/action_send_whatsapp.sql
-- The action send_whatsapp: what its config may be. What it does stands in act_send_whatsapp.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_whatsapp"}', rows => '
label_ro: Trimite un mesaj WhatsApp
label_en: Send a WhatsApp message
description: Sends the clinic''s approved text over WhatsApp.
needs: {}
is_marketing: false
act_function: act_send_whatsapp
check_function: check_send_whatsapp
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["body"], "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 480}}}, "en": {"type": "object", "additionalProperties": false, "required": ["body"], "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 480}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
-- end of source: reference/automation/action_send_whatsapp.sql

-- source: reference/automation/action_show_notification.sql
-- The action show_notification: what its config may be. What it does stands in act_show_notification.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "show_notification"}', rows => '
label_ro: Arată o notificare
label_en: Show a notification
description: Puts the clinic''s words into the inbox inside the app.
needs: {}
is_marketing: false
act_function: act_show_notification
check_function: check_show_notification
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}, "en": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"}}}
');
-- end of source: reference/automation/action_show_notification.sql

-- source: reference/automation/action_suggest_form.sql
-- The action suggest_form: what its config may be. What it does stands in act_suggest_form.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "suggest_form"}', rows => '
label_ro: Propune un formular
label_en: Suggest a form
description: Makes a form for the patient and tells them; nothing waits for it.
needs: {patient}
is_marketing: false
act_function: act_suggest_form
check_function: check_require_form
config_schema:
{"type": "object", "additionalProperties": false, "required": ["templateId"],
 "properties": {
   "templateId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/automation/action_suggest_form.sql

-- source: reference/automation/action_update_segment.sql
-- The action update_segment: what its config may be. What it does stands in act_update_segment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "update_segment"}', rows => '
label_ro: Schimbă segmentul
label_en: Update a segment
description: Puts the patient into a list of the clinic, or takes them out.
needs: {patient}
is_marketing: false
act_function: act_update_segment
check_function: check_update_segment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["segmentId"],
 "properties": {
   "segmentId": {"type": "string", "format": "uuid"},
   "isIn": {"type": "boolean"}}}
');
-- end of source: reference/automation/action_update_segment.sql

-- source: reference/automation/automation_consumer.sql
-- The events that the consumer "automations" may be told of: those that an automation can begin with. AUT-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "automations"}', rows => '
  event_name
  ------------------------------
  appointment.booked
  appointment.cancelled
  appointment.confirmed
  appointment.done
  appointment.noshow
  appointment.reinstated
  appointment.reminder_due
  appointment.rescheduled
  appointment.started
  appointment.upcoming
  consent.granted
  consent.refused
  consent.withdrawn
  form.cancelled
  form.completed
  form.created
  form.reopened
  form.signed
  patient.booking_block_lifted
  patient.booking_blocked
  patient.onboarded
  patient.profile_completed
  patient_subscription.active
  patient_subscription.canceled
  patient_subscription.expired
  patient_subscription.past_due
  patient_subscription.tier_changed
  patient_subscription.trialing
  review.low_rating
');
-- end of source: reference/automation/automation_consumer.sql

-- source: reference/automation/automation_events.sql
-- What an automation can begin with: events about a patient. AUT-01.
-- undone_by is also what tg_events__cancel_automations listens to.

select app_private.own_rows('app_private.automation_events', rows => '
  event_name                          | label_ro                                       | label_en                                | has                   | undone_by
  ------------------------------------+------------------------------------------------+-----------------------------------------+-----------------------+----------------------------------------------------------------------
  appointment.booked                  | Programare făcută                              | Appointment booked                      | {patient,appointment} | {appointment.cancelled}
  appointment.cancelled               | Programare anulată                             | Appointment cancelled                   | {patient,appointment} | {appointment.reinstated}
  appointment.confirmed               | Programare confirmată de pacient               | Appointment confirmed by the patient    | {patient,appointment} | {appointment.cancelled}
  appointment.done                    | Programare încheiată                           | Appointment finished                    | {patient,appointment} | {}
  appointment.noshow                  | Pacientul nu s-a prezentat                     | The patient did not come                | {patient,appointment} | {}
  appointment.reinstated              | Anularea programării a fost retrasă            | Cancellation taken back                 | {patient,appointment} | {appointment.cancelled}
  appointment.rescheduled             | Programare mutată                              | Appointment moved                       | {patient,appointment} | {appointment.cancelled}
  appointment.reminder_due            | Se apropie programarea                         | A reminder is due                       | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  appointment.started                 | Programare începută                            | Appointment started                     | {patient,appointment} | {}
  appointment.upcoming                | Programarea este aproape                       | Appointment is near                     | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  consent.granted                     | Consimțământ acordat                           | Consent granted                         | {patient}             | {consent.withdrawn}
  consent.refused                     | Consimțământ refuzat                           | Consent refused                         | {patient}             | {}
  consent.withdrawn                   | Consimțământ retras                            | Consent withdrawn                       | {patient}             | {}
  form.cancelled                      | Formular anulat                                | Form cancelled                          | {patient}             | {}
  form.completed                      | Formular completat                             | Form completed                          | {patient}             | {form.cancelled,form.reopened}
  form.created                        | Formular trimis pacientului                    | Form asked of the patient               | {patient}             | {form.cancelled}
  form.reopened                       | Formular redeschis                             | Form reopened                           | {patient}             | {form.cancelled}
  form.signed                         | Formular semnat                                | Form signed                             | {patient}             | {}
  patient.booking_block_lifted        | Programarea online este din nou permisă        | Patient may book again                  | {patient}             | {}
  patient.booking_blocked             | Programarea online a fost blocată              | Patient kept from booking               | {patient}             | {patient.booking_block_lifted}
  patient.onboarded                   | Pacient nou                                    | New patient                             | {patient}             | {}
  patient.profile_completed           | Profil completat                               | Profile completed                       | {patient}             | {}
  patient_subscription.active         | Abonament activ                                | Subscription active                     | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  patient_subscription.canceled       | Abonament anulat                               | Subscription cancelled                  | {patient}             | {}
  patient_subscription.expired        | Abonament expirat                              | Subscription expired                    | {patient}             | {}
  patient_subscription.past_due       | Abonament cu plata întârziată                  | Subscription past due                   | {patient}             | {patient_subscription.active,patient_subscription.canceled}
  patient_subscription.tier_changed   | Abonament schimbat                             | Subscription changed                    | {patient}             | {patient_subscription.canceled}
  patient_subscription.trialing       | Perioadă de probă începută                     | Trial started                           | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  review.low_rating                   | Recenzie cu puține stele                       | Review with few stars                   | {patient,appointment} | {}
');
-- end of source: reference/automation/automation_events.sql

-- source: reference/events/event_consumers.sql
-- Who hears of events: each is a file of tasks/consumers. FND-14.

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | on_demand | description
  -----------------+-----------+---------------------------------------------------------------------------
  automations      | true      | Begins the automations that a clinic has for an event.
  notifications    | false     | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | false     | Gives a new clinic the templates of forms that the product brings.
  video            | false     | Makes rooms for video appointments, takes them away, ends recordings.
');
-- end of source: reference/events/event_consumers.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                     | description
  -------------------------+-------------------------------------------------------------
  appointments.conduct     | Start and finish appointments, record no-shows
  appointments.manage      | Book, confirm, cancel; answer booking requests
  appointments.view        | See the clinic''s appointments and booking requests
  audit.view               | Read the clinic''s audit log
  automations.manage       | Edit the clinic''s automations, switch them on and off
  automations.view         | See the clinic''s automations and what they did
  calendars.manage         | Edit bookable calendars
  consent_texts.manage     | Publish the clinic''s consent texts and privacy notices
  consents.override        | Go on without a consent in an emergency, with a reason
  consents.record          | Record what patients accept, refuse and withdraw, on evidence
  form_templates.manage    | Edit and publish templates of forms and the clinic''s own fields
  forms.fill               | Make forms for patients, fill them in, complete and reopen them
  forms.view               | See the patients'' forms and what was answered
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patient_plans.manage     | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view       | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage     | Edit tiers and what they include
  patients.block           | Keep patients from booking by themselves, and decide about it
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  reviews.alerted          | Be told at once of reviews with few stars
  reviews.view             | Read patients'' reviews and the specialists'' ratings
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
  segments.manage          | Make segments of patients, edit and remove them
  segments.view            | See segments, and who is in them
  service_plans.manage     | Edit service plans and products
  services.manage          | Edit services and who provides them
  specialists.manage       | Add, edit and remove specialists
  specialists.view_org     | See specialists'' accounts and contacts
  specialties.manage       | Edit the clinic''s own specialties
  suppressions.lift        | Let the clinic write again to an address that was reported as dead
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  segments.view
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.block
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/notify/message_automation_email.sql
-- The message automation_email: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_email"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_email"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_email"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: email
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_email.sql

-- source: reference/notify/message_automation_in_app.sql
-- The message automation_in_app: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_in_app"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_in_app"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  in_app  | inbox | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_in_app"}', rows => '
channel: in_app
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_in_app.sql

-- source: reference/notify/message_automation_push.sql
-- The message automation_push: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_push"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_push"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  push    | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_push"}', rows => '
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_push.sql

-- source: reference/notify/message_automation_sms.sql
-- The message automation_sms: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_sms"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_sms"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  sms     | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_sms"}', rows => '
channel: sms
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: sms
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_sms.sql

-- source: reference/notify/message_automation_whatsapp.sql
-- The message automation_whatsapp: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_whatsapp"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_whatsapp"}', rows => '
  channel  | route | rank | is_default
  ---------+-------+------+-----------
  whatsapp | alert | 1    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_whatsapp"}', rows => '
channel: whatsapp
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: whatsapp
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_whatsapp.sql

-- source: reference/notify/message_followup_not_booked.sql
-- The message followup_not_booked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "followup_not_booked"}', rows => '
topic: clinic
lasts: 7 days
variables: {patientName,serviceName}
sample: {"patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "followup_not_booked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "followup_not_booked"}', rows => '
channel: email
locale: ro
version: 1
title: De programat: {{patientName}}
body:
Bună ziua, {{recipientName}},

Următoarea vizită nu a putut fi programată automat:

{{patientName}}
{{serviceName}}

Vă rugăm să o programați dumneavoastră. Motivul este scris la automatizările clinicii.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: To book: {{patientName}}
body:
Hello {{recipientName}},

The next visit could not be booked automatically:

{{patientName}}
{{serviceName}}

Please book it yourself. Why it could not be is written with what the clinics automations did.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De programat: {{patientName}}
body: {{serviceName}}: vizita nu a putut fi programată automat.
==========
channel: in_app
locale: en
version: 1
title: To book: {{patientName}}
body: {{serviceName}}: the visit could not be booked automatically.
');
-- end of source: reference/notify/message_followup_not_booked.sql

-- source: reference/notify/message_offer_email.sql
-- The message offer_email: what it needs, by which ways it goes, and its words on each. As automation_email, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_email"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_email"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_email"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: email
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_email.sql

-- source: reference/notify/message_offer_push.sql
-- The message offer_push: what it needs, by which ways it goes, and its words on each. As automation_push, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_push"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_push"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  push    | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_push"}', rows => '
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_push.sql

-- source: reference/notify/message_offer_sms.sql
-- The message offer_sms: what it needs, by which ways it goes, and its words on each. As automation_sms, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_sms"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_sms"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  sms     | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_sms"}', rows => '
channel: sms
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: sms
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_sms.sql

-- source: reference/notify/message_offer_whatsapp.sql
-- The message offer_whatsapp: what it needs, by which ways it goes, and its words on each. As automation_whatsapp, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_whatsapp"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_whatsapp"}', rows => '
  channel  | route | rank | is_default
  ---------+-------+------+-----------
  whatsapp | alert | 1    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_whatsapp"}', rows => '
channel: whatsapp
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: whatsapp
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_whatsapp.sql

-- source: reference/notify/message_patient_asked.sql
-- The message patient_asked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "patient_asked"}', rows => '
topic: forms
lasts: 14 days
variables: {what}
sample: {"what": "Chestionar despre durere"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "patient_asked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
  push    | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "patient_asked"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} vă roagă să completați ceva
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați înainte de următoarea vizită:

{{what}}

Îl găsiți în contul dumneavoastră.{{#clinicPhone}} Aveți o întrebare? Sunați la {{clinicPhone}}.{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} asks you to fill something in
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill this in before your next visit:

{{what}}

You find it in your account.{{#clinicPhone}} Questions? Call {{clinicPhone}}.{{/clinicPhone}}

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De completat: {{what}}
body: {{clinicName}} vă roagă să completați: {{what}}
==========
channel: in_app
locale: en
version: 1
title: To fill in: {{what}}
body: {{clinicName}} asks you to fill in: {{what}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți ceva de completat.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have something to fill in.
');
-- end of source: reference/notify/message_patient_asked.sql

-- source: reference/notify/message_topics.sql
-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                               | name_ro
  -------------+---------------+------------------------------------+-------------------------------------------
  appointments | transactional | Appointments and booking requests  | Programări și cereri de programare
  care         | transactional | Advice and questions about my care | Sfaturi și întrebări despre îngrijirea mea
  clinic       | transactional | Work at the clinic                 | Activitatea clinicii
  forms        | transactional | Forms to fill in and sign          | Formulare de completat și semnat
  news         | marketing     | News and offers                    | Noutăți și oferte
  own_visits   | transactional | My appointments as a specialist    | Programările mele ca specialist
  terms        | transactional | Terms and privacy notices          | Termeni și note de informare
');
-- end of source: reference/notify/message_topics.sql

-- source: reference/rules/rule_collections.sql
-- What rules count of a patient. SEG-02.

select app_private.own_rows('app_private.rule_collections', rows => '
code: appointments
label_en: Appointments
label_ro: Programări
source: appointments
permission: appointments.view
table_name: app_public.appointments
person_sql: r.patient_profile_id = p.patient_profile_id and r.deleted_at is null
time_sql: r.starts_at
event_property: appointmentId
==========
code: forms
label_en: Forms
label_ro: Formulare
source: forms
permission: forms.view
table_name: app_public.forms
person_sql: r.patient_id = p.id and r.deleted_at is null
time_sql: coalesce(r.completed_at, r.created_at)
event_property: formId
==========
code: plans
label_en: Service plans
label_ro: Planuri de servicii
source: plans
permission: patient_plans.view
table_name: app_public.patient_service_plans
person_sql: r.patient_profile_id = p.patient_profile_id
time_sql: r.starts_at
');
-- end of source: reference/rules/rule_collections.sql

-- source: reference/rules/rule_event_properties.sql
-- What properties of events are called in a condition. SEG-05. One that is not here goes by the name that it has in the event.

select app_private.own_rows('app_private.rule_event_properties', rows => '
  property         | label_en          | label_ro                 | choices_of
  -----------------+-------------------+--------------------------+---------------
  serviceId        | Service           | Serviciu                 | services
  specialistId     | Specialist        | Specialist               | specialists
  fromSpecialistId | Specialist before | Specialistul de dinainte | specialists
  calendarId       | Calendar          | Calendar                 | calendars
  templateId       | Form              | Formular                 | form_templates
  tierId           | Subscription      | Abonament                | patient_tiers
  startsAt         | Starts on         | Începe în                |
  endsAt           | Ends on           | Se încheie în            |
  from             | State before      | Starea de dinainte       |
  to               | New state         | Starea nouă              |
  rating           | Stars             | Stele                    |
');
-- end of source: reference/rules/rule_event_properties.sql

-- source: reference/rules/rule_fields_of_appointments.sql
-- The fields of what a patient has several of: appointments. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "appointments"}', rows => '
code: appointment.status
position: 18
type: choice
label_en: State
label_ro: Stare
source: appointments
permission: appointments.view
cost: 3
value_sql: r.status
choices: [{"value": "booked", "ro": "programată", "en": "booked"}, {"value": "upcoming", "ro": "urmează", "en": "upcoming"}, {"value": "confirmed", "ro": "confirmată", "en": "confirmed"}, {"value": "inprogress", "ro": "în desfășurare", "en": "in progress"}, {"value": "done", "ro": "încheiată", "en": "done"}, {"value": "cancelled", "ro": "anulată", "en": "cancelled"}, {"value": "noshow", "ro": "neprezentare", "en": "no-show"}]
==========
code: appointment.service
position: 19
type: choice
label_en: Service
label_ro: Serviciu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.service_id::text
choices_of: services
==========
code: appointment.specialist
position: 20
type: choice
label_en: Specialist
label_ro: Specialist
source: appointments
permission: appointments.view
cost: 3
value_sql: r.specialist_id::text
choices_of: specialists
==========
code: appointment.calendar
position: 21
type: choice
label_en: Calendar
label_ro: Calendar
source: appointments
permission: appointments.view
cost: 3
value_sql: r.calendar_id::text
choices_of: calendars
==========
code: appointment.modality
position: 22
type: choice
label_en: How it takes place
label_ro: Cum are loc
source: appointments
permission: appointments.view
cost: 3
value_sql: r.modality
choices: [{"value": "in_person", "ro": "la clinică", "en": "in person"}, {"value": "video", "ro": "video", "en": "video"}, {"value": "phone", "ro": "telefonic", "en": "by phone"}]
==========
code: appointment.starts_at
position: 23
type: instant
label_en: Day
label_ro: Ziua
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at
==========
code: appointment.created_at
position: 24
type: instant
label_en: Booked on
label_ro: Făcută în
source: appointments
permission: appointments.view
cost: 3
value_sql: r.created_at
==========
code: appointment.is_to_come
position: 25
type: boolean
label_en: Is still to come
label_ro: Urmează
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at > {now}
turns_sql: case when r.starts_at > {now} then r.starts_at end
==========
code: appointment.is_late_cancellation
position: 26
type: boolean
label_en: Was called off late
label_ro: A fost anulată târziu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.is_late_cancellation
==========
code: appointment.is_by_plan
position: 27
type: boolean
label_en: Is by a plan
label_ro: Este dintr-un plan
source: appointments
permission: appointments.view
cost: 3
value_sql: r.patient_service_plan_id is not null
');
-- end of source: reference/rules/rule_fields_of_appointments.sql

-- source: reference/rules/rule_fields_of_forms.sql
-- The fields of what a patient has several of: forms. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "forms"}', rows => '
code: answered.template
position: 28
type: choice
label_en: Form
label_ro: Formular
source: forms
permission: forms.view
cost: 3
value_sql: r.template_id::text
choices_of: form_templates
==========
code: answered.status
position: 29
type: choice
label_en: State
label_ro: Stare
source: forms
permission: forms.view
cost: 3
value_sql: r.status
choices: [{"value": "pending", "ro": "neînceput", "en": "not begun"}, {"value": "in_progress", "ro": "în lucru", "en": "in progress"}, {"value": "completed", "ro": "completat", "en": "completed"}, {"value": "signed", "ro": "semnat", "en": "signed"}, {"value": "cancelled", "ro": "anulat", "en": "cancelled"}]
==========
code: answered.completed_at
position: 30
type: instant
label_en: Completed on
label_ro: Completat în
source: forms
permission: forms.view
cost: 3
value_sql: r.completed_at
==========
code: answered.created_at
position: 31
type: instant
label_en: Asked on
label_ro: Cerut în
source: forms
permission: forms.view
cost: 3
value_sql: r.created_at
');
-- end of source: reference/rules/rule_fields_of_forms.sql

-- source: reference/rules/rule_fields_of_patients.sql
-- The fields of a patient that every clinic has. SEG-02, SEG-05. p is the patient with the person, $1 the clinic; {today} and
-- {zone} are the clinic's, {now} the present. A new source, such as adherence, is a record here and its row in rule_sources:
-- the compiler needs no change. The subscription is the one that is live.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": null}', rows => '
code: profile.age
position: 1
type: number
label_en: Age
label_ro: Vârsta
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then extract(year from age({today}::timestamp, p.birth_date::timestamp)) end
turns_sql: case when p.birth_date > {today} then p.birth_date else greatest((p.birth_date + make_interval(years => extract(year from age({today}::timestamp, p.birth_date::timestamp))::int + 1))::date, {today} + 1) end::timestamp at time zone {zone}
==========
code: profile.birth_date
position: 2
type: date
label_en: Date of birth
label_ro: Data nașterii
source: profile
permission: patients.view
cost: 0
value_sql: p.birth_date
==========
code: profile.days_to_birthday
position: 3
type: number
label_en: Days until the birthday
label_ro: Zile până la ziua de naștere
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int + case when (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int))::date < {today} then 1 else 0 end))::date - {today} end
turns_sql: case when p.birth_date is not null then ({today} + 1)::timestamp at time zone {zone} end
==========
code: profile.given_name
position: 4
type: text
label_en: Given name
label_ro: Prenume
source: profile
permission: patients.view
cost: 0
value_sql: p.given_name
==========
code: profile.family_name
position: 5
type: text
label_en: Family name
label_ro: Nume de familie
source: profile
permission: patients.view
cost: 0
value_sql: p.family_name
==========
code: profile.email
position: 6
type: text
label_en: E-mail address
label_ro: Adresă de e-mail
source: profile
permission: patients.view
cost: 0
value_sql: p.email
==========
code: profile.has_phone
position: 7
type: boolean
label_en: Has a phone number
label_ro: Are număr de telefon
source: profile
permission: patients.view
cost: 0
value_sql: p.phone is not null
==========
code: profile.locale
position: 8
type: choice
label_en: Language
label_ro: Limba
source: profile
permission: patients.view
cost: 0
value_sql: p.locale
choices: [{"value": "ro", "ro": "română", "en": "Romanian"}, {"value": "en", "ro": "engleză", "en": "English"}]
==========
code: patient.created_at
position: 9
type: instant
label_en: Patient since
label_ro: Pacient din
source: patient
permission: patients.view
cost: 0
value_sql: p.created_at
==========
code: patient.profile_completed_at
position: 10
type: instant
label_en: Profile complete since
label_ro: Profil complet din
source: patient
permission: patients.view
cost: 0
value_sql: p.profile_completed_at
==========
code: patient.has_account
position: 11
type: boolean
label_en: Has an account
label_ro: Are cont
source: profile
permission: patients.view
cost: 0
value_sql: p.human_id is not null
==========
code: patient.has_open_plan
position: 12
type: boolean
label_en: Has an open plan
label_ro: Are un plan deschis
source: plans
permission: patient_plans.view
cost: 1
value_sql: exists (select from app_public.patient_service_plans as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and app_public.patient_service_plans_is_open(s))
turns_sql: (select min(least(case when v.starts_at > {now} then v.starts_at end, case when v.valid_until > {now} then v.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = v.source_tier_subscription_id and turn.at > {now}))) from app_public.patient_service_plans as v where v.organization_id = $1 and v.patient_profile_id = p.patient_profile_id and v.ended_at is null)
==========
code: subscription.tier
position: 13
type: choice
label_en: Subscription
label_ro: Abonament
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.tier_id::text from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices_of: patient_tiers
==========
code: subscription.status
position: 14
type: choice
label_en: State of the subscription
label_ro: Starea abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.status from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "pending", "ro": "în așteptare", "en": "pending"}, {"value": "trialing", "ro": "de probă", "en": "on trial"}, {"value": "active", "ro": "activ", "en": "active"}, {"value": "past_due", "ro": "plată restantă", "en": "payment awaited"}]
==========
code: subscription.billing_period
position: 15
type: choice
label_en: Billing period of the subscription
label_ro: Perioada de facturare a abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.billing_period from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "month", "ro": "lunar", "en": "monthly"}, {"value": "quarter", "ro": "trimestrial", "en": "quarterly"}, {"value": "year", "ro": "anual", "en": "yearly"}]
==========
code: subscription.since
position: 16
type: date
label_en: Subscribed since
label_ro: Abonat din
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.anchor_on from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: subscription.ends_at
position: 17
type: instant
label_en: Subscription ends on
label_ro: Abonamentul se încheie în
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.ends_at from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
');
-- end of source: reference/rules/rule_fields_of_patients.sql

-- source: reference/rules/rule_fields_of_plans.sql
-- The fields of what a patient has several of: plans. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "plans"}', rows => '
code: plan.service_plan
position: 32
type: choice
label_en: Plan
label_ro: Plan
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.service_plan_id::text
choices_of: service_plans
==========
code: plan.is_open
position: 33
type: boolean
label_en: Is open
label_ro: Este deschis
source: plans
permission: patient_plans.view
cost: 3
value_sql: app_public.patient_service_plans_is_open(r)
turns_sql: least(case when r.starts_at > {now} then r.starts_at end, case when r.valid_until > {now} then r.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = r.source_tier_subscription_id and turn.at > {now}))
==========
code: plan.is_of_subscription
position: 34
type: boolean
label_en: Comes with a subscription
label_ro: Vine cu un abonament
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.source_tier_subscription_id is not null
==========
code: plan.starts_at
position: 35
type: instant
label_en: Begins on
label_ro: Începe în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.starts_at
==========
code: plan.valid_until
position: 36
type: instant
label_en: Valid until
label_ro: Valabil până în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.valid_until
==========
code: plan.ended_at
position: 37
type: instant
label_en: Ended on
label_ro: Încheiat în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.ended_at
');
-- end of source: reference/rules/rule_fields_of_plans.sql

-- source: reference/rules/rule_operators.sql
-- How fields are compared. SEG-02. Where a field is missing the comparison is null, which counts as false. {v} is the field,
-- {a} and {b} what it is compared with; of a text {a} is folded when the rule is compiled.

select app_private.own_rows('app_private.rule_operators', rows => '
  type     | code            | position | label_en                    | label_ro                   | operand | condition_sql                                              | turning_days
  ---------+-----------------+----------+-----------------------------+----------------------------+---------+------------------------------------------------------------+------------------------------
  text     | is              | 1        | is                          | este                       | one     | app_private.rule_text({v}) = {a}                          |
  text     | is_not          | 2        | is not                      | nu este                    | one     | app_private.rule_text({v}) <> {a}                         |
  text     | contains        | 3        | contains                    | conține                    | one     | position({a} in app_private.rule_text({v})) > 0           |
  text     | contains_not    | 4        | does not contain            | nu conține                 | one     | position({a} in app_private.rule_text({v})) = 0           |
  text     | starts_with     | 5        | starts with                 | începe cu                  | one     | starts_with(app_private.rule_text({v}), {a})              |
  text     | one_of          | 6        | is one of                   | este una dintre            | list    | app_private.rule_text({v}) = any ({a})                    |
  text     | none_of         | 7        | is none of                  | nu este niciuna dintre     | list    | app_private.rule_text({v}) <> all ({a})                   |
  text     | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  text     | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  number   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  number   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  number   | greater         | 3        | is greater than             | este mai mare decât        | one     | {v} > {a}                                                  |
  number   | at_least        | 4        | is at least                 | este cel puțin             | one     | {v} >= {a}                                                 |
  number   | less            | 5        | is less than                | este mai mic decât         | one     | {v} < {a}                                                  |
  number   | at_most         | 6        | is at most                  | este cel mult              | one     | {v} <= {a}                                                 |
  number   | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  number   | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  number   | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  boolean  | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  boolean  | is_set          | 2        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  boolean  | is_not_set      | 3        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  date     | is              | 1        | is on                       | este în ziua de            | one     | {v} = {a}                                                  |
  date     | is_not          | 2        | is not on                   | nu este în ziua de         | one     | {v} <> {a}                                                 |
  date     | before          | 3        | is before                   | este înainte de            | one     | {v} < {a}                                                  |
  date     | until           | 4        | is on or before             | este cel târziu în         | one     | {v} <= {a}                                                 |
  date     | after           | 5        | is after                    | este după                  | one     | {v} > {a}                                                  |
  date     | since           | 6        | is on or after              | este cel devreme în        | one     | {v} >= {a}                                                 |
  date     | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  date     | last_days       | 8        | is today or in the last … days | este azi sau în ultimele … zile | days | {v} between {today} - {a} and {today}                      | {v}; {v} + {a} + 1
  date     | more_days_ago   | 9        | was more than … days ago    | a fost acum mai mult de … zile | days | {v} < {today} - {a}                                        | {v} + {a} + 1
  date     | next_days       | 10       | is today or in the next … days | este azi sau în următoarele … zile | days | {v} between {today} and {today} + {a}                 | {v} - {a}; {v} + 1
  date     | is_set          | 11       | is known                    | este cunoscută             | none    | {v} is not null                                            |
  date     | is_not_set      | 12       | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choice   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  choice   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  choice   | one_of          | 3        | is one of                   | este una dintre            | list    | {v} = any ({a})                                            |
  choice   | none_of         | 4        | is none of                  | nu este niciuna dintre     | list    | {v} <> all ({a})                                           |
  choice   | is_set          | 5        | is known                    | este cunoscută             | none    | {v} is not null                                            |
  choice   | is_not_set      | 6        | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choices  | includes        | 1        | includes                    | include                    | one     | {v} @> array[{a}]                                          |
  choices  | includes_not    | 2        | does not include            | nu include                 | one     | not {v} @> array[{a}]                                      |
  choices  | includes_any    | 3        | includes any of             | include una dintre         | list    | {v} && {a}                                                 |
  choices  | includes_all    | 4        | includes all of             | include toate              | list    | {v} @> {a}                                                 |
  choices  | is_set          | 5        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  choices  | is_not_set      | 6        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  presence | is_set          | 1        | is there                    | există                     | none    | {v} is not null                                            |
  presence | is_not_set      | 2        | is not there                | nu există                  | none    | {v} is null                                                |
');
-- end of source: reference/rules/rule_operators.sql

-- source: reference/rules/rule_sources.sql
-- Which rows a rule reads, and whom a changed row is about: what marks patients to be looked at again stands on these. SEG-03.
-- A score of a form is written with its completion, so form stands for both.

select app_private.own_rows('app_private.rule_sources', rows => '
  code         | table_name                           | found_by           | detail_column
  -------------+--------------------------------------+--------------------+----------------
  profile      | app_public.patient_profiles          | profile            |
  patient      | app_public.patients                  | patient            |
  clinic       | app_public.organizations             | clinic             |
  custom       | app_public.custom_field_values       | patient_profile_id | custom_field_id
  form         | app_public.forms                     | patient_id         | template_id
  forms        | app_public.forms                     | patient_id         |
  appointments | app_public.appointments              | patient_profile_id |
  consents     | app_public.consents                  | patient_profile_id | purpose_code
  consents     | app_public.consent_purpose_versions  | everyone           | purpose_code
  plans        | app_public.patient_service_plans     | patient_profile_id |
  plans        | app_public.patient_subscriptions     | patient_profile_id |
  subscription | app_public.patient_subscriptions     | patient_profile_id |
  segment      | app_public.segment_members           | patient_id         | segment_id
');
-- end of source: reference/rules/rule_sources.sql

-- source: reference/segments/segment_events.sql
-- What is published about segments. A version is never changed: a new one is added. FND-14, SEG-04.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "segment_member"}', rows => '
name: segment.entered
version: 1
description: Something of a patient changed, or time passed, and they are in a segment now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
==========
name: segment.left
version: 1
description: Something of a patient changed, or time passed, and they are not in a segment any more.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
');
-- end of source: reference/segments/segment_events.sql

select app_private.write_owned_rows();
