-- Front desk registers a person. The profile is new: one who is known elsewhere is never matched silently. FND-07.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/e164.sql

set role app_engine;

create or replace function app_public.create_patient(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null,
  locale text default 'ro'
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile_id uuid;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
  select create_patient.given_name, create_patient.family_name, create_patient.email,
         app_hidden.e164(create_patient.phone, organizations.country), create_patient.birth_date, create_patient.locale
  from app_public.organizations
  where organizations.id = create_patient.organization_id
  returning id into v_profile_id;
  return app_private.admit_patient(create_patient.organization_id, v_profile_id);
end;
$$;

comment on function app_public.create_patient(uuid, text, text, text, text, date, text) is
  'Registers a person as a patient of the clinic. Needs patients.manage; VALIDATION names the field.';
grant execute on function app_public.create_patient(uuid, text, text, text, text, date, text) to app_member;

reset role;
