-- Whoever sees the form sees who signed it and how. Written by app_private.sign() alone, and never again. CNS-04..07, CNS-09.

select app_private.classify('app_public.form_signatures', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "level", "link_id", "locale", "proof_sha256"],
    "pii_basic": ["signer_name", "typed_name", "signer_human_id"],
    "phi": ["form_id", "mode", "signature", "caregiver_id", "identified_by", "signed_at"]}');
select app_private.protect('app_public.form_signatures', engine => 'select, insert');

-- Of which link it came is told to staff, in the events: a patient sees no links.
grant select (id, organization_id, form_id, mode, signature, level, signer_name, typed_name, signer_human_id, caregiver_id, identified_by,
              locale, proof_sha256, signed_at)
   on app_public.form_signatures to app_member;

create policy form_signatures_select_staff on app_public.form_signatures for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]));

create policy form_signatures_select_person on app_public.form_signatures for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and exists (
      select from app_public.forms
      where forms.organization_id = form_signatures.organization_id and forms.id = form_signatures.form_id
        and forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    )
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_signatures
  for each statement execute function app_private.tg_frozen();
