-- What became of an invoice or a credit note at the tax office. An upload is one try: what is said of an earlier one says nothing of the
-- one that is there now, and what the tax office has accepted stays accepted, whatever is said later. BIL-04, docs/decisions/0198.

set role app_engine;

create or replace function app_hidden.record_tax_state(
  kind text,
  id uuid,
  state text,
  upload_id text default null,
  error text default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
  v_before text;
  v_state text := coalesce(state, '');
begin
  if v_state not in ('queued', 'sent', 'accepted', 'rejected', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'tax_state_unknown', jsonb_build_object('state', v_state));
  end if;
  v_document := app_private.lock_tax_document(record_tax_state.kind, record_tax_state.id);
  v_before := v_document.tax_state;
  if v_document.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  elsif v_before = 'not_applicable' then
    perform app_hidden.refuse('STATE', 'invoice_not_for_tax_office');
  end if;

  v_document.tax_checked_at := app_hidden.now();
  if v_before = 'accepted'
     -- Of an upload that was replaced only that it was accepted after all counts.
     or v_state not in ('sent', 'accepted') and record_tax_state.upload_id <> v_document.tax_upload_id
     -- What was sent is not to be sent, and what was rejected is sent again as another upload.
     or v_state = 'queued' and v_before <> 'rejected'
     or v_state in ('sent', 'unknown') and v_before = 'rejected'
        and coalesce(record_tax_state.upload_id = v_document.tax_upload_id, true) then
    perform app_private.write_tax_state(v_document);
    return v_before;
  end if;
  v_document.tax_state := v_state;
  v_document.tax_upload_id := coalesce(record_tax_state.upload_id, v_document.tax_upload_id);
  if v_state in ('sent', 'accepted') then
    v_document.tax_sent_at := coalesce(v_document.tax_sent_at, app_hidden.now());
  end if;
  v_document.tax_error :=
    case when v_state in ('rejected', 'unknown') then coalesce(left(record_tax_state.error, 500), v_document.tax_error) end;
  perform app_private.write_tax_state(v_document);
  if v_state = 'rejected' and v_before <> 'rejected' then
    perform app_private.publish(
      case v_document.kind when 'invoice' then 'invoice.tax_rejected' else 'credit_note.tax_rejected' end,
      v_document.organization_id, v_document.id, v_document.about);
  end if;
  return v_state;
end;
$$;

comment on function app_hidden.record_tax_state is
  E'Says what the tax office, or who sends there, answered about an invoice or a credit note ("invoice", "credit_note"): queued, sent, '
  'accepted, rejected, or unknown when nobody knows; upload_id is what the tax office calls the upload. Answers the state that is believed '
  'then. NOT_FOUND invoice_not_found, STATE invoice_not_for_tax_office, VALIDATION tax_state_unknown.';
grant execute on function app_hidden.record_tax_state to app_worker;

reset role;
