-- What forms and consents say of each other. CNS-02, FRM-02.
alter table app_public.form_template_purposes drop constraint if exists form_template_purposes_are_of_a_version;
alter table app_public.form_template_purposes
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint form_template_purposes_are_of_a_version foreign key (purpose_scope_id, purpose_version_id)
    references app_public.consent_purpose_versions (scope_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index form_template_purposes_version_idx on app_public.form_template_purposes (purpose_scope_id, purpose_version_id);
alter table app_public.form_template_version_purposes drop constraint if exists form_template_version_purposes_are_of_a_version;
alter table app_public.form_template_version_purposes
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint form_template_version_purposes_are_of_a_version foreign key (purpose_scope_id, purpose_version_id)
    references app_public.consent_purpose_versions (scope_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index form_template_version_purposes_purpose_idx on app_public.form_template_version_purposes (purpose_scope_id, purpose_version_id);
alter table app_public.consents drop constraint if exists consents_organization_id_source_form_id_fkey;
alter table app_public.consents
  -- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
  add constraint consents_organization_id_source_form_id_fkey foreign key (organization_id, source_form_id)
    references app_public.forms (organization_id, id) on delete restrict;
alter table app_public.consents drop constraint if exists consents_forms_belong_to_a_clinic;
alter table app_public.consents
  -- squawk-ignore constraint-missing-not-valid
  add constraint consents_forms_belong_to_a_clinic check (source_form_id is null or organization_id is not null);
