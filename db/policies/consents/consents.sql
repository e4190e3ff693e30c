-- The person sees what they answered, also at a clinic that they left; staff with patients.view see their patients'. Written
-- by verbs only, withdrawn by verbs only, deleted by nobody. FND-16, CNS-03, CNS-09.

select app_private.classify('app_public.consents', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "organization_id", "version_scope_id", "source_form_id", "decided_by", "caregiver_id",
                    "evidence_hash", "holds_until", "decided_at", "created_at", "withdrawn_at", "withdrawn_by"],
    "phi": ["patient_profile_id", "human_id", "purpose_code", "purpose_version_id", "legal_basis", "decision", "source",
            "evidence", "emergency_reason"],
    "pii_basic": ["relationship"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.consents', 'patient_profile_id', 'moves');
select app_private.protect('app_public.consents',
  engine => 'select, insert, update (withdrawn_at, withdrawn_by, patient_profile_id)');

grant select on app_public.consents to app_member;

create policy consents_select_staff on app_public.consents for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy consents_select_person on app_public.consents for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));

create policy consents_select_self on app_public.consents for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
