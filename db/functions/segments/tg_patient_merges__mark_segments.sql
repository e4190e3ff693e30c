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
