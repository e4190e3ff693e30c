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
