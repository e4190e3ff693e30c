-- Staff with patients.merge see what was merged at their clinic, and what to undo. Written by verbs only. FND-34.

select app_private.classify('app_public.patient_merges', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "merged_by", "created_at", "undone_at", "undone_by"],
    "phi": ["patient_profile_id", "merged_profile_id", "reason", "moved", "undo_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_merges', 'patient_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.on_merge('app_public.patient_merges', 'merged_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.protect('app_public.patient_merges', engine => 'select, insert, update');

grant select (id, organization_id, patient_profile_id, merged_profile_id, reason, merged_by, created_at, undone_at, undone_by,
              undo_reason)
   on app_public.patient_merges to app_member;

create policy patient_merges_select_staff on app_public.patient_merges for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.merge'))::uuid[]));
