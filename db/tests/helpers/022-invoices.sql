-- Invoices of the platform in one line each, with what they stand on: a subscription that runs, a period, lines, postings. What the
-- domain does to make one is tested elsewhere; here the rows are written straight into the tables.

create or replace function tests.subscribes(organization_id uuid, provider text default 'manual', currency text default 'RON') returns uuid
language plpgsql volatile security definer
as $$
declare
  v_id uuid;
  v_version uuid;
  v_tier uuid;
begin
  select s.id into v_id from app_public.organization_subscriptions s
  where s.organization_id = subscribes.organization_id and s.status <> 'canceled';
  if found then
    return v_id;
  end if;
  select v.id into v_version from app_public.platform_tier_versions v where v.published_at is not null order by v.id limit 1;
  if not found then
    insert into app_public.platform_tiers (id, slug, names, place, is_offered)
    values ('0195f3c0-0000-8000-8000-000000000001', 'some-tier', '{"ro": "Abonament", "en": "Tier"}', 1, true)
    returning id into v_tier;
    insert into app_public.platform_tier_versions (id, tier_id, version, published_at)
    values ('0195f3c0-0000-8000-8000-000000000002', v_tier, 1, app_hidden.now())
    returning id into v_version;
  end if;
  insert into app_public.organization_billing
    (organization_id, legal_name, street, city, county, country, billing_email, currency, timezone, cadence)
  select o.id, o.name || ' SRL', 'Strada Lungă 1', 'Cluj-Napoca', 'Cluj', 'RO', 'bills@' || o.slug || '.test', subscribes.currency, o.timezone, 'monthly'
  from app_public.organizations o where o.id = subscribes.organization_id
  on conflict do nothing;
  insert into app_public.organization_subscriptions (organization_id, status, tier_version_id, cadence, currency, timezone, provider)
  select o.id, 'pending', v_version, 'monthly', subscribes.currency, o.timezone, subscribes.provider
  from app_public.organizations o where o.id = subscribes.organization_id
  returning id into v_id;
  update app_public.organization_subscriptions s
  set status = 'active', anchor_on = (app_hidden.now() at time zone s.timezone)::date
  where s.id = v_id;
  return v_id;
end;
$$;

comment on function tests.subscribes(uuid, text, text) is
  'The live subscription of a clinic; one that is active, with billing details, where it has none.';

create or replace function tests.issued_invoice(
  organization_id uuid, amount bigint, tax bigint default 0, due_on date default null, lines bigint[] default null,
  has_document boolean default true
) returns uuid
language plpgsql volatile security definer
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_last app_public.billing_periods;
  v_today date;
  v_invoice uuid;
  v_lines bigint[] := coalesce(lines, array[amount]);
  v_subscription_id uuid := tests.subscribes(issued_invoice.organization_id);
begin
  select s.* into strict v_subscription from app_public.organization_subscriptions s where s.id = v_subscription_id;
  v_today := (app_hidden.now() at time zone v_subscription.timezone)::date;
  select p.* into v_last from app_public.billing_periods p
  where p.organization_id = issued_invoice.organization_id and p.subscription_id = v_subscription.id order by p.position desc limit 1;
  v_period.starts_on := coalesce(v_last.ends_on, v_today);
  v_period.ends_on := v_period.starts_on + 30;
  insert into app_public.billing_periods (organization_id, subscription_id, position, starts_on, ends_on, during)
  values (issued_invoice.organization_id, v_subscription.id, coalesce(v_last.position, 0) + 1, v_period.starts_on, v_period.ends_on,
          tstzrange(v_period.starts_on::timestamp at time zone v_subscription.timezone, v_period.ends_on::timestamp at time zone v_subscription.timezone))
  returning * into v_period;

  insert into app_public.invoices
    (organization_id, subscription_id, period_id, kind, status, currency, net_amount, provider, inputs, inputs_hash, usage_position, billed_to)
  values (issued_invoice.organization_id, v_subscription.id, v_period.id, 'advance', 'draft', v_subscription.currency, issued_invoice.amount,
          'manual', '{}', sha256('{}'), 0, (
            select jsonb_build_object('country', b.country, 'legalName', b.legal_name, 'billingEmail', b.billing_email)
            from app_public.organization_billing b where b.organization_id = issued_invoice.organization_id))
  returning id into v_invoice;
  insert into app_public.invoice_lines
    (organization_id, invoice_id, position, kind, starts_on, ends_on, descriptions, quantity, unit_price, amount)
  select issued_invoice.organization_id, v_invoice, l.place, case l.place % 3 when 1 then 'plan' when 2 then 'overage' else 'ai' end,
         v_period.starts_on, v_period.ends_on, '{"ro": "Linie", "en": "Line"}', 1, l.amount, l.amount
  from unnest(v_lines) with ordinality as l (amount, place);
  update app_public.invoices i
  set status = 'issued', series = n.series, number = n.number, issued_at = app_hidden.now(),
      due_on = coalesce(issued_invoice.due_on, v_today + 14)
  from app_private.next_number('invoice') as n
  where i.id = v_invoice;
  perform app_private.post('invoice', v_invoice, issued_invoice.organization_id, v_subscription.currency, (
    select jsonb_object_agg(e.account, e.amount) from (
      select app_private.revenue_account(l.kind) as account, -sum(l.amount) as amount from app_public.invoice_lines l
      where l.invoice_id = v_invoice group by 1) e) || jsonb_build_object('receivable', issued_invoice.amount));
  if has_document then
    perform tests.document_of(v_invoice, tax);
  end if;
  return v_invoice;
end;
$$;

comment on function tests.issued_invoice(uuid, bigint, bigint, date, bigint[], boolean) is
  'An invoice of a clinic, issued today and due in 14 days; lines sum to the amount; has_document: the invoicing provider has returned the tax.';

create or replace function tests.document_of(invoice_id uuid, tax bigint default 0) returns void
language plpgsql volatile security definer
as $$
declare
  v_invoice app_public.invoices;
begin
  update app_public.invoices i
  set provider_state = 'issued', provider_document_id = 'D' || i.number, provider_document_number = i.series || i.number,
      tax_amount = tax, total_amount = i.net_amount + tax
  where i.id = invoice_id
  returning * into v_invoice;
  perform app_private.post('invoice', v_invoice.id, v_invoice.organization_id, v_invoice.currency,
    jsonb_build_object('receivable', tax, 'tax', -tax));
end;
$$;

comment on function tests.document_of(uuid, bigint) is 'The invoicing provider has issued an invoice, with so much tax.';

create or replace function tests.account_of(organization_id uuid, account text) returns bigint
language sql volatile security definer
as $$
  select coalesce(sum(p.amount), 0)::bigint from app_private.postings p
  where p.organization_id = account_of.organization_id and p.account = account_of.account
$$;

comment on function tests.account_of(uuid, text) is 'What an account of a clinic comes to: debits above zero.';

-- "status payment_state paid/credited"
create or replace function tests.invoice_in_words(invoice_id uuid) returns text
language sql volatile security definer
as $$
  select concat_ws(' ', i.status, i.payment_state, i.paid_amount || '/' || i.credited_amount) from app_public.invoices i where i.id = invoice_id
$$;
