-- Invoices, credit notes, and their postings. BIL-02, BIL-03, BIL-07.

-- squawk-ignore ban-drop-table
drop table if exists app_private.document_series, app_public.invoices, app_public.invoice_lines, app_public.credit_notes, app_public.credit_note_lines, app_private.postings cascade;

-- The next number of each series; its row is locked by whoever takes one, so that none is left out.
create table app_private.document_series (
  series text primary key,
  kind text not null,
  next_number bigint not null default 1,
  constraint document_series_series_is_short check (series ~ '^[A-Z0-9-]{1,20}$'),
  constraint document_series_kind_is_known check (kind in ('invoice', 'credit_note')),
  constraint document_series_next_number_counts_from_1 check (next_number >= 1)
);

create table app_public.invoices (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  subscription_id uuid not null,
  period_id uuid not null,
  kind text not null,
  status text not null,
  series text,
  number bigint,
  currency char(3) not null,
  net_amount bigint not null,
  tax_amount bigint,
  total_amount bigint,
  paid_amount bigint not null default 0,
  credited_amount bigint not null default 0,
  payment_state text not null default 'unpaid',
  provider text not null,
  provider_state text not null default 'queued',
  provider_document_id text,
  provider_document_number text,
  provider_document_url text,
  provider_error text,
  tax_state text not null default 'not_applicable',
  tax_upload_id text,
  tax_sent_at timestamptz,
  tax_deadline_on date,
  tax_checked_at timestamptz,
  tax_error text,
  inputs jsonb not null,
  inputs_hash bytea not null,
  usage_position bigint not null,
  billed_to jsonb not null,
  tax_id app_private.ciphertext,
  issued_at timestamptz,
  due_on date,
  paid_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint invoices_identity unique (organization_id, id),
  constraint invoices_one_of_a_kind_and_period unique (organization_id, subscription_id, period_id, kind),
  constraint invoices_number_is_unique unique (series, number),
  constraint invoices_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete restrict,
  constraint invoices_period_fkey foreign key (organization_id, period_id)
    references app_public.billing_periods (organization_id, id) on delete restrict,
  constraint invoices_series_fkey foreign key (series) references app_private.document_series on delete restrict,
  constraint invoices_kind_is_known check (kind in ('advance', 'period')),
  constraint invoices_status_is_known check (status in ('draft', 'issued', 'paid', 'uncollectible', 'void')),
  constraint invoices_payment_state_is_known check (payment_state in ('unpaid', 'processing', 'partially_paid', 'paid', 'overpaid', 'failed')),
  constraint invoices_provider_state_is_known check (provider_state in ('queued', 'issued', 'failed', 'unknown')),
  constraint invoices_tax_state_is_known check (tax_state in ('not_applicable', 'queued', 'sent', 'accepted', 'rejected', 'unknown')),
  constraint invoices_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint invoices_are_numbered_when_issued check ((status = 'draft') = (number is null) and (number is null) = (series is null)),
  constraint invoices_are_dated_when_issued check ((status = 'draft') = (issued_at is null)),
  constraint invoices_amounts_are_not_negative check (net_amount >= 0 and paid_amount >= 0 and credited_amount >= 0)
);
create index invoices_period_idx on app_public.invoices (organization_id, period_id);
create index invoices_issued_idx on app_public.invoices (organization_id, issued_at, id);
create index invoices_unpaid_idx on app_public.invoices (due_on) where status = 'issued';
create index invoices_tax_idx on app_public.invoices (tax_deadline_on) where tax_state in ('queued', 'sent', 'unknown');

create table app_public.invoice_lines (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  kind text not null,
  meter text references app_public.meters on delete restrict,
  tier_version_id uuid references app_public.platform_tier_versions on delete restrict,
  starts_on date not null,
  ends_on date not null,
  descriptions jsonb not null,
  quantity numeric not null,
  unit_price numeric not null,
  amount bigint not null,
  usage_after_position bigint,
  usage_to_position bigint,
  constraint invoice_lines_identity unique (organization_id, id),
  constraint invoice_lines_are_in_order unique (organization_id, invoice_id, position),
  constraint invoice_lines_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint invoice_lines_kind_is_known check (kind in ('plan', 'plan_change', 'setup', 'overage', 'ai', 'late_overage', 'late_ai', 'credit'))
);
create index invoice_lines_meter_idx on app_public.invoice_lines (meter);
create index invoice_lines_tier_idx on app_public.invoice_lines (tier_version_id);
comment on column app_public.invoice_lines.quantity is 'How many units the line is of.';
comment on column app_public.invoice_lines.unit_price is 'What a unit costs, in minor units, with a fraction where it has one.';
comment on column app_public.invoice_lines.amount is 'In minor units, rounded once, half away from zero.';

create table app_public.credit_notes (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  series text not null references app_private.document_series on delete restrict,
  number bigint not null,
  net_amount bigint not null,
  gross_amount bigint not null,
  tax_amount bigint,
  total_amount bigint,
  reason text not null,
  provider_state text not null default 'queued',
  provider_document_id text,
  provider_document_number text,
  provider_document_url text,
  provider_error text,
  issued_by uuid references app_public.principals on delete restrict,
  issued_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credit_notes_identity unique (organization_id, id),
  constraint credit_notes_number_is_unique unique (series, number),
  constraint credit_notes_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint credit_notes_provider_state_is_known check (provider_state in ('queued', 'issued', 'failed', 'unknown')),
  constraint credit_notes_amount_is_positive check (net_amount > 0),
  constraint credit_notes_gross_is_no_less_than_net check (gross_amount >= net_amount),
  constraint credit_notes_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint credit_notes_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index credit_notes_invoice_idx on app_public.credit_notes (organization_id, invoice_id);
create index credit_notes_issued_by_idx on app_public.credit_notes (issued_by);
comment on table app_public.credit_notes is 'What was taken off an invoice after it was issued: never changed, numbered without gaps.';
comment on column app_public.credit_notes.net_amount is 'Before tax: the sum of its lines.';
comment on column app_public.credit_notes.gross_amount is
  'What it takes off the invoice: the net and its share of the tax that the invoicing provider put on the invoice.';
comment on column app_public.credit_notes.tax_amount is 'The tax as the invoicing provider returned it; null until then.';
comment on column app_public.credit_notes.total_amount is 'The total as the invoicing provider returned it; null until then.';
comment on constraint credit_notes_provider_state_is_known on app_public.credit_notes is E'queued: The invoicing provider will be asked.\nissued: The provider has issued it.\nfailed: The provider refused it.\nunknown: The provider''s answer was lost: it is asked again.';

create table app_public.credit_note_lines (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  credit_note_id uuid not null,
  invoice_line_id uuid not null,
  amount bigint not null,
  constraint credit_note_lines_identity unique (organization_id, id),
  constraint credit_note_lines_one_of_a_line unique (organization_id, credit_note_id, invoice_line_id),
  constraint credit_note_lines_note_fkey foreign key (organization_id, credit_note_id)
    references app_public.credit_notes (organization_id, id) on delete restrict,
  constraint credit_note_lines_line_fkey foreign key (organization_id, invoice_line_id)
    references app_public.invoice_lines (organization_id, id) on delete restrict,
  constraint credit_note_lines_amount_is_positive check (amount > 0)
);
create index credit_note_lines_line_idx on app_public.credit_note_lines (organization_id, invoice_line_id);
comment on table app_public.credit_note_lines is 'How much of which line of the invoice a credit note takes off, before tax.';

-- Double entry: the postings of a document sum to zero, which a deferred constraint holds.
create table app_private.postings (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  document_kind text not null,
  document_id uuid not null,
  account text not null,
  currency char(3) not null,
  amount bigint not null,
  posted_at timestamptz not null,
  constraint postings_identity unique (organization_id, id),
  constraint postings_document_kind_is_known check (document_kind in ('invoice', 'credit_note', 'payment', 'refund')),
  constraint postings_account_is_known check (account in ('receivable', 'plan_revenue', 'overage_revenue', 'ai_revenue', 'tax', 'bank', 'card', 'customer_balance', 'write_off')),
  constraint postings_move_something check (amount <> 0)
);
create index postings_document_idx on app_private.postings (organization_id, document_kind, document_id);
