-- A draft is dropped, or an issued document declared void: it stays with its number, and says why. DOC-04.

set role app_engine;

create or replace function app_public.cancel_document(document_id uuid, reason text) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents := app_private.locked_document(cancel_document.document_id);
begin
  update app_public.appointment_documents
  set status = 'cancelled', reason = app_private.require_reason(cancel_document.reason),
      replaces_id = case when v_document.issued_at is not null then v_document.replaces_id end
  where appointment_documents.id = v_document.id
  returning * into v_document;
  return v_document;
end;
$$;

comment on function app_public.cancel_document is
  'Drops a draft, or declares an issued document void; the reason stays with it. For its specialist, or with documents.manage. '
  'NOT_FOUND; STATE illegal_move.';
grant execute on function app_public.cancel_document to app_member;

reset role;
