-- What a clinic asks of one patient before the next visit, and which automation asked. AUT-02.

alter table app_public.booking_blocks drop constraint if exists booking_blocks_automation_fkey;
alter table app_public.access_grants drop constraint if exists access_grants_automation_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_requirements;

create table app_public.patient_requirements (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_profile_id uuid not null,
  template_id uuid,
  purpose_code text,
  form_id uuid,
  is_blocking boolean not null default true,
  automation_rule_version_id uuid,
  created_at timestamptz not null default now(),
  fulfilled_at timestamptz,
  lifted_at timestamptz,
  lifted_by uuid references app_public.principals on delete restrict,
  lift_reason text,
  constraint patient_requirements_identity unique (organization_id, id),
  constraint patient_requirements_are_of_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_requirements_template_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete restrict,
  constraint patient_requirements_form_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint patient_requirements_automation_fkey foreign key (organization_id, automation_rule_version_id)
    references app_public.automation_rule_versions (organization_id, id) on delete restrict,
  constraint patient_requirements_ask_for_one_thing check (num_nonnulls(template_id, purpose_code) = 1),
  constraint patient_requirements_forms_are_of_templates check (form_id is null or template_id is not null),
  constraint patient_requirements_end_once check (num_nonnulls(fulfilled_at, lifted_at) <= 1),
  constraint patient_requirements_are_lifted_by_somebody check (
    (lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null)),
  constraint patient_requirements_lift_reason_is_not_blank check (length(btrim(lift_reason)) >= 3),
  constraint patient_requirements_lift_reason_is_at_most_500_characters_long check (length(lift_reason) <= 500)
);
create unique index patient_requirements_ask_once on app_public.patient_requirements
  (organization_id, patient_profile_id, template_id, purpose_code) nulls not distinct
  where fulfilled_at is null and lifted_at is null;
create index patient_requirements_patient_idx on app_public.patient_requirements (organization_id, patient_profile_id, created_at, id);
create index patient_requirements_profile_idx on app_public.patient_requirements (patient_profile_id);
create index patient_requirements_template_idx on app_public.patient_requirements (organization_id, template_id);
create index patient_requirements_form_idx on app_public.patient_requirements (organization_id, form_id);
create index patient_requirements_automation_idx on app_public.patient_requirements (organization_id, automation_rule_version_id);
create index patient_requirements_lifted_by_idx on app_public.patient_requirements (lifted_by);
comment on table app_public.patient_requirements is
  'What is asked of one patient: a form to complete, or a consent to give, most often before the clinic books for them. It stands until that '
  'is done, or somebody of the clinic lifts it.';
comment on column app_public.patient_requirements.template_id is E'@nullable\nThe form that is asked for; null where it is a consent.';
comment on column app_public.patient_requirements.purpose_code is E'@nullable\nThe consent that is asked for, by its purpose; null where it is a form.';
comment on column app_public.patient_requirements.form_id is E'@nullable\nThe form that was made for it.';
comment on column app_public.patient_requirements.is_blocking is
  'Whether it keeps the clinic from booking for them. What is asked without that is theirs to do whenever they like.';
comment on column app_public.patient_requirements.automation_rule_version_id is E'@nullable\nThe automation that asked.';
comment on column app_public.patient_requirements.fulfilled_at is E'@nullable\nWhen it was done.';
comment on column app_public.patient_requirements.lifted_at is E'@nullable\nWhen the clinic let go of it.';
comment on column app_public.patient_requirements.lifted_by is E'@nullable\nWho did, by the id of their account.';
comment on column app_public.patient_requirements.lift_reason is E'@nullable\nWhy; the patient reads it.';
comment on constraint patient_requirements_are_of_a_patient on app_public.patient_requirements is
  E'@fieldName patient\n@foreignFieldName requirements\nThe patient who is asked.';
comment on constraint patient_requirements_automation_fkey on app_public.patient_requirements is E'@behavior -*\nThe automation that it came from.';

alter table app_public.booking_blocks add column if not exists automation_rule_version_id uuid;
comment on column app_public.booking_blocks.automation_rule_version_id is E'@nullable\nThe automation that blocked; null where somebody did by hand.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists booking_blocks_automation_idx on app_public.booking_blocks (organization_id, automation_rule_version_id);
-- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
alter table app_public.booking_blocks add constraint booking_blocks_automation_fkey
  foreign key (organization_id, automation_rule_version_id)
  references app_public.automation_rule_versions (organization_id, id) on delete restrict;
comment on constraint booking_blocks_automation_fkey on app_public.booking_blocks is E'@behavior -*\nThe automation that it came from.';

alter table app_public.access_grants add column if not exists automation_rule_version_id uuid;
comment on column app_public.access_grants.automation_rule_version_id is E'@nullable\nThe automation that opened it; null where somebody did by hand.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists access_grants_automation_idx on app_public.access_grants (organization_id, automation_rule_version_id);
-- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
alter table app_public.access_grants add constraint access_grants_automation_fkey
  foreign key (organization_id, automation_rule_version_id)
  references app_public.automation_rule_versions (organization_id, id) on delete restrict;
comment on constraint access_grants_automation_fkey on app_public.access_grants is E'@behavior -*\nThe automation that it came from.';

