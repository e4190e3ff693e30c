-- Who acts for the duplicate acts for the patient who is kept, with the evidence that was shown for it, as long as the
-- clinic alone may say so; otherwise a caregiver of the one alone refuses the merge. A minor's link ends on the eighteenth
-- birthday of the one who is kept. FND-34, FND-07.

create or replace function app_private.on_merge_caregivers(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_links jsonb;
  v_evidence jsonb;
begin
  if not is_the_clinics_own then
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = duplicate.patient_profile_id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > v_today)
        and not exists (
          select from app_public.caregivers as known
          where known.patient_profile_id = kept.patient_profile_id and known.human_id = caregivers.human_id and known.revoked_at is null)
    ) then
      perform app_hidden.refuse('CONFLICT', 'caregivers_differ');
    end if;
    return '{}';
  end if;

  select app_private.caregiver_ends_on(patient_profiles.birth_date) into strict v_ends_on
  from app_public.patient_profiles
  where patient_profiles.id = kept.patient_profile_id;
  with moved as (
    update app_public.caregivers set
      patient_profile_id = kept.patient_profile_id,
      ends_on = case when v_ends_on > v_today then least(caregivers.ends_on, v_ends_on) else caregivers.ends_on end
    where caregivers.patient_profile_id = duplicate.patient_profile_id
      and not (caregivers.revoked_at is null and exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = kept.patient_profile_id and known.human_id = caregivers.human_id and known.revoked_at is null))
    returning caregivers.id, old.patient_profile_id, old.ends_on
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_links from moved;
  with moved as (
    update app_private.caregiver_evidence set patient_profile_id = kept.patient_profile_id
    from jsonb_to_recordset(v_links) as link (id uuid)
    where caregiver_evidence.caregiver_id = link.id
    returning caregiver_evidence.organization_id, caregiver_evidence.caregiver_id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_evidence from moved;
  return jsonb_build_object(
    'app_public.caregivers.patient_profile_id', v_links, 'app_private.caregiver_evidence.patient_profile_id', v_evidence);
end;
$$;

comment on function app_private.on_merge_caregivers is
  'Moves caregiver links and their evidence, but for links that the one who is kept has. CONFLICT caregivers_differ.';
grant execute on function app_private.on_merge_caregivers to app_engine;
