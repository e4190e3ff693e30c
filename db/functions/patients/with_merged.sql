-- A person's record is also what stood under a profile that was merged into theirs: the audit keeps the id it was
-- written with. FND-34.

create or replace function app_private.with_merged(profile_ids uuid[]) returns uuid[]
language sql stable
set search_path = ''
begin atomic
  with recursive person (id) as (
    select given.id from unnest(with_merged.profile_ids) as given (id)
    union
    select patient_merges.merged_profile_id
    from person
    join app_public.patient_merges on patient_merges.patient_profile_id = person.id and patient_merges.undone_at is null
  )
  select coalesce(array_agg(person.id), '{}') from person;
end;

comment on function app_private.with_merged is 'These profiles, and those that were merged into them.';
grant execute on function app_private.with_merged to app_engine;
