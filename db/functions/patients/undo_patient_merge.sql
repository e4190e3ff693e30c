-- Two who were merged are two again: exactly the rows that moved go back, while they are where the merge put them. What
-- came after the merge stays with the patient who was kept. Locks as merge_patients does. FND-34.

set role app_engine;

create or replace function app_public.undo_patient_merge(merge_id uuid, reason text) returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_merge app_public.patient_merges;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_further uuid;
begin
  select patient_merges.* into v_merge from app_public.patient_merges where patient_merges.id = merge_id;
  perform app_private.require_permission(v_merge.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_merge.organization_id);
  select patient_merges.* into strict v_merge from app_public.patient_merges where patient_merges.id = merge_id for update;
  if v_merge.undone_at is not null then
    perform app_hidden.refuse('STATE', 'merge_is_undone', '{"legal": []}');
  end if;
  perform from app_public.patients
  where patients.organization_id = v_merge.organization_id
    and patients.patient_profile_id in (v_merge.patient_profile_id, v_merge.merged_profile_id)
  order by patients.id
  for update;
  select patients.* into strict v_kept
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.patient_profile_id;
  select patients.* into strict v_duplicate
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.merged_profile_id;

  select patient_merges.id into v_further
  from app_public.patient_merges
  where patient_merges.organization_id = v_merge.organization_id
    and patient_merges.merged_profile_id = v_merge.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse('CONFLICT', 'merged_further', jsonb_build_object('mergeId', v_further));
  elsif v_kept.deleted_at is not null then
    perform app_hidden.refuse('CONFLICT', 'belongs_to_something_deleted', '{"entity": "patients"}');
  end if;

  perform app_private.take_back_moves(v_merge);
  update app_public.patient_merges set undone_at = app_hidden.now(), undone_by = app_private.current_actor_id(), undo_reason = v_reason
  where patient_merges.id = v_merge.id
  returning * into v_merge;
  update app_public.patients set deleted_at = null where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merge_undone', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.undo_patient_merge is
  'Takes a merge back: the rows that moved return to the patient they came from, who is in the lists again. Needs '
  'patients.merge and a reason. STATE merge_is_undone; CONFLICT merged_further, moved_since, belongs_to_something_deleted '
  'say what has to be taken back first.';
grant execute on function app_public.undo_patient_merge to app_member;

reset role;
