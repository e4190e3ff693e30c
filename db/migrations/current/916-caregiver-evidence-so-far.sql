-- Evidence that was noted so far goes to the clinic of whoever noted it, or else to the person's first clinic. FND-07.

set role app_engine;
do $$
begin
  if exists (
    select from pg_catalog.pg_attribute
    where attrelid = 'app_public.caregivers'::regclass and attname = 'evidence' and not attisdropped
  ) then
    insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence, created_at)
    select clinic.organization_id, caregivers.id, caregivers.patient_profile_id, caregivers.evidence, caregivers.created_at
    from app_public.caregivers
    cross join lateral (
      select patients.organization_id
      from app_public.patients
      left join app_public.memberships
        on memberships.organization_id = patients.organization_id and memberships.human_id = caregivers.added_by
      where patients.patient_profile_id = caregivers.patient_profile_id
      order by memberships.id is null, patients.created_at, patients.id
      limit 1
    ) as clinic
    on conflict do nothing;
  end if;
end;
$$;
reset role;
-- squawk-ignore ban-drop-column
alter table app_public.caregivers drop column if exists evidence;
