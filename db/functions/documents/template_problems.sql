-- Everything that is wrong with a template or a component, place by place: blocks, properties, fields and formats that are not
-- known, addresses of other servers, pictures and components that are not this clinic's, and what is too large. The schemas
-- of document_block_types lead, so that an editor and this check read the same rule. DOC-01.

create or replace function app_private.template_problems(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb default '{}'
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_limits constant jsonb := app_private.document_limits();
  v_is_component constant boolean := template_problems.kind in ('letterhead', 'footer', 'signature');
  v_problems jsonb := '[]';
  v_scope jsonb;
  v_twice text;
begin
  if octet_length(template_problems.editor_state::text) > (v_limits ->> 'bytes')::int then
    v_problems := app_private.with_problem(v_problems, '$', 'too_large', (v_limits ->> 'bytes')::int);
  elsif (select count(*) from jsonb_path_query(template_problems.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.id))')) > (v_limits ->> 'blocks')::int then
    v_problems := app_private.with_problem(v_problems, '$.blocks', 'too_many', (v_limits ->> 'blocks')::int);
  else
    v_problems := app_private.document_addresses(template_problems.editor_state, '$', v_problems);
    v_problems := app_private.walk_document(
      (case when v_is_component
        then '{"type": "object", "required": ["blocks"], "properties": {"blocks": {"format": "blocks"}}}'
        else '{"type": "object", "required": ["blocks"], "properties": {"blocks": {"format": "blocks"}, "inputs": {"format": "inputs"}}}' end)::jsonb,
      template_problems.editor_state, '$',
      jsonb_build_object(
        'organization', template_problems.organization_id, 'kind', template_problems.kind,
        'inputs', app_private.document_inputs_of(template_problems.editor_state)),
      0, v_problems);
    select id #>> '{}' into v_twice
    from jsonb_path_query(template_problems.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.id)).id') as id
    group by id having count(*) > 1 order by id limit 1;
    if v_twice is not null then
      v_problems := app_private.with_problem(v_problems, '$.blocks', 'id_twice');
    end if;
  end if;
  v_problems := app_private.document_addresses(template_problems.layout_config, '$layout', v_problems);
  v_problems := app_private.walk_document(
    app_private.document_layout_schema(), template_problems.layout_config, '$layout', '{}', 0, v_problems);
  return query
    select problem.path, problem.reason, problem.details
    from jsonb_to_recordset(v_problems) as problem (path text, reason text, details jsonb);
end;
$$;

comment on function app_private.template_problems is 'What is wrong with a template or component of documents, each with its place; no row where it is sound.';
grant execute on function app_private.template_problems to app_engine;

create or replace function app_private.document_limits() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '{"bytes": 262144, "blocks": 500, "depth": 6, "inputs": 60}'::jsonb;

comment on function app_private.document_limits is 'How large a template of documents may be: bytes of its text, blocks in all, how deep they nest, inputs.';
grant execute on function app_private.document_limits to app_engine;

-- Nothing is fetched from elsewhere while a document is rendered, so that an address in a template is a mistake wherever it stands.
create or replace function app_private.document_addresses(value jsonb, path text, problems jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  with recursive places (path, value) as (
    select document_addresses.path, document_addresses.value
    -- Nearly always there is none, and nothing is gone through.
    where app_hidden.ascii_lower(document_addresses.value::text) ~ '([a-z][a-z0-9+.-]*://|data:[a-z]+/|(javascript|vbscript|blob|file):[^[:space:]])'
    union all
    select inner_place.path, inner_place.value
    from places
    cross join lateral (
      select places.path || '.' || left(member.key, 60) as path, member.value
      from jsonb_each(case jsonb_typeof(places.value) when 'object' then places.value else '{}' end) as member
      union all
      select format('%s[%s]', places.path, entry.place - 1), entry.value
      from jsonb_array_elements(case jsonb_typeof(places.value) when 'array' then places.value else '[]' end)
        with ordinality as entry (value, place)
    ) as inner_place
  ), found as (
    select places.path, places.value #>> '{}' as address
    from places
    where jsonb_typeof(places.value) = 'string'
      and app_hidden.ascii_lower(places.value #>> '{}') ~ '([a-z][a-z0-9+.-]*://|data:[a-z]+/|(javascript|vbscript|blob|file):[^[:space:]])'
    order by places.path
    limit 20
  )
  select document_addresses.problems || coalesce(jsonb_agg(jsonb_build_object(
    'path', found.path, 'reason', 'url_refused', 'details', jsonb_build_object('value', left(found.address, 100))) order by found.path), '[]')
  from found;
end;

comment on function app_private.document_addresses is 'The problems, and url_refused for each text with an address of another server.';
grant execute on function app_private.document_addresses to app_engine;

-- The types of what whoever makes a document fills in, by key: {"findings": {"type": "long_text"}, "exercises": {"type": "rows", "columns": {…}}}.
create or replace function app_private.document_inputs_of(editor_state jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(input ->> 'key', jsonb_build_object(
    'type', input -> 'type', 'required', coalesce(input -> 'required', 'false'), 'options', input -> 'options',
    'columns', (
      select jsonb_object_agg(entry ->> 'key', entry -> 'type')
      from jsonb_path_query(input, 'lax $.columns[*] ? (@.key.type() == "string")') as entry))), '{}')
  from jsonb_path_query(document_inputs_of.editor_state, 'lax $.inputs[*] ? (@.key.type() == "string")') as input;
end;

comment on function app_private.document_inputs_of is 'What a template asks whoever makes a document, by key.';
grant execute on function app_private.document_inputs_of to app_engine;
