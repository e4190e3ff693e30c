-- The row of an invoice, with what it was computed from and whom it is for as they are now. BIL-02, BIL-10.
-- The tax id is copied as it is sealed: its envelope stays bound to the row that it was sealed for.

create or replace function app_private.draft_invoice(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  kind text,
  net_amount bigint,
  usage_position bigint,
  inputs jsonb
) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_billing app_public.organization_billing;
  v_billed_to jsonb;
  v_invoice app_public.invoices;
begin
  select organization_billing.* into v_billing
  from app_public.organization_billing
  where organization_billing.organization_id = subscription.organization_id;
  if not found then
    perform app_hidden.refuse('STATE', 'billing_details_missing');
  end if;
  v_billed_to := jsonb_build_object(
    'legalName', v_billing.legal_name, 'street', v_billing.street, 'city', v_billing.city, 'county', v_billing.county,
    'postalCode', v_billing.postal_code, 'country', v_billing.country, 'registrationNumber', v_billing.registration_number,
    'taxIdLastFour', v_billing.tax_id_last_four, 'billingEmail', v_billing.billing_email);

  insert into app_public.invoices
    (organization_id, subscription_id, period_id, kind, status, currency, net_amount, provider, inputs, inputs_hash, usage_position,
     billed_to, tax_id, tax_id_sealed_for)
  values
    (subscription.organization_id, subscription.id, period.id, draft_invoice.kind, 'draft', subscription.currency,
     draft_invoice.net_amount, app_private.invoicing_provider(subscription.organization_id), draft_invoice.inputs,
     app_private.inputs_digest(draft_invoice.inputs, v_billed_to), draft_invoice.usage_position, v_billed_to, v_billing.tax_id,
     case when v_billing.tax_id is not null then 'app_public.organization_billing ' || v_billing.organization_id end)
  returning * into v_invoice;
  return v_invoice;
end;
$$;

comment on function app_private.draft_invoice is 'Writes an invoice as a draft; STATE billing_details_missing.';
grant execute on function app_private.draft_invoice to app_engine;

create or replace function app_private.invoicing_provider(organization_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_provider text;
begin
  select coalesce(
    (select choice.provider from app_public.organization_service_providers as choice
     where choice.organization_id = invoicing_provider.organization_id and choice.capability = 'invoicing'),
    (select offer.provider from app_public.platform_service_providers as offer
     where offer.capability = 'invoicing' and offer.is_default))
  into v_provider;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', '{"capability": "invoicing"}');
  end if;
  return v_provider;
end;
$$;

comment on function app_private.invoicing_provider is 'Which provider issues the invoices to a clinic.';
grant execute on function app_private.invoicing_provider to app_engine;
