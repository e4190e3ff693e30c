-- Which facts a clinic needs of its patients, and since when it has them. FND-32.

alter table app_public.organizations
  add column if not exists required_profile_fields text[] not null default '{birth_date,phone}';
alter table app_public.organizations drop constraint if exists organizations_required_profile_fields_are_known;
alter table app_public.organizations
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_required_profile_fields_are_known
  check (required_profile_fields <@ '{birth_date,email,phone}' and array_position(required_profile_fields, null) is null);
comment on column app_public.organizations.required_profile_fields is
  'What a patient''s profile needs to be complete: any of birth_date, email, phone. Fields of the clinic''s own say it themselves.';

alter table app_public.custom_fields add column if not exists is_required boolean not null default false;
comment on column app_public.custom_fields.is_required is 'Whether a patient''s profile is complete only with a value.';

alter table app_public.patients add column if not exists profile_completed_at timestamptz;
comment on column app_public.patients.profile_completed_at is
  'When the clinic had every fact that it asks for, for the first time; null before. The database''s word.';
