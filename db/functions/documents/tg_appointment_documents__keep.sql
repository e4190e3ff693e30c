-- What is issued never changes: only its status moves on, with the reason, and a merge of patients takes it along. Documents are not
-- deleted. DOC-04, FND-34.

create or replace function app_private.tg_appointment_documents__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "appointment_documents"}');
  elsif old.issued_at is not null and
    to_jsonb(new) - '{status,reason,patient_profile_id,updated_at}'::text[]
      is distinct from to_jsonb(old) - '{status,reason,patient_profile_id,updated_at}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'document_is_issued', jsonb_build_object('documentId', old.id));
  elsif (new.reason is distinct from old.reason and new.status = old.status)
    or (new.id, new.organization_id, new.appointment_id, new.template_id, new.version_id, new.specialist_id)
      is distinct from (old.id, old.organization_id, old.appointment_id, old.template_id, old.version_id, old.specialist_id) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "appointment_documents"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_appointment_documents__keep is
  'IMMUTABLE document_is_issued for a change of what is issued, never_changed for one of what a draft is of. Trigger _300_keep.';
