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
