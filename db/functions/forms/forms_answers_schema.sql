-- What the answers of a form look like, as JSON Schema, for frontends that make an editor of it. FRM-04. It says the shape; whether
-- something is shown, and so whether it must be there, depends on other answers: form_problems() decides.

create or replace function app_hidden.answers_schema(items jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_inner jsonb;
  v_properties jsonb := '{}';
  v_required jsonb := '[]';
begin
  for v_item in select value from jsonb_array_elements(items) loop
    if v_item ->> 'type' = 'group' and not v_item ? 'repeat' then
      v_inner := app_hidden.answers_schema(v_item -> 'items');
      v_properties := v_properties || (v_inner -> 'properties');
      v_required := v_required || case when v_item ? 'visible_if' then '[]' else v_inner -> 'required' end;
    elsif v_item ->> 'type' <> 'statement' then
      v_properties := v_properties || jsonb_build_object(v_item ->> 'key', app_hidden.answer_schema(v_item));
      if (v_item ->> 'required')::boolean and not v_item ? 'visible_if' then
        v_required := v_required || (v_item -> 'key');
      end if;
    end if;
  end loop;
  return jsonb_build_object(
    'type', 'object', 'properties', v_properties, 'required', v_required, 'additionalProperties', false);
end;
$$;

comment on function app_hidden.answers_schema is 'The answers to items of one level as JSON Schema.';
grant execute on function app_hidden.answers_schema to app_member;

create or replace function app_hidden.answer_schema(item jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select jsonb_strip_nulls(jsonb_build_object('title', coalesce(item #> '{label,ro}', item #> '{label,en}')) || case
    when item ->> 'type' in ('text', 'long_text') then jsonb_build_object(
      'type', 'string', 'minLength', item -> 'min_length', 'maxLength', coalesce(item -> 'max_length', '10000'))
    when item ->> 'type' = 'email' then '{"type": "string", "format": "email", "maxLength": 254}'
    when item ->> 'type' = 'phone' then '{"type": "string", "maxLength": 31}'
    when item ->> 'type' in ('integer', 'scale') then jsonb_build_object(
      'type', 'integer', 'minimum', item -> 'min', 'maximum', item -> 'max')
    when item ->> 'type' = 'number' then jsonb_build_object('type', 'number', 'minimum', item -> 'min', 'maximum', item -> 'max')
    when item ->> 'type' = 'boolean' then '{"type": "boolean"}'
    when item ->> 'type' = 'date' then '{"type": "string", "format": "date"}'
    when item ->> 'type' = 'choice' then jsonb_build_object('enum', jsonb_path_query_array(item, '$.options[*].value'))
    when item ->> 'type' = 'choices' then jsonb_build_object(
      'type', 'array', 'uniqueItems', true, 'minItems', item -> 'min_chosen', 'maxItems', item -> 'max_chosen',
      'items', jsonb_build_object('enum', jsonb_path_query_array(item, '$.options[*].value')))
    when item ->> 'type' = 'file' then jsonb_build_object(
      'type', 'array', 'uniqueItems', true, 'maxItems', coalesce(item -> 'max_files', '1'),
      'items', '{"type": "string", "format": "uuid"}'::jsonb)
    else jsonb_build_object(
      'type', 'array', 'minItems', item #> '{repeat,min}', 'maxItems', coalesce(item #> '{repeat,max}', '100'),
      'items', app_hidden.answers_schema(item -> 'items'))
  end);
end;

comment on function app_hidden.answer_schema is 'The answer to one field, or the entries of a group that repeats, as JSON Schema.';
grant execute on function app_hidden.answer_schema to app_member;

create or replace function app_public.forms_answers_schema(form app_public.forms) returns jsonb
language sql stable
set search_path = ''
return jsonb_build_object('$schema', 'https://json-schema.org/draft/2020-12/schema') || app_hidden.answers_schema(form.snapshot -> 'items');

comment on function app_public.forms_answers_schema is
  'The shape of the answers as JSON Schema. What a condition shows is in no list of what is required: the database decides.';
grant execute on function app_public.forms_answers_schema to app_member;
