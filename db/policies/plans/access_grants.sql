-- What was opened by hand: staff with patient_plans.view, and the person. Written by verbs only. CAT-08.

select app_private.classify('app_public.access_grants', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "revoked_by", "granted_by", "created_at", "updated_at", "automation_rule_version_id"],
    "phi": ["patient_profile_id", "access", "reason", "expires_at", "revoked_at"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.access_grants', 'patient_profile_id', 'moves');
select app_private.protect('app_public.access_grants', engine => 'select, insert, update');

-- Which automation opened it, its execution says, to staff with automations.view.
grant select (id, organization_id, patient_profile_id, access, reason, expires_at, revoked_at, revoked_by, granted_by, created_at, updated_at)
  on app_public.access_grants to app_member;

create policy access_grants_select_staff on app_public.access_grants for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy access_grants_select_person on app_public.access_grants for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
