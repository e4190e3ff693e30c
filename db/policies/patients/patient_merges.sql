-- Staff with patients.merge see what was merged at their clinic, and what to undo. Written by verbs only. FND-34.

alter table app_public.patient_merges enable row level security;
alter table app_public.patient_merges force row level security;

grant select (id, organization_id, patient_profile_id, merged_profile_id, reason, merged_by, created_at, undone_at, undone_by,
              undo_reason)
   on app_public.patient_merges to app_member;

drop policy if exists patient_merges_select_staff on app_public.patient_merges;
create policy patient_merges_select_staff on app_public.patient_merges
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.merge'))::uuid[]));

grant select, insert, update on app_public.patient_merges to app_engine;
drop policy if exists patient_merges_all_engine on app_public.patient_merges;
create policy patient_merges_all_engine on app_public.patient_merges
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.patient_merges', 'medical_record',
  '{"operational": ["id", "organization_id", "merged_by", "created_at", "undone_at", "undone_by"],
    "phi": ["patient_profile_id", "merged_profile_id", "reason", "moved", "undo_reason"]}',
  person_column => 'patient_profile_id');
