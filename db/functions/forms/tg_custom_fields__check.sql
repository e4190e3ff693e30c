-- A field is what an item of a form is, and is looked at alike. Its key, and what it belongs to, stay; so does its type once it
-- is published, since values of it are there. FRM-01.

set role app_engine;

create or replace function app_private.tg_custom_fields__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (new.system_key, new.entity_type) is distinct from (old.system_key, old.entity_type) then
    perform app_hidden.refuse('IMMUTABLE', 'key_stays', '{"field": "systemKey"}');
  end if;
  if tg_op = 'UPDATE' and old.version > 0 and new.definition ->> 'type' is distinct from old.definition ->> 'type' then
    perform app_hidden.refuse('CONFLICT', 'field_type_changed', jsonb_build_object(
      'key', new.system_key, 'from', old.definition ->> 'type', 'to', new.definition ->> 'type'));
  end if;
  perform app_private.refuse_problems(
    'definition_not_valid', (
      select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
      from (
        select regexp_replace(found.path, '^items\[0\]\.?', '') as path, found.reason, found.details
        from app_private.content_problems(app_private.content_of_field(new.system_key, new.definition)) as found
        union all
        select 'type', 'type_unknown', '{}'
        where new.definition ->> 'type' in ('file', 'group', 'statement')
        union all
        select word.key, 'property_unknown', '{}'
        from jsonb_object_keys(new.definition) as word (key)
        where word.key in ('key', 'visible_if', 'profile_field', 'custom_field', 'required')
      ) as problem));
  return new;
end;
$$;

comment on function app_private.tg_custom_fields__check is
  'VALIDATION definition_not_valid with each place; IMMUTABLE key_stays; CONFLICT field_type_changed. Trigger _300_check.';

reset role;

-- A form of this one field: what forms are checked by checks values as well.
create or replace function app_private.content_of_field(system_key text, definition jsonb) returns jsonb
language sql immutable
set search_path = ''
return jsonb_build_object(
  'format', 1, 'title', '{"en": "A field of the clinic"}'::jsonb,
  'items', jsonb_build_array(content_of_field.definition || jsonb_build_object('key', content_of_field.system_key)));

comment on function app_private.content_of_field is 'A template that asks a field of the clinic and nothing else.';
grant execute on function app_private.content_of_field to app_engine;
