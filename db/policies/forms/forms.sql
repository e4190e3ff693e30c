-- The patient, those who care for the patient, and staff with forms.view. Written by verbs only; what is signed is written
-- by nobody. FRM-04.

select app_private.classify('app_public.forms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "patient_id", "locale", "completions", "is_ahead", "created_by", "created_at",
                    "updated_at", "deleted_at"],
    "phi": ["patient_profile_id", "template_id", "version_id", "appointment_id", "amends_form_id", "snapshot", "status",
            "answers", "prefill", "completed_at", "signed_at", "valid_until", "reopen_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.forms', 'patient_id', 'on_merge_forms');
select app_private.on_merge('app_public.forms', 'patient_profile_id', 'on_merge_forms');
select app_private.allow_soft_delete('app_public.forms', 'patients.manage',
  '(select form_templates.name from app_public.form_templates where form_templates.id = r.template_id)',
  follows => 'app_public.patients');
select app_private.protect('app_public.forms', engine => 'select, insert, update', guard => true);

grant select on app_public.forms to app_member;

create policy forms_select_staff on app_public.forms for select to app_member
  using (organization_id = any ((select app_hidden.rights('forms.view'))::uuid[]) and deleted_at is null);

create policy forms_select_patient on app_public.forms for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );

-- The holder of a signature link or kiosk sees the one form that it leads to, once it is known who they are (CNS-06).
grant select (id, organization_id, snapshot, answers, prefill, locale, status) on app_public.forms to app_link;

create policy forms_select_link on app_public.forms for select to app_link
  using (id = (select app_hidden.current_link_form_id()) and deleted_at is null);

create or replace trigger _300_keeps_what_was_asked before update or delete on app_public.forms
  for each row execute function app_private.tg_forms__keep();

create or replace trigger _300_keeps_every_form before truncate on app_public.forms
  for each statement execute function app_private.tg_frozen();

create or replace trigger _900_record_move after insert or update of status on app_public.forms
  for each row execute function app_private.tg_forms__record_move();
