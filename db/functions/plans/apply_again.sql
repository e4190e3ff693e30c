-- What a clinic's account reported of a subscription before anybody linked it is applied now, as far as its bodies are kept. BIL-09, FND-25.

create or replace function app_private.apply_again(link app_public.patient_subscription_links) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_receipt_id uuid;
begin
  for v_receipt_id in
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.provider = link.provider
      and webhook_receipts.status = 'processed'
      and webhook_receipts.outcome = 'unknown_subscription'
      and webhook_receipts.integration_id in (
        select organization_integrations.id from app_public.organization_integrations
        where organization_integrations.organization_id = link.organization_id)
      and position(convert_to(to_json(link.external_reference)::text, 'UTF8') in webhook_receipts.raw_body) > 0
    returning webhook_receipts.id
  loop
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt_id), job_key => 'webhook:' || v_receipt_id, max_attempts => 12);
  end loop;
end;
$$;

comment on function app_private.apply_again is
  'Queues what a clinic''s account reported of this reference while nobody had linked it.';
grant execute on function app_private.apply_again to app_engine;
