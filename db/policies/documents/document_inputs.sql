-- Handed to the worker by claim_rendering(). What is frozen stays; only that rendering failed is written. DOC-02.

select app_private.classify('app_private.document_inputs', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "document_id", "frozen_at", "failure", "failed_at"],
    "phi": ["appointment_document_id", "form_document_id", "input", "input_sha256"]}',
  unaudited => 'Written once with its document, which is audited; afterwards only how rendering goes.');
select app_private.protect('app_private.document_inputs', engine => 'select, insert, update (failure, failed_at)');

create or replace trigger _200_frozen before delete or truncate on app_private.document_inputs
  for each statement execute function app_private.tg_frozen();
create or replace trigger _200_frozen_input before update of organization_id, document_id, appointment_document_id, form_document_id, input,
  input_sha256, frozen_at on app_private.document_inputs
  for each statement execute function app_private.tg_frozen();
