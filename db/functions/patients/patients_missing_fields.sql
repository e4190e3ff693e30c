-- What a clinic asks of its patients and does not have of this one: told to whoever sees the patient, who need not see the
-- clinic's list of fields. FND-32.

set role app_engine;

create or replace function app_public.patients_missing_fields(patient app_public.patients) returns text[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(array_agg(missing.field order by missing.place, missing.field), '{}')
  from (
    select 1 as place, asked.field
    from app_public.organizations
    cross join lateral unnest(organizations.required_profile_fields) as asked (field)
    join app_public.patient_profiles on patient_profiles.id = patient.patient_profile_id
    where organizations.id = patient.organization_id
      and case asked.field when 'email' then patient_profiles.email is null
                           when 'phone' then patient_profiles.phone is null
                           else patient_profiles.birth_date is null end
    union all
    select 2, custom_fields.system_key
    from app_public.custom_fields
    where custom_fields.organization_id = patient.organization_id
      and custom_fields.entity_type = 'patient'
      and custom_fields.published
      and custom_fields.is_required
      and not exists (
        select from app_public.custom_field_values
        where custom_field_values.organization_id = patient.organization_id
          and custom_field_values.custom_field_id = custom_fields.id
          and custom_field_values.patient_profile_id = patient.patient_profile_id)
  ) as missing
$$;

comment on function app_public.patients_missing_fields is
  'Facts that the clinic asks for and does not have: birth_date, email, phone, or the key of a field of its own. Empty when the profile is complete.';
grant execute on function app_public.patients_missing_fields to app_member;

reset role;
