-- A row that goes from one patient to another marks the one that it leaves, for the segments that read it; tg_mark_segments marks
-- the one that it comes to. Its arguments are those of a row of rule_sources. SEG-03.
-- Several rows of one patient in one transaction leave one mark. One of another transaction does not count: the worker may take it
-- before this one commits.

set role app_engine;

create or replace function app_private.tg_mark_former_patient() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row constant jsonb := to_jsonb(old);
  v_code constant text := tg_argv[0] || coalesce(':' || (v_row ->> tg_argv[2]), '');
begin
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select dependency.organization_id, dependency.segment_id, patients.id
  from app_private.segment_dependencies as dependency
  join app_public.patients
    on patients.organization_id = dependency.organization_id
    and case tg_argv[1] when 'patient_id' then patients.id else patients.patient_profile_id end = (v_row ->> tg_argv[1])::uuid
  where dependency.organization_id = old.organization_id and dependency.code = v_code
    and not exists (
      select from app_private.segment_marks as marks
      where marks.organization_id = dependency.organization_id and marks.segment_id = dependency.segment_id
        and marks.patient_id = patients.id and marks.xmin = pg_catalog.pg_current_xact_id()::xid);
  if found then
    perform app_private.queue_segments(array[old.organization_id]);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_former_patient is
  'Marks the patient whose row becomes another''s; its arguments are those of a row of rule_sources. Triggers _900_segments_<source>_left.';

reset role;

-- One for each source whose rows name a patient by a column. A test holds them beside rule_sources.
create or replace trigger _900_segments_custom_left after update on app_public.custom_field_values
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_left after update on app_public.forms
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_left after update on app_public.forms
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('forms', 'patient_id');
create or replace trigger _900_segments_appointments_left after update on app_public.appointments
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_left after update on app_public.consents
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_plans_left after update on app_public.patient_service_plans
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_left after update on app_public.patient_subscriptions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_left after update on app_public.patient_subscriptions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_left after update on app_public.segment_members
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('segment', 'patient_id', 'segment_id');
