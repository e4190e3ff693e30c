-- What a document is rendered from: everything that decides its bytes, as it was frozen when it was issued. DOC-02, DOC-05.

set role app_engine;

create or replace function app_private.document_input(document_id uuid) returns jsonb
language sql stable strict security definer
set search_path = ''
begin atomic
  select document_inputs.input from app_private.document_inputs where document_inputs.document_id = document_input.document_id;
end;

comment on function app_private.document_input is 'The frozen input of an issued document; null where there is none.';
grant execute on function app_private.document_input to app_worker;

reset role;

-- Letterhead and footer stand beside the blocks, components say what is in them, and every picture is named with its object.
create or replace function app_private.compose_document(
  organization_id uuid, editor_state jsonb, layout_config jsonb, parts jsonb, document jsonb, data jsonb, signature jsonb, proof jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_blocks constant jsonb := app_private.with_components(editor_state -> 'blocks', parts);
  v_letterhead constant jsonb := jsonb_path_query_first(v_blocks, 'strict $[*] ? (@.type == "letterhead")');
  v_footer constant jsonb := jsonb_path_query_first(v_blocks, 'strict $[*] ? (@.type == "footer")');
begin
  return jsonb_build_object(
    'document', compose_document.document,
    'layout', '{"paper": "A4", "orientation": "portrait", "margins": {"top": 18, "right": 16, "bottom": 18, "left": 20},
                "font_size": 10.5, "color": "#1f4e79"}'::jsonb || compose_document.layout_config
      || jsonb_build_object('margins', '{"top": 18, "right": 16, "bottom": 18, "left": 20}'::jsonb || coalesce(compose_document.layout_config -> 'margins', '{}')),
    'letterhead', case when v_letterhead is not null then jsonb_build_object('blocks', v_letterhead -> 'blocks') end,
    'footer', case when v_footer is not null then jsonb_build_object('blocks', v_footer -> 'blocks') end,
    'blocks', jsonb_path_query_array(v_blocks, 'strict $[*] ? (@.type != "letterhead" && @.type != "footer")'),
    'data', compose_document.data,
    'images', (
      select coalesce(jsonb_object_agg(files.id, jsonb_build_object(
        'objectKey', files.object_key, 'sha256', files.sha256, 'contentType', files.content_type)), '{}')
      from app_public.files
      where files.organization_id = compose_document.organization_id and files.status = 'confirmed'
        and files.id::text in (
          select shown #>> '{}' from jsonb_path_query(v_blocks, 'strict $.** ? (@.type == "image").file') as shown)),
    'signature', case when compose_document.signature is null then '{}' else (
      select coalesce(jsonb_object_agg(block #>> '{}', compose_document.signature), '{}')
      from jsonb_path_query(v_blocks, 'strict $.** ? (@.type == "signature").id') as block) end,
    'proof', compose_document.proof);
end;
$$;

comment on function app_private.compose_document is
  'The input of the renderer: blocks with their components, data, pictures by object, the signature by block, and the proof.';
grant execute on function app_private.compose_document to app_engine;

-- The components that a published version has, each as it was then.
create or replace function app_private.pinned_parts(version app_public.pdf_template_versions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(pinned.component_id, jsonb_build_object('blocks', saved.editor_state -> 'blocks')), '{}')
  from app_public.pdf_template_version_components as pinned
  join app_public.pdf_template_component_versions as saved
    on saved.organization_id = pinned.organization_id and saved.id = pinned.component_version_id
  where pinned.organization_id = (version).organization_id and pinned.version_id = (version).id;
end;

comment on function app_private.pinned_parts is 'The blocks of each component of a published version, by its id.';
grant execute on function app_private.pinned_parts to app_engine;

-- Frozen once, with its hash, and rendered next.
create or replace function app_private.freeze_document_input(
  organization_id uuid, appointment_document_id uuid, form_document_id uuid, input jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document_id constant uuid := coalesce(appointment_document_id, form_document_id);
begin
  insert into app_private.document_inputs
    (organization_id, document_id, appointment_document_id, form_document_id, input, input_sha256, frozen_at)
  values (freeze_document_input.organization_id, v_document_id, freeze_document_input.appointment_document_id,
          freeze_document_input.form_document_id, freeze_document_input.input,
          app_private.hex_digest(app_private.canonical_json(freeze_document_input.input)), app_hidden.now());
  perform graphile_worker.add_job(
    'render_document', json_build_object('documentId', v_document_id), queue_name => null, max_attempts => 10,
    job_key => 'render_document:' || v_document_id);
end;
$$;

comment on function app_private.freeze_document_input is 'Keeps what a document is rendered from, and queues the job that renders it.';
grant execute on function app_private.freeze_document_input to app_engine;
