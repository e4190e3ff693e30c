-- Who was merged into another patient comes back by undoing the merge and by nothing else: restored alone the record
-- would be empty, and the person two patients again. FND-34, FND-10.

set role app_engine;

create or replace function app_private.tg_patients__merged() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_merge_id uuid;
begin
  select patient_merges.id into v_merge_id
  from app_public.patient_merges
  where patient_merges.organization_id = new.organization_id
    and patient_merges.merged_profile_id = new.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse('CONFLICT', 'patient_was_merged', jsonb_build_object('mergeId', v_merge_id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patients__merged is
  'Refuses to bring back a patient who was merged into another one. Trigger _200_merged.';

reset role;

create or replace trigger _200_merged before update of deleted_at on app_public.patients
  for each row when (old.deleted_at is not null and new.deleted_at is null)
  execute function app_private.tg_patients__merged();
