-- Patients see who looked at their record, and caregivers who looked at that of their charges; also what was read of a
-- record before it was merged into theirs. FND-08, FND-34.

set role app_engine;

create or replace function app_public.my_chart_readings(patient_profile_id uuid default null)
returns setof app_public.chart_reading
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.occurred_at, entries.organization_id, organizations.name, entries.person_id, entries.actor_id,
             humans.display_name, entries.new ->> 'what')::app_public.chart_reading
  from audit.entries
  left join app_public.organizations on organizations.id = entries.organization_id
  left join app_public.humans on humans.principal_id = entries.actor_id
  where entries.person_id = any ((select app_private.with_merged(app_hidden.current_human_patient_profile_ids()))::uuid[])
    and (my_chart_readings.patient_profile_id is null
         or entries.person_id = any ((select app_private.with_merged(array[my_chart_readings.patient_profile_id]))::uuid[]))
    and entries.action = 'read'
  order by entries.occurred_at desc, entries.id desc
  limit 1000;
end;

comment on function app_public.my_chart_readings is
  'Who looked at the caller''s record, or at that of somebody they care for, where and when: the newest 1,000, newest first.';
grant execute on function app_public.my_chart_readings to app_member;

reset role;
