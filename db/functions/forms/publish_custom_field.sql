-- A field may be used from its first publication on; what is published again unchanged is no new version. FRM-01.

set role app_engine;

create or replace function app_public.publish_custom_field(custom_field_id uuid) returns app_public.custom_fields
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_field app_public.custom_fields;
begin
  -- Numbers are given under the lock of the field.
  select custom_fields.* into v_field
  from app_public.custom_fields
  where custom_fields.id = publish_custom_field.custom_field_id
    and custom_fields.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_field.organization_id, 'form_templates.manage');

  if not exists (
    select from app_public.custom_field_versions as latest
    where latest.organization_id = v_field.organization_id and latest.custom_field_id = v_field.id
      and latest.number = v_field.version and latest.definition = v_field.definition
  ) then
    insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition, published_by, published_at)
    values (v_field.organization_id, v_field.id, v_field.version + 1, v_field.definition, app_private.current_actor_id(), app_hidden.now());
    v_field.version := v_field.version + 1;
  end if;
  update app_public.custom_fields set version = v_field.version, published = true
  where custom_fields.id = v_field.id
  returning * into v_field;
  return v_field;
end;
$$;

comment on function app_public.publish_custom_field is
  'Publishes a field of the clinic as it is drafted: values are checked by it from then on. Needs form_templates.manage. '
  'Unchanged, it makes no new version.';
grant execute on function app_public.publish_custom_field to app_member;

reset role;
