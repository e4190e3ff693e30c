-- A change of what rules read marks whom it is about, for the segments that read it, in the transaction of the change. SEG-03.
-- One query a statement asks first whether a segment of the clinic reads it, since most changes concern none: that finds nothing in a
-- small index. What stands before that query, every writer of the table pays for, so its arguments are read where they are needed. The same function stands on every table of rule_sources, told by its arguments how to find the patient;
-- it knows its rows as "changed", written or deleted.

set role app_engine;

create or replace function app_private.tg_mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_clinics uuid[];
begin
  if tg_argv[1] in ('patient_profile_id', 'patient_id', 'patient') then
    if tg_nargs = 2 then
      if not exists (
        select
        from changed
        join app_private.segment_dependencies as dependency
          on dependency.organization_id = changed.organization_id and dependency.code = tg_argv[0]
      ) then
        return null;
      end if;
    elsif not exists (
      select
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
    ) then
      return null;
    end if;
  elsif tg_argv[1] = 'profile' then
    if not exists (
      select
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = tg_argv[0]
    ) then
      return null;
    end if;
  end if;

  if tg_argv[1] = 'patient' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, changed.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id and dependency.code = tg_argv[0]
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'patient_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, changed.patient_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'patient_profile_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
      join app_public.patients
        on patients.organization_id = changed.organization_id and patients.patient_profile_id = changed.patient_profile_id
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'profile' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = tg_argv[0]
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'clinic' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.id and dependency.code = tg_argv[0]
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
        on dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
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
