-- Handed out by signature_image() and signature_bundle(). CNS-07.

select app_private.classify('app_private.signature_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "phi": ["form_id", "proof", "content", "shown", "answers", "image", "path"]}',
  unaudited => 'Written once with its signature, which is audited and holds the hash of the proof.');
select app_private.protect('app_private.signature_documents', engine => 'select, insert');

create or replace trigger _200_frozen before update or delete or truncate on app_private.signature_documents
  for each statement execute function app_private.tg_frozen();
