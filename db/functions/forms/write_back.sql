-- What a form says of the patient goes to where it was read from: once, where whoever completes it may write there, and not over
-- what was changed there meanwhile. What does not go is kept as a conflict, for staff to decide. FRM-05.

create or replace function app_private.write_back(form app_public.forms) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_item jsonb;
  v_key text;
  v_target text;
  v_field text;
  v_value jsonb;
  v_before jsonb;
  v_base jsonb;
  v_outcome text;
begin
  for v_item in
    select item from app_private.form_items((form).snapshot) as item
    where (item ? 'profile_field' or item ? 'custom_field') and (form).answers ? (item ->> 'key')
      and not exists (
        select from app_public.form_write_backs
        where form_write_backs.organization_id = (form).organization_id and form_write_backs.form_id = (form).id
          and form_write_backs.key = item ->> 'key')
  loop
    v_key := v_item ->> 'key';
    v_target := case when v_item ? 'profile_field' then 'profile' else 'custom_field' end;
    v_field := coalesce(v_item ->> 'profile_field', v_item ->> 'custom_field');
    v_value := app_private.as_written((form).organization_id, v_target, v_field, (form).answers -> v_key);
    v_before := app_private.value_to_write_back((form).organization_id, (form).patient_profile_id, v_target, v_field);
    v_base := (form).prefill -> v_key -> 'value';
    -- Nothing new, or what was filled in at the beginning and nobody touched: what is newer stays.
    continue when v_value is not distinct from v_before or v_value is not distinct from v_base;

    v_outcome := case
      when v_before is distinct from v_base then 'newer_value'
      else app_private.try_to_write_back((form).organization_id, (form).patient_id, v_target, v_field, v_value, (form).id)
    end;
    insert into app_public.form_write_backs
      (organization_id, form_id, key, target, field, outcome, value_before, value_at_creation, value, written_at)
    values
      ((form).organization_id, (form).id, v_key, v_target, v_field, v_outcome, v_before, v_base, v_value, app_hidden.now());
  end loop;
end;
$$;

comment on function app_private.write_back is
  'Writes answers back to the profile and to fields of the clinic, each once, and keeps as a conflict what may not be written.';
grant execute on function app_private.write_back to app_engine;

-- An answer as it would stand there, so that 0722 123 456 is no change of +40722123456.
create or replace function app_private.as_written(organization_id uuid, target text, field text, value jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select case
    when target = 'profile' and field = 'phone' then coalesce((
      select to_jsonb(reading.number)
      from app_public.organizations
      cross join lateral app_hidden.read_phone(value #>> '{}', organizations.country) as reading
      where organizations.id = as_written.organization_id), value)
    when jsonb_typeof(value) = 'string' then to_jsonb(btrim(value #>> '{}', e' \t\r\n'))
    else value
  end;
end;

comment on function app_private.as_written is 'An answer in the way in which it would be stored.';
grant execute on function app_private.as_written to app_engine;

-- Locked, so that what is compared is what is written over.
create or replace function app_private.value_to_write_back(organization_id uuid, patient_profile_id uuid, target text, field text)
returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_value jsonb;
begin
  if target = 'profile' then
    select to_jsonb(patient_profiles) -> field into strict v_value
    from app_public.patient_profiles
    where patient_profiles.id = value_to_write_back.patient_profile_id
    for update;
  else
    select custom_field_values.value into v_value
    from app_public.custom_fields
    join app_public.custom_field_values
      on custom_field_values.organization_id = custom_fields.organization_id
      and custom_field_values.custom_field_id = custom_fields.id
      and custom_field_values.patient_profile_id = value_to_write_back.patient_profile_id
    where custom_fields.organization_id = value_to_write_back.organization_id
      and custom_fields.entity_type = 'patient' and custom_fields.system_key = value_to_write_back.field
    for update of custom_field_values;
  end if;
  return nullif(v_value, 'null');
end;
$$;

comment on function app_private.value_to_write_back is 'What stands in the profile, or in a field of the clinic, locked; null where nothing does.';
grant execute on function app_private.value_to_write_back to app_engine;

-- A profile is written by its person, by whoever cares for them, and by the clinic while the person has no account; an address
-- only if it is proved, as tg_patient_profiles__email_proof() asks. A field of the clinic is what the clinic's form asks for.
create or replace function app_private.try_to_write_back(
  organization_id uuid, patient_id uuid, target text, field text, value jsonb, form_id uuid
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_person app_public.patient_profiles;
  v_field app_public.custom_fields;
begin
  if target = 'custom_field' then
    select custom_fields.* into v_field
    from app_public.custom_fields
    where custom_fields.organization_id = try_to_write_back.organization_id
      and custom_fields.entity_type = 'patient' and custom_fields.system_key = try_to_write_back.field;
    begin
      perform app_private.write_custom_field_value(v_field, try_to_write_back.patient_id, try_to_write_back.value, try_to_write_back.form_id);
    exception when sqlstate 'RX400' or sqlstate 'RX404' or sqlstate 'RX409' then
      return 'not_taken';
    end;
    return 'written';
  end if;

  select patient_profiles.* into strict v_person
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = try_to_write_back.organization_id and patients.id = try_to_write_back.patient_id;
  if not (
    v_person.human_id is null and app_hidden.has_permission(try_to_write_back.organization_id, 'patients.manage')
    or v_person.id = any (app_hidden.current_human_patient_profile_ids()) and (try_to_write_back.field <> 'email' or exists (
      select from app_public.humans
      where humans.principal_id = coalesce(v_person.human_id, app_hidden.current_account_id())
        and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(try_to_write_back.value #>> '{}') and humans.email_verified_at is not null))
  ) then
    return 'not_permitted';
  end if;
  begin
    update app_public.patient_profiles set (given_name, family_name, email, phone, birth_date) = (
      select changed.given_name, changed.family_name, changed.email, changed.phone, changed.birth_date
      from jsonb_populate_record(v_person, jsonb_build_object(try_to_write_back.field, try_to_write_back.value)) as changed)
    where patient_profiles.id = v_person.id;
  exception when sqlstate 'RX400' or sqlstate 'RX403' or sqlstate 'RX409' or integrity_constraint_violation then
    return 'not_taken';
  end;
  return 'written';
end;
$$;

comment on function app_private.try_to_write_back is 'Writes one answer back, and says what came of it: written, not_permitted or not_taken.';
grant execute on function app_private.try_to_write_back to app_engine;
