-- What a template would be rendered from as it is drafted: with the data of an appointment or a form that the caller may see, or with
-- samples. Nothing is kept; a reading of somebody's record is. DOC-01, FND-08.

set role app_engine;

create or replace function app_hidden.document_preview_input(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb, locale text, sample uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_person_id uuid;
  v_head jsonb;
  v_data jsonb;
  v_proof jsonb;
begin
  perform app_private.require_permission(document_preview_input.organization_id, 'document_templates.manage');
  if document_preview_input.kind not in ('report', 'prescription', 'form') or document_preview_input.locale not in ('ro', 'en') then
    perform app_hidden.refuse('VALIDATION', 'document_kind_unknown', '{"field": "kind"}');
  end if;
  perform app_private.refuse_problems('content_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      document_preview_input.organization_id, document_preview_input.kind, document_preview_input.editor_state,
      document_preview_input.layout_config) as problem));
  v_head := app_private.document_head(
    document_preview_input.organization_id, document_preview_input.organization_id, document_preview_input.kind, null, '…',
    document_preview_input.locale, app_hidden.now());
  v_data := app_private.sample_data(document_preview_input.organization_id, document_preview_input.kind, document_preview_input.editor_state, v_head);

  if document_preview_input.sample is not null and document_preview_input.kind = 'form' then
    perform app_private.require_permission(document_preview_input.organization_id, 'forms.view');
    select forms.patient_profile_id, app_private.printed_proof(kept.proof::jsonb, form_signatures.proof_sha256),
           v_data || app_private.data_of_patient(forms.organization_id, forms.patient_profile_id, v_head)
             || jsonb_build_object('form', app_private.data_of_form(forms, kept.answers::jsonb, form_signatures))
    into v_person_id, v_proof, v_data
    from app_public.forms
    join app_public.form_signatures on form_signatures.organization_id = forms.organization_id and form_signatures.form_id = forms.id
    join app_private.signature_documents as kept on kept.organization_id = forms.organization_id and kept.form_id = forms.id
    where forms.organization_id = document_preview_input.organization_id and forms.id = document_preview_input.sample and forms.deleted_at is null;
  elsif document_preview_input.sample is not null then
    perform app_private.require_permission(document_preview_input.organization_id, 'documents.view');
    select appointments.patient_profile_id,
           v_data || app_private.data_of_appointment(appointments.organization_id, appointments.id, appointments.specialist_id, v_head, v_data -> 'input')
    into v_person_id, v_data
    from app_public.appointments
    where appointments.organization_id = document_preview_input.organization_id and appointments.id = document_preview_input.sample
      and appointments.deleted_at is null;
  end if;
  if document_preview_input.sample is not null then
    if v_person_id is null then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform audit.record_read(
      document_preview_input.organization_id, 'app_public.pdf_templates', document_preview_input.sample::text, 'document preview', v_person_id);
  end if;
  return app_private.compose_document(
    document_preview_input.organization_id, document_preview_input.editor_state, document_preview_input.layout_config,
    (select coalesce(jsonb_object_agg(named.component_id, jsonb_build_object('blocks', named.editor_state -> 'blocks')), '{}')
     from app_private.components_named(document_preview_input.organization_id, document_preview_input.editor_state) as named),
    v_head, v_data, null, v_proof);
end;
$$;

comment on function app_hidden.document_preview_input is
  'The input of the renderer for a drafted template, with the data of an appointment or a signed form, or samples. Needs '
  'document_templates.manage, and documents.view or forms.view for real data. VALIDATION content_not_valid, document_kind_unknown.';
grant execute on function app_hidden.document_preview_input to app_member;

reset role;

create or replace function app_private.sample_input(type text, locale text) returns jsonb
language sql immutable
set search_path = ''
return case sample_input.type
  when 'number' then '3'::jsonb
  when 'date' then '"2026-12-08"'
  when 'text' then to_jsonb(case locale when 'ro' then 'Text scurt' else 'Short text' end)
  else to_jsonb(case locale when 'ro' then 'Aici stă ce scrie specialistul.' else 'Here stands what the specialist writes.' end) end;

comment on function app_private.sample_input is 'What a preview shows in an input of a type.';
grant execute on function app_private.sample_input to app_engine;

create or replace function app_private.sample_data(organization_id uuid, kind text, editor_state jsonb, head jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(grouped.name, grouped.fields), '{}')
    || jsonb_build_object(
      'sessions', (
        select jsonb_build_array(jsonb_object_agg(split_part(known.code, '.', 2), known.sample))
        from app_private.document_fields as known where known.collection = 'sessions'),
      'input', (
        select coalesce(jsonb_object_agg(input.key, case input.value ->> 'type'
          when 'rows' then (
            select jsonb_build_array(jsonb_object_agg(entry.key, app_private.sample_input(entry.value #>> '{}', head ->> 'locale')))
            from jsonb_each(input.value -> 'columns') as entry)
          when 'choice' then input.value -> 'options' -> 0
          else app_private.sample_input(input.value ->> 'type', head ->> 'locale') end), '{}')
        from jsonb_each(app_private.document_inputs_of(sample_data.editor_state)) as input))
  from (
    select split_part(known.code, '.', 1) as name, jsonb_object_agg(split_part(known.code, '.', 2), known.sample)
      || case split_part(known.code, '.', 1) when 'form' then '{"sections": [{"title": null, "answers": [
           {"kind": "answer", "label": "…", "value": "…"}]}]}'::jsonb else '{}' end as fields
    from app_private.document_fields as known
    where known.collection is null and known.type <> 'collection' and sample_data.kind = any (known.kinds)
    group by split_part(known.code, '.', 1)) as grouped;
end;

comment on function app_private.sample_data is 'What a preview shows where it is made without a patient: the samples of the fields, and something in every input.';
grant execute on function app_private.sample_data to app_engine;
