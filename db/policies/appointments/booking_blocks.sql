-- The patient reads why and until when, and staff who see patients. Written by verbs only, deleted by nobody. APT-06,
-- docs/decisions/0115.

select app_private.classify('app_public.booking_blocks', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "blocked_by", "created_at", "contested_at", "decided_at", "decided_by",
                    "automation_rule_version_id"],
    "phi": ["patient_profile_id", "reason", "until", "objection", "decision", "decision_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.booking_blocks', 'patient_profile_id', 'moves');
select app_private.protect('app_public.booking_blocks', engine => 'select, insert, update');

-- Which automation blocked, its execution says, to staff with automations.view.
grant select (id, organization_id, patient_profile_id, reason, until, blocked_by, created_at, contested_at, objection, decision, decided_at,
              decided_by, decision_reason) on app_public.booking_blocks to app_member;

create policy booking_blocks_select_staff on app_public.booking_blocks for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy booking_blocks_select_person on app_public.booking_blocks for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
