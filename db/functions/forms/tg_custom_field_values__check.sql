-- Every value is of the type of its field, whoever writes it: checked by the version that is published. FRM-01.

set role app_engine;

create or replace function app_private.tg_custom_field_values__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_field app_public.custom_fields;
  v_definition jsonb;
begin
  select custom_fields.* into v_field
  from app_public.custom_fields
  where custom_fields.organization_id = new.organization_id and custom_fields.id = new.custom_field_id;
  if not found or not v_field.published then
    perform app_hidden.refuse('CONFLICT', 'field_not_published', jsonb_build_object('key', v_field.system_key));
  end if;
  select custom_field_versions.definition into strict v_definition
  from app_public.custom_field_versions
  where custom_field_versions.organization_id = new.organization_id
    and custom_field_versions.custom_field_id = new.custom_field_id and custom_field_versions.number = v_field.version;
  perform app_private.refuse_problems('value_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.form_problems(
      app_private.content_of_field(v_field.system_key, v_definition || '{"required": true}'),
      jsonb_build_object(v_field.system_key, new.value), true) as problem));
  new.version := v_field.version;
  return new;
end;
$$;

comment on function app_private.tg_custom_field_values__check is
  'VALIDATION value_not_valid; CONFLICT field_not_published. Trigger _300_check.';

reset role;

create or replace trigger _300_check before insert or update of value, custom_field_id on app_public.custom_field_values
  for each row execute function app_private.tg_custom_field_values__check();
