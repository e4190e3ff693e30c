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
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif v_people is null then
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

-- Consents are answered in an account, so a message to who has none links to nothing.
create or replace function app_private.asked_as(step app_private.action_step, form_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce('form:' || asked_as.form_id, (
    select 'consents' from app_public.patient_profiles
    where patient_profiles.id = (step).patient_profile_id and patient_profiles.human_id is not null));
end;

comment on function app_private.asked_as is
  'What a patient is asked for, as a message about it names it: form:<id>, or consents; null where there is nowhere to answer it.';
grant execute on function app_private.asked_as to app_engine;

-- What a mail links to: what the patient was asked for last by the actions before it, else the form that the event is about.
create or replace function app_private.asked_before(step app_private.action_step) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
      select app_private.asked_as(step, (executions.details ->> 'formId')::uuid)
      from app_public.automation_executions as executions
      where executions.organization_id = (step).organization_id and executions.automation_rule_version_id = (step).rule_version_id
        and executions.event_id = (step).event_id and executions.action_index < (step).action_index
        and executions.action in ('require_form', 'suggest_form', 'require_consent') and executions.outcome = 'done'
      order by executions.action_index desc
      limit 1),
    (
      select app_private.asked_as(step, forms.id)
      from app_private.events
      join app_public.forms on forms.organization_id = events.organization_id and forms.id = events.subject_id
      where events.id = (step).event_id and starts_with(events.name, 'form.')))
  where coalesce((step).config ->> 'to', 'patient') = 'patient';
end;

comment on function app_private.asked_before is
  'What the patient is asked for by what came before an action, as asked_as() names it; null where nothing is, and for other readers.';
grant execute on function app_private.asked_before to app_engine;

-- What the words of an action may name. Without a visit those about it stay empty.
create or replace function app_private.facts_of_step(step app_private.action_step) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
      'serviceName', null, 'specialistName', null, 'startsAt', null, 'endsAt', null, 'timezone', null, 'modality', null,
      'bookingRequestId', null,
      'asked', app_private.asked_before(step),
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
