-- What a clinic saw before it linked a caregiver is read at that clinic, and by the person. FND-07.
-- The link is the person's and known to all their clinics; 916 brings over what was noted before.

create table if not exists app_private.caregiver_evidence (
  organization_id uuid not null references app_public.organizations on delete restrict,
  caregiver_id uuid not null references app_public.caregivers on delete cascade,
  patient_profile_id uuid not null references app_public.patient_profiles on delete restrict,
  evidence text not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, caregiver_id),
  constraint caregivers_evidence_is_not_blank check (length(btrim(evidence)) between 3 and 500)
);
create index if not exists caregiver_evidence_caregiver_idx on app_private.caregiver_evidence (caregiver_id);
create index if not exists caregiver_evidence_profile_idx on app_private.caregiver_evidence (patient_profile_id);
comment on table app_private.caregiver_evidence is 'What was shown for a caregiver link, and the clinic that saw it.';
