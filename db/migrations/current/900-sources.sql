-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/limits/share_spending.sql
-- Servers count requests in memory and tell each other, once a second, who has spent much. FND-27.
-- Workers take turns at a vendor by it, too (0189).
-- One statement for all callers of that second; sorted, so that two servers never wait for each other in a circle.

set role app_engine;

create or replace function app_hidden.share_spending(keys bytea[], spent_ms int[])
returns table (key bytea, ahead_ms int)
language sql volatile security definer
set search_path = ''
as $$
  insert into app_private.spent_allowances as known (key_digest, spent_until)
  select spending.key, statement_timestamp() + spending.ms * interval '1 millisecond'
  from unnest(keys, spent_ms) as spending (key, ms)
  order by spending.key
  on conflict on constraint spent_allowances_pkey do update
    -- Nobody is locked out for longer than an hour, whatever the servers add up.
    set spent_until = least(
      greatest(known.spent_until, statement_timestamp()) + (excluded.spent_until - statement_timestamp()),
      statement_timestamp() + interval '1 hour')
  returning known.key_digest, (extract(epoch from known.spent_until - statement_timestamp()) * 1000)::int
$$;

comment on function app_hidden.share_spending is
  'Adds what this server''s callers have spent, in milliseconds of their allowance, and answers with how far ahead of '
  'time each now is on all servers together.';

grant execute on function app_hidden.share_spending to app_authenticator, app_worker;

reset role;
-- end of source: functions/limits/share_spending.sql

-- source: functions/payment_vendors/record_payment_card.sql
-- What a payment provider tells of a card that a clinic entered or took away: brand and last four digits, which people see beside "by
-- card". The card that was entered last pays (0189), so the latest by the provider's clock is the one that is shown, in whatever order and
-- however often it is told. One that was taken away does not come back by what is told late. BIL-08, docs/decisions/0197.

set role app_engine;

create or replace function app_hidden.record_payment_card(
  provider text, customer_id text, card_id text, brand text, last_four text, entered_at timestamptz, is_gone boolean default false
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if last_four !~ '^[0-9]{4}$' then
    perform app_hidden.refuse('VALIDATION', 'card_malformed', '{"field": "lastFour"}');
  end if;
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.provider = record_payment_card.provider
    and organization_subscriptions.provider_customer_id = record_payment_card.customer_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if not found then
    return 'not_ours';
  end if;
  insert into app_public.payment_cards as known (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at)
  select v_subscription.organization_id, v_subscription.id,
    case when not is_gone then record_payment_card.card_id end,
    case when not is_gone then left(record_payment_card.brand, 40) end,
    case when not is_gone then record_payment_card.last_four end,
    record_payment_card.entered_at
  on conflict on constraint payment_cards_one_of_a_subscription do update
    set provider_card_id = excluded.provider_card_id, brand = excluded.brand, last_four = excluded.last_four,
        entered_at = excluded.entered_at
    -- Of one instant the greater id holds, and that a card is gone is the last word about it.
    where known.entered_at < excluded.entered_at
       or known.entered_at = excluded.entered_at and (
         is_gone and known.provider_card_id = record_payment_card.card_id or known.provider_card_id < excluded.provider_card_id);
  return case when found then 'kept' else 'older' end;
end;
$$;

comment on function app_hidden.record_payment_card is
  'Keeps which card pays the live subscription of whom the provider knows by customer_id, or that it is_gone, unless a later one is known: '
  'kept, older or not_ours. VALIDATION card_malformed.';
grant execute on function app_hidden.record_payment_card to app_worker;

reset role;
-- end of source: functions/payment_vendors/record_payment_card.sql

-- source: functions/payments/billing_overview.sql
-- How clinics stand with the platform: what each subscribes to, what it owes and since when, and when it is billed next. Read in pages by
-- the clinic's id, and each clinic's own rows by their indexes, so that a page costs the same however many clinics there are. BIL-06.

set role app_engine;

create or replace function app_public.billing_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  only_unpaid boolean default false,
  named text default null,
  with_status text default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
  perform app_private.require_superadmin();
  perform app_private.require_page(up_to);
  return query
  select clinic.organization_id, clinic.organization_name, clinic.tier_slug, clinic.status, clinic.currency, clinic.unpaid_amount,
    clinic.balance_amount, clinic.overdue_since, clinic.next_bill_on
  from app_private.clinics_billing(after_organization_id, up_to, only_unpaid, named, with_status, true) as clinic;
end;
$$;

comment on function app_public.billing_overview is
  E'@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n'
  '@arg onlyUnpaid Whether clinics that owe nothing are left out.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  'Clinics that subscribe, or did, in the order of their ids: what is unpaid, since when something of it is overdue, what the clinic has paid '
  'beyond what it owes, and when the next bill is made. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.billing_overview to app_member;

create or replace function app_public.clinics_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  named text default null,
  with_status text default null,
  has_plan boolean default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
  perform app_private.require_superadmin();
  perform app_private.require_page(up_to);
  return query
  select clinic.organization_id, clinic.organization_name, clinic.tier_slug, clinic.status, clinic.currency, clinic.unpaid_amount,
    clinic.balance_amount, clinic.overdue_since, clinic.next_bill_on
  from app_private.clinics_billing(after_organization_id, up_to, false, named, with_status, has_plan) as clinic;
end;
$$;

comment on function app_public.clinics_overview is
  E'@nullable tier_slug\n@nullable status\n@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  '@arg hasPlan Whether they subscribe, or did; null: all.\n'
  'Every clinic in the order of their ids, as billingOverview says, also those that never subscribed: these have no tier and no status, and '
  'their currency is the one in which they would be billed. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.clinics_overview to app_member;

reset role;

create or replace function app_private.require_page(up_to int) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if up_to not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'page_out_of_range', '{"field": "upTo", "most": 100}');
  end if;
end;
$$;

comment on function app_private.require_page is 'Passes for a page of 1 to 100.';
grant execute on function app_private.require_page to app_engine;

create or replace function app_private.clinics_billing(
  after_organization_id uuid, up_to int, only_unpaid boolean, named text, with_status text, has_plan boolean
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date
)
language plpgsql stable rows 50
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_named constant text := app_hidden.search_text(coalesce(named, ''));
begin
  return query
  select organizations.id, organizations.name, platform_tiers.slug, subscription.status, billed.currency::text,
    coalesce(unpaid.amount, 0)::bigint, coalesce(kept.amount, 0)::bigint, unpaid.overdue_since, period.ends_on
  from app_public.organizations
  left join lateral (
    select organization_subscriptions.*
    from app_public.organization_subscriptions
    where organization_subscriptions.organization_id = organizations.id
    order by organization_subscriptions.status = 'canceled', organization_subscriptions.id desc
    limit 1
  ) as subscription on true
  left join app_public.organization_billing as details on details.organization_id = organizations.id
  cross join lateral (
    select coalesce(subscription.currency, details.currency, organizations.currency) as currency,
           coalesce(subscription.timezone, details.timezone, organizations.timezone) as timezone
  ) as billed
  left join app_public.platform_tier_versions on platform_tier_versions.id = subscription.tier_version_id
  left join app_public.platform_tiers on platform_tiers.id = platform_tier_versions.tier_id
  cross join lateral (
    select sum(app_private.invoice_due(invoices)) as amount,
           min(invoices.due_on) filter (where invoices.due_on < (app_hidden.now() at time zone billed.timezone)::date) as overdue_since
    from app_public.invoices
    where invoices.organization_id = organizations.id and invoices.status = 'issued' and invoices.currency = billed.currency
  ) as unpaid
  cross join lateral (
    select sum(payments.amount - payments.applied_amount - payments.refunded_amount) as amount
    from app_public.payments
    where payments.organization_id = organizations.id and payments.currency = billed.currency
      and payments.applied_amount + payments.refunded_amount < payments.amount
  ) as kept
  left join lateral (
    select billing_periods.ends_on
    from app_public.billing_periods
    where billing_periods.organization_id = organizations.id and billing_periods.subscription_id = subscription.id
      and subscription.status <> 'canceled'
    order by billing_periods.position desc
    limit 1
  ) as period on true
  where organizations.deleted_at is null
    and (after_organization_id is null or organizations.id > after_organization_id)
    and (with_status is null or subscription.status = with_status)
    and (has_plan is null or has_plan = (subscription.id is not null))
    and (v_named = '' or position(v_named in app_hidden.search_text(organizations.name)) > 0)
    and (not only_unpaid or exists (
      select from app_public.invoices
      where invoices.organization_id = organizations.id and invoices.status = 'issued'))
  order by organizations.id
  limit up_to;
end;
$$;

comment on function app_private.clinics_billing is 'A page of clinics as billing_overview and clinics_overview answer it.';
grant execute on function app_private.clinics_billing to app_engine;
-- end of source: functions/payments/billing_overview.sql

-- source: functions/payments/issue_credit_note.sql
-- Something is taken off an invoice: a document with a number of its own, lines that are bounded by those of the invoice, postings, the
-- job that has the invoicing provider issue it, and an event of which the clinic is told once. BIL-05, BIL-08, docs/decisions/0187.
-- Whoever calls it has locked the billing of the clinic, the series and the invoice, and settles the account afterwards.

create or replace function app_private.creditable(invoice app_public.invoices)
returns table (line_id uuid, kind text, amount bigint)
language sql stable
set search_path = ''
begin atomic
  select invoice_lines.id, invoice_lines.kind,
         greatest(invoice_lines.amount - coalesce((
           select sum(credit_note_lines.amount)
           from app_public.credit_note_lines
           where credit_note_lines.organization_id = invoice_lines.organization_id
             and credit_note_lines.invoice_line_id = invoice_lines.id), 0), 0)::bigint
  from app_public.invoice_lines
  where invoice_lines.organization_id = (invoice).organization_id and invoice_lines.invoice_id = (invoice).id
  order by invoice_lines.position;
end;

comment on function app_private.creditable is 'How much of each line of an invoice was not credited yet, before tax, in the order of the lines.';
grant execute on function app_private.creditable to app_engine;

create or replace function app_private.credited_net(invoice app_public.invoices) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(credit_notes.net_amount), 0)::bigint
  from app_public.credit_notes
  where credit_notes.organization_id = (invoice).organization_id and credit_notes.invoice_id = (invoice).id;
end;

comment on function app_private.credited_net is 'How much of an invoice was credited, before tax.';
grant execute on function app_private.credited_net to app_engine;

create or replace function app_private.require_creditable(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if invoice.status not in ('issued', 'paid') then
    perform app_hidden.refuse('STATE', 'invoice_not_creditable', jsonb_build_object('status', invoice.status));
  -- A credit note names the invoice as the provider numbered it, and shares its tax.
  elsif invoice.total_amount is null then
    perform app_hidden.refuse('STATE', 'invoice_document_missing');
  end if;
end;
$$;

comment on function app_private.require_creditable is
  'Passes for an invoice that may be credited; STATE invoice_not_creditable, or invoice_document_missing until the invoicing provider has issued it.';
grant execute on function app_private.require_creditable to app_engine;

create or replace function app_private.issue_credit_note(
  invoice app_public.invoices,
  line_ids uuid[],
  amounts bigint[],
  reason text,
  gross_amount bigint default null,
  refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_note app_public.credit_notes;
  v_net bigint := (select sum(given.amount) from unnest(amounts) as given (amount));
  v_credited_net bigint := app_private.credited_net(invoice);
  v_tax bigint := invoice.total_amount - invoice.net_amount;
  v_gross bigint;
begin
  -- The share of the invoice's tax is cumulative, so that notes which credit all of the net credit all of the tax.
  v_gross := coalesce(
    issue_credit_note.gross_amount,
    v_net + greatest(0, round(v_tax::numeric * (v_credited_net + v_net) / invoice.net_amount)::bigint
                        - (invoice.credited_amount - v_credited_net)));

  insert into app_public.credit_notes
    (organization_id, invoice_id, series, number, net_amount, gross_amount, reason, issued_by, issued_at, tax_state, tax_deadline_on)
  select invoice.organization_id, invoice.id, next.series, next.number, v_net, v_gross, issue_credit_note.reason,
         app_private.current_actor_id(), app_hidden.now(),
         -- It goes where its invoice went, within the days that the law of its own day says.
         case invoice.tax_state when 'not_applicable' then 'not_applicable' else 'queued' end,
         app_private.tax_deadline(invoice.billed_to ->> 'country', (app_hidden.now() at time zone subscription.timezone)::date)
  from app_private.next_number('credit_note') as next
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoice.organization_id and subscription.id = invoice.subscription_id
  returning * into strict v_note;
  insert into app_public.credit_note_lines (organization_id, credit_note_id, invoice_line_id, amount)
  select v_note.organization_id, v_note.id, given.line_id, given.amount
  from unnest(line_ids, amounts) as given (line_id, amount)
  where given.amount > 0;
  update app_public.invoices set credited_amount = invoices.credited_amount + v_gross
  where invoices.organization_id = invoice.organization_id and invoices.id = invoice.id
  returning * into strict invoice;

  perform app_private.post(
    'credit_note', v_note.id, v_note.organization_id, invoice.currency,
    (select jsonb_object_agg(revenue.account, revenue.amount)
     from (
       select app_private.revenue_account(invoice_lines.kind) as account, sum(given.amount) as amount
       from unnest(line_ids, amounts) as given (line_id, amount)
       join app_public.invoice_lines
         on invoice_lines.organization_id = invoice.organization_id and invoice_lines.id = given.line_id
       group by 1
     ) as revenue)
    || jsonb_build_object('tax', v_gross - v_net, 'receivable', -v_gross));
  if app_private.invoice_due(invoice) < 0 then
    perform app_private.free_payments(invoice, -app_private.invoice_due(invoice));
  end if;

  perform graphile_worker.add_job(
    'issue_document', json_build_object('kind', 'credit_note', 'id', v_note.id), job_key => 'issue_document:' || v_note.id);
  perform app_private.publish(
    'credit_note.issued', v_note.organization_id, v_note.id,
    jsonb_strip_nulls(jsonb_build_object(
      'creditNoteId', v_note.id, 'invoiceId', v_note.invoice_id, 'refundId', issue_credit_note.refund_id)));
  return v_note;
end;
$$;

comment on function app_private.issue_credit_note is
  'Issues a credit note of these amounts of these lines, before tax; gross_amount where it is given back to the coin. What was paid '
  'beyond what is left of the invoice is in the clinic''s balance then.';
grant execute on function app_private.issue_credit_note to app_engine;
-- end of source: functions/payments/issue_credit_note.sql

-- source: functions/tax_office/tax_documents.sql
-- What is followed at the tax office: invoices and credit notes alike, each by its kind and id. BIL-04, docs/decisions/0198.

create or replace view app_private.tax_documents with (security_invoker = true) as
select 'invoice'::text as kind, invoices.id, invoices.organization_id, invoices.billed_to ->> 'country' as country,
  invoices.provider_state, invoices.provider_document_number, invoices.tax_state, invoices.tax_upload_id, invoices.tax_sent_at,
  invoices.tax_deadline_on, invoices.tax_checked_at, invoices.tax_error, jsonb_build_object('invoiceId', invoices.id) as about
from app_public.invoices
union all
select 'credit_note', note.id, note.organization_id, invoices.billed_to ->> 'country',
  note.provider_state, note.provider_document_number, note.tax_state, note.tax_upload_id, note.tax_sent_at,
  note.tax_deadline_on, note.tax_checked_at, note.tax_error, jsonb_build_object('creditNoteId', note.id, 'invoiceId', note.invoice_id)
from app_public.credit_notes as note
join app_public.invoices on invoices.organization_id = note.organization_id and invoices.id = note.invoice_id;

comment on view app_private.tax_documents is 'Documents that a tax office takes, and how each stands there; about is what events say of it.';
grant select on app_private.tax_documents to app_engine;
-- end of source: functions/tax_office/tax_documents.sql

-- source: functions/payments/documents_to_check.sql
-- Documents of which the worker asks the tax office what became of them, those whose deadline is nearest first. BIL-04.

set role app_engine;

create or replace function app_hidden.documents_to_check(up_to int default 100)
returns table (kind text, id uuid, tax_state text, tax_upload_id text, tax_deadline_on date)
language sql stable security definer
set search_path = ''
begin atomic
  select documents.kind, documents.id, documents.tax_state, documents.tax_upload_id, documents.tax_deadline_on
  from app_private.tax_documents as documents
  where documents.tax_state in ('queued', 'sent', 'unknown') and documents.provider_state = 'issued'
    -- What the tax office has just been asked about is asked about again later.
    and (documents.tax_checked_at is null or documents.tax_checked_at <= app_hidden.now() - interval '15 minutes')
  order by documents.tax_deadline_on, documents.id
  limit documents_to_check.up_to;
end;

comment on function app_hidden.documents_to_check is
  'Invoices and credit notes that are issued and that the tax office has neither accepted nor rejected, up to so many, not asked about for a '
  'quarter of an hour.';
grant execute on function app_hidden.documents_to_check to app_worker;

reset role;
-- end of source: functions/payments/documents_to_check.sql

-- source: functions/tax_office/lock_tax_document.sql
-- A document is looked at by one at a time. BIL-04.

create or replace function app_private.lock_tax_document(kind text, id uuid, is_patient boolean default true) returns app_private.tax_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
begin
  if lock_tax_document.kind = 'invoice' and is_patient then
    perform from app_public.invoices where invoices.id = lock_tax_document.id for no key update;
  elsif lock_tax_document.kind = 'invoice' then
    perform from app_public.invoices where invoices.id = lock_tax_document.id for no key update skip locked;
  elsif is_patient then
    perform from app_public.credit_notes where credit_notes.id = lock_tax_document.id for no key update;
  else
    perform from app_public.credit_notes where credit_notes.id = lock_tax_document.id for no key update skip locked;
  end if;
  if found then
    select documents.* into v_document
    from app_private.tax_documents as documents
    where documents.kind = lock_tax_document.kind and documents.id = lock_tax_document.id;
  end if;
  return v_document;
end;
$$;

comment on function app_private.lock_tax_document is
  'The invoice or credit note ("invoice", "credit_note"), locked; null where there is none, and where it is locked and nobody is patient.';
grant execute on function app_private.lock_tax_document to app_engine;

create or replace function app_private.write_tax_state(document app_private.tax_documents) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if document.kind = 'invoice' then
    update app_public.invoices set
      tax_state = document.tax_state, tax_upload_id = document.tax_upload_id, tax_sent_at = document.tax_sent_at,
      tax_checked_at = document.tax_checked_at, tax_error = document.tax_error
    where invoices.organization_id = document.organization_id and invoices.id = document.id;
  else
    update app_public.credit_notes set
      tax_state = document.tax_state, tax_upload_id = document.tax_upload_id, tax_sent_at = document.tax_sent_at,
      tax_checked_at = document.tax_checked_at, tax_error = document.tax_error
    where credit_notes.organization_id = document.organization_id and credit_notes.id = document.id;
  end if;
end;
$$;

comment on function app_private.write_tax_state is 'Keeps how a document that is locked stands at the tax office.';
grant execute on function app_private.write_tax_state to app_engine;
-- end of source: functions/tax_office/lock_tax_document.sql

-- source: functions/payments/record_tax_state.sql
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
  if v_state in ('sent', 'accepted') then
    v_document.tax_upload_id := coalesce(record_tax_state.upload_id, v_document.tax_upload_id);
    v_document.tax_sent_at := coalesce(v_document.tax_sent_at, app_hidden.now());
  else
    v_document.tax_upload_id := coalesce(v_document.tax_upload_id, record_tax_state.upload_id);
  end if;
  v_document.tax_error :=
    case when v_state in ('rejected', 'unknown') then coalesce(left(record_tax_state.error, 500), v_document.tax_error) end;
  perform app_private.write_tax_state(v_document);
  if v_state = 'rejected' and v_before <> 'rejected' then
    perform app_private.publish(v_document.kind || '.tax_rejected', v_document.organization_id, v_document.id, v_document.about);
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
-- end of source: functions/payments/record_tax_state.sql

-- source: functions/payments/set_platform_bank_account.sql
-- The platform says where clinics send bank transfers. A mistyped IBAN would send their money elsewhere: its check digits are checked.
-- BIL-07, docs/decisions/0199.

set role app_engine;

create or replace function app_public.set_platform_bank_account(
  currency text, holder text, iban text, bank text, bic text default null
) returns app_public.platform_bank_accounts
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_account app_public.platform_bank_accounts;
  v_iban constant text := upper(regexp_replace(iban, '\s', '', 'g'));
  v_bic constant text := nullif(upper(regexp_replace(bic, '\s', '', 'g')), '');
begin
  perform app_private.require_superadmin();
  if not exists (
    select from app_public.platform_tier_prices as prices where prices.currency = set_platform_bank_account.currency) then
    perform app_hidden.refuse('VALIDATION', 'bank_account_currency_unknown', '{"field": "currency"}');
  elsif coalesce(length(btrim(holder)) not between 1 and 200, true) then
    perform app_hidden.refuse('VALIDATION', 'bank_account_name_malformed', '{"field": "holder", "most": 200}');
  elsif not coalesce(app_private.is_iban(v_iban), false) then
    perform app_hidden.refuse('VALIDATION', 'iban_malformed', '{"field": "iban"}');
  elsif coalesce(length(btrim(bank)) not between 1 and 200, true) then
    perform app_hidden.refuse('VALIDATION', 'bank_account_name_malformed', '{"field": "bank", "most": 200}');
  elsif v_bic !~ '^[A-Z0-9]{8}([A-Z0-9]{3})?$' then
    perform app_hidden.refuse('VALIDATION', 'bic_malformed', '{"field": "bic"}');
  end if;
  insert into app_public.platform_bank_accounts as known (currency, holder, iban, bank, bic)
  values (set_platform_bank_account.currency, btrim(set_platform_bank_account.holder), v_iban, btrim(set_platform_bank_account.bank), v_bic)
  on conflict on constraint platform_bank_accounts_pkey do update
    set holder = excluded.holder, iban = excluded.iban, bank = excluded.bank, bic = excluded.bic
  returning * into v_account;
  return v_account;
end;
$$;

comment on function app_public.set_platform_bank_account is
  E'@arg currency The currency of the invoices that are paid to it, one in which tiers have prices.\n@arg holder In whose name it is.\n'
  '@arg iban Its IBAN; spaces do not matter.\n@arg bank At which bank it is.\n@arg bic The BIC of that bank.\n'
  'Sets the account to which clinics pay invoices of a currency. Superadmin only. VALIDATION iban_malformed, also where its check digits are '
  'wrong; bic_malformed, bank_account_name_malformed, bank_account_currency_unknown.';
grant execute on function app_public.set_platform_bank_account to app_member;

reset role;

create or replace function app_private.is_iban(text text) returns boolean
language sql immutable
set search_path = ''
return is_iban.text ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' and (
  select string_agg(
    case when sign ~ '[0-9]' then sign else (ascii(sign) - 55)::text end, '' order by place)::numeric % 97 = 1
  from regexp_split_to_table(substr(is_iban.text, 5) || left(is_iban.text, 4), '') with ordinality as signs (sign, place));

comment on function app_private.is_iban is 'Whether a text without spaces is an IBAN whose check digits are right (ISO 13616, modulo 97).';
grant execute on function app_private.is_iban to app_engine;
-- end of source: functions/payments/set_platform_bank_account.sql

-- source: functions/payments/warn_of_tax_deadlines.sql
-- A document whose legal deadline is near and that the tax office has not accepted is told, once, two working days before. BIL-04.

set role app_engine;

create or replace function app_hidden.warn_of_tax_deadlines(up_to int default 100) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
  v_told int := 0;
begin
  for v_document in
    select documents.*
    from app_private.tax_documents as documents
    where documents.tax_state in ('queued', 'sent', 'unknown', 'rejected')
      -- Two working days are nine days at most, when holidays surround them.
      and documents.tax_deadline_on <= (app_hidden.now() at time zone 'UTC')::date + 9
      and app_hidden.now() at time zone 'UTC' >= app_private.working_days_before(documents.country, documents.tax_deadline_on, 2)
      and not app_private.is_told_of_deadline(documents.kind, documents.id)
    order by documents.tax_deadline_on, documents.id
    limit up_to
  loop
    -- Whoever has it tells of it, or hears what became of it.
    v_document := app_private.lock_tax_document(v_document.kind, v_document.id, false);
    if v_document.tax_state in ('queued', 'sent', 'unknown', 'rejected')
       and not app_private.is_told_of_deadline(v_document.kind, v_document.id) then
      perform app_private.publish(v_document.kind || '.tax_deadline_near', v_document.organization_id, v_document.id, v_document.about);
      v_told := v_told + 1;
    end if;
  end loop;
  return v_told;
end;
$$;

comment on function app_hidden.warn_of_tax_deadlines is
  'Publishes invoice.tax_deadline_near and credit_note.tax_deadline_near of what the tax office has not accepted two working days before its '
  'deadline, once each, up to so many; answers how many.';
grant execute on function app_hidden.warn_of_tax_deadlines to app_worker;

reset role;

create or replace function app_private.is_told_of_deadline(kind text, id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_private.events
    where events.subject_id = is_told_of_deadline.id and events.name = is_told_of_deadline.kind || '.tax_deadline_near');
end;

comment on function app_private.is_told_of_deadline is 'Whether it was told that the deadline of a document is near.';
grant execute on function app_private.is_told_of_deadline to app_engine;

create or replace function app_private.working_days_before(country text, day date, working_days int) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_first date := day;
  v_left int := working_days;
begin
  while v_left > 0 loop
    v_first := v_first - 1;
    if app_private.is_working_day(working_days_before.country, v_first) then
      v_left := v_left - 1;
    end if;
  end loop;
  return v_first;
end;
$$;

comment on function app_private.working_days_before is 'The day that is so many working days before another.';
grant execute on function app_private.working_days_before to app_engine;
-- end of source: functions/payments/warn_of_tax_deadlines.sql

-- source: functions/tax_office/tax_uploads_of.sql
-- By which upload the tax office has a document, from the messages that were read. BIL-04.

set role app_engine;

create or replace function app_hidden.tax_uploads_of(document_ids uuid[])
returns table (document_id uuid, upload_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select documents.id, message.upload_id
  from app_private.tax_documents as documents
  cross join lateral (
    select messages.upload_id
    from app_private.tax_office_messages as messages
    where messages.bare_number = app_private.bare_number(documents.provider_document_number)
    order by messages.read_at desc, messages.message_id desc
    limit 1
  ) as message
  where documents.id = any (tax_uploads_of.document_ids) and documents.tax_upload_id is null;
end;

comment on function app_hidden.tax_uploads_of is
  'Of these documents, those whose number is in a message of the tax office, each with the upload of the message that was read last.';
grant execute on function app_hidden.tax_uploads_of to app_worker;

reset role;
-- end of source: functions/tax_office/tax_uploads_of.sql

-- source: policies/payment_vendors/payment_cards.sql
-- The card that pays a clinic's subscription, by brand and last four digits: its staff with billing.view, and superadmins. The worker keeps
-- what the payment provider tells. BIL-08, docs/decisions/0197.

select app_private.classify('app_public.payment_cards', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "provider_card_id", "brand", "last_four", "entered_at", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.payment_cards', engine => 'select, insert, update');

grant select (id, organization_id, subscription_id, brand, last_four, entered_at, created_at, updated_at)
   on app_public.payment_cards to app_member;

create policy payment_cards_select_viewer on app_public.payment_cards for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_cards_select_superadmin on app_public.payment_cards for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payment_vendors/payment_cards.sql

-- source: policies/payments/credit_notes.sql
-- What was taken off invoices: the clinic's staff with billing.view, and superadmins. Written by verbs; the worker says what the
-- invoicing provider returned. BIL-05, BIL-08.

select app_private.classify('app_public.credit_notes', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "series", "number", "net_amount", "gross_amount", "tax_amount", "total_amount",
                    "reason", "provider_state", "provider_document_id", "provider_document_number", "provider_document_url",
                    "provider_error", "tax_state", "tax_upload_id", "tax_sent_at", "tax_deadline_on", "tax_checked_at", "tax_error", "issued_by", "issued_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.credit_notes', engine => 'select, insert, update');

grant select (id, organization_id, invoice_id, series, number, net_amount, gross_amount, tax_amount, total_amount, reason, provider_state,
              provider_document_number, provider_document_url, tax_state, tax_deadline_on, issued_at, created_at, updated_at)
   on app_public.credit_notes to app_member;

create policy credit_notes_select_staff on app_public.credit_notes for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy credit_notes_select_superadmin on app_public.credit_notes for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/credit_notes.sql

-- source: policies/payments/platform_bank_accounts.sql
-- Where clinics send bank transfers: who is signed in reads it, superadmins set it by a verb. BIL-07, docs/decisions/0199.

select app_private.classify('app_public.platform_bank_accounts', home => 'platform', retention => 'reference', classes =>
  '{"public": ["currency", "holder", "iban", "bank", "bic"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_bank_accounts', engine => 'select, insert, update');

grant select on app_public.platform_bank_accounts to app_member;

create policy platform_bank_accounts_select_everyone on app_public.platform_bank_accounts for select to app_member
  using (true);
-- end of source: policies/payments/platform_bank_accounts.sql

-- source: reference/payments/credit_note_events.sql
-- What is published about credit notes. A version is never changed: a new one is added. FND-14, BIL-05, BIL-08.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "credit_note"}', rows => '
name: credit_note.issued
version: 1
description: Something was taken off an invoice.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.total_differs
version: 1
description: The invoicing provider returned another total than was taken off the invoice: somebody has to look.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.tax_deadline_near
version: 1
description: Its legal deadline is near, and the tax office has not accepted it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.tax_rejected
version: 1
description: The tax office did not accept it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/credit_note_events.sql

select app_private.write_owned_rows();
