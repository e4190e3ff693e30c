-- What each table that names a patient does when two patients are merged is said by the table. FND-34.

-- squawk-ignore ban-drop-table
drop table if exists app_private.merge_rules;

create table app_private.merge_rules (
  table_name text not null references app_private.classified_tables on delete restrict,
  column_name text not null,
  rule text not null,
  reason text,
  merge_function text,
  primary key (table_name, column_name),
  constraint merge_rules_rule_is_known check (rule in ('moves', 'follows', 'stays', 'calls')),
  constraint merge_rules_call_a_function check ((rule = 'calls') = (merge_function is not null)),
  constraint merge_rules_say_why_rows_stay check ((rule = 'stays') = (reason is not null)),
  constraint merge_rules_reason_is_told check (length(btrim(reason)) between 10 and 500)
);
comment on table app_private.merge_rules is
  'What merge_patients() does with the rows of a table that name the duplicate; written by on_merge(), from the table''s policy file.';
comment on column app_private.merge_rules.column_name is 'The column that names a patient.';
comment on column app_private.merge_rules.rule is
  'moves: to the patient who is kept; follows: by a key with the row that it belongs to, if there is one; stays: as it is; calls: what the function does.';
comment on column app_private.merge_rules.reason is 'Why rows stay.';
comment on column app_private.merge_rules.merge_function is 'The function of app_private that decides about the rows, named on_merge_….';

comment on table app_private.event_consumers is
  'Who is told about events; each has a handler in the file of this name in tasks/consumers.';

-- What earlier merges moved is written as the rows were: key, and each column that changed. A merge that is undone needs
-- none of it, and is written alike.
set local role app_engine;
update app_public.patient_merges set moved = (
  select coalesce(jsonb_object_agg(written.key, written.rows), '{}')
  from (
    select named.key,
           (select jsonb_agg(
              jsonb_build_object('patient_profile_id', patient_merges.merged_profile_id)
              || case jsonb_typeof(entry) when 'string' then jsonb_build_object('id', entry)
                   else jsonb_build_object('id', entry -> 'id', 'ends_on', entry -> 'endsOn') end)
            from jsonb_array_elements(patient_merges.moved -> named.before) as entry) as rows
    from (values
      ('appointments', 'app_public.appointments.patient_profile_id'),
      ('messages', 'app_public.messages.patient_profile_id'),
      ('caregivers', 'app_public.caregivers.patient_profile_id'),
      ('notificationPreferences', 'app_public.notification_preferences.patient_profile_id'),
      ('quietHours', 'app_public.quiet_hours.patient_profile_id')) as named (before, key)
    union all
    select 'app_private.caregiver_evidence.patient_profile_id',
           (select jsonb_agg(jsonb_build_object(
              'organization_id', caregiver_evidence.organization_id,
              'caregiver_id', caregiver_evidence.caregiver_id,
              'patient_profile_id', patient_merges.merged_profile_id))
            from jsonb_array_elements(patient_merges.moved -> 'caregivers') as entry
            join app_private.caregiver_evidence on caregiver_evidence.caregiver_id = (entry ->> 'id')::uuid)
  ) as written
  where written.rows is not null)
where patient_merges.moved ? 'appointments';
reset role;
