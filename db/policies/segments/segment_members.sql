-- Staff with segments.view who see patients; written by the worker and by the verbs of lists. SEG-01, SEG-03.

select app_private.classify('app_public.segment_members', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "segment_id", "entered_at", "left_at"],
    "phi": ["patient_id", "patient_profile_id"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Follows from what is audited: the rows of the patient, and the rule. The stays are their own history.');
select app_private.on_merge('app_public.segment_members', 'patient_id', 'on_merge_segments');
select app_private.on_merge('app_public.segment_members', 'patient_profile_id', 'on_merge_segments');
select app_private.protect('app_public.segment_members', engine => 'select, insert, update');

grant select on app_public.segment_members to app_member;

create policy segment_members_select_staff on app_public.segment_members for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[])
         and organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));
