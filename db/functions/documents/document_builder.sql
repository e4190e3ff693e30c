-- What an editor of templates is built from: blocks with their schemas, fields with types and formats, components, limits. DOC-01.

set role app_engine;

create or replace function app_public.document_builder(organization_id uuid, kind text) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
begin
  if document_builder.organization_id <> all (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif document_builder.kind not in ('report', 'prescription', 'form', 'letterhead', 'footer', 'signature') then
    perform app_hidden.refuse('VALIDATION', 'document_kind_unknown', '{"field": "kind"}');
  end if;
  return jsonb_build_object(
    'kind', document_builder.kind,
    'blocks', (
      select jsonb_agg(jsonb_build_object(
        'type', known.type, 'label', jsonb_build_object('ro', known.label_ro, 'en', known.label_en), 'schema', known.schema) order by known.place)
      from app_private.document_block_types as known
      where document_builder.kind = any (known.kinds)),
    'fields', (
      select jsonb_agg(jsonb_build_object(
        'code', known.code, 'type', known.type, 'collection', known.collection, 'formats', app_private.document_formats(known.type),
        'label', jsonb_build_object('ro', known.label_ro, 'en', known.label_en), 'sample', known.sample) order by known.code)
      from app_private.document_fields as known
      where document_builder.kind = any (known.kinds)),
    'components', (
      select coalesce(jsonb_agg(jsonb_build_object('id', component.id, 'kind', component.kind, 'title', component.title, 'version', component.version)
        order by component.title, component.id), '[]')
      from app_public.pdf_template_components as component
      where component.organization_id = document_builder.organization_id),
    'formats', app_private.document_format_labels(),
    'inputs', app_private.document_inputs_schema(),
    'layout', app_private.document_layout_schema(),
    'limits', app_private.document_limits());
end;
$$;

comment on function app_public.document_builder is
  E'@arg kind report, prescription, form; or letterhead, footer, signature for a component.\n'
  'What an editor of templates is built from: the blocks of a kind with the JSON Schema of each, the fields that text can be bound to, '
  'their formats, the components of the clinic, the schemas of inputs and layout, and limits. For staff; VALIDATION document_kind_unknown.';
grant execute on function app_public.document_builder to app_member;

reset role;
