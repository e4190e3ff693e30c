-- Staff note what a field of the clinic says of one patient, service or specialist; null takes it away. FRM-01.

set role app_engine;

create or replace function app_public.set_custom_field_value(custom_field_id uuid, entity_id uuid, value jsonb default null)
returns app_public.custom_field_values
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_field app_public.custom_fields;
  v_value app_public.custom_field_values;
begin
  select custom_fields.* into v_field
  from app_public.custom_fields
  where custom_fields.id = set_custom_field_value.custom_field_id
    and custom_fields.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(
    v_field.organization_id,
    case v_field.entity_type when 'patient' then 'patients.manage' when 'service' then 'services.manage' else 'specialists.manage' end);
  if coalesce(set_custom_field_value.value, 'null') = 'null' then
    delete from app_public.custom_field_values
    where custom_field_values.organization_id = v_field.organization_id and custom_field_values.custom_field_id = v_field.id
      and coalesce(custom_field_values.service_id, custom_field_values.specialist_id, (
        select patients.id from app_public.patients
        where patients.organization_id = v_field.organization_id
          and patients.patient_profile_id = custom_field_values.patient_profile_id)) = set_custom_field_value.entity_id
    returning * into v_value;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    return v_value;
  end if;
  return app_private.write_custom_field_value(v_field, set_custom_field_value.entity_id, set_custom_field_value.value);
end;
$$;

comment on function app_public.set_custom_field_value is
  E'@arg entityId The patient, service or specialist, by the id of Patient, Service or Specialist.\n'
  'Notes what a field of the clinic says; null takes it away, and the answer is what stood there. Needs patients.manage, services.manage or specialists.manage, '
  'by what the field is about. VALIDATION value_not_valid.';
grant execute on function app_public.set_custom_field_value to app_member;

reset role;

create or replace function app_private.write_custom_field_value(
  field app_public.custom_fields, entity_id uuid, value jsonb, source_form_id uuid default null
) returns app_public.custom_field_values
language plpgsql volatile
set search_path = ''
as $$
declare
  v_value app_public.custom_field_values;
  v_person_id uuid;
  v_exists boolean;
begin
  select patients.patient_profile_id into v_person_id
  from app_public.patients
  where patients.organization_id = (field).organization_id and patients.id = write_custom_field_value.entity_id
    and patients.deleted_at is null and (field).entity_type = 'patient';
  v_exists := case (field).entity_type
    when 'patient' then v_person_id is not null
    when 'service' then exists (
      select from app_public.services
      where services.organization_id = (field).organization_id and services.id = write_custom_field_value.entity_id and services.deleted_at is null)
    else exists (
      select from app_public.specialists
      where specialists.organization_id = (field).organization_id and specialists.id = write_custom_field_value.entity_id
        and specialists.deleted_at is null)
  end;
  if not v_exists then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;

  merge into app_public.custom_field_values as mine
  using (select (field).organization_id as organization_id, (field).id as field_id,
           v_person_id as patient_profile_id,
           case (field).entity_type when 'service' then write_custom_field_value.entity_id end as service_id,
           case (field).entity_type when 'specialist' then write_custom_field_value.entity_id end as specialist_id) as given
  on mine.organization_id = given.organization_id and mine.custom_field_id = given.field_id
    and coalesce(mine.patient_profile_id, mine.service_id, mine.specialist_id)
      = coalesce(given.patient_profile_id, given.service_id, given.specialist_id)
  when matched then update set
    value = write_custom_field_value.value, source_form_id = write_custom_field_value.source_form_id,
    updated_by = app_private.current_actor_id()
  when not matched then insert
    (organization_id, custom_field_id, entity_type, patient_profile_id, service_id, specialist_id, value, version, source_form_id, updated_by)
    values (given.organization_id, given.field_id, (field).entity_type, given.patient_profile_id, given.service_id, given.specialist_id,
            write_custom_field_value.value, 1, write_custom_field_value.source_form_id, app_private.current_actor_id())
  returning mine.* into v_value;
  return v_value;
end;
$$;

comment on function app_private.write_custom_field_value is
  'Writes the value of a field of the clinic for a row that is there; NOT_FOUND, or VALIDATION value_not_valid.';
grant execute on function app_private.write_custom_field_value to app_engine;
