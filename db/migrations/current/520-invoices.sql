-- Invoices, credit notes, and their postings. BIL-02, BIL-03, BIL-07.

-- squawk-ignore ban-drop-table
drop table if exists app_private.document_series, app_public.period_bills, app_public.invoices, app_public.invoice_lines, app_public.credit_notes, app_public.credit_note_lines, app_private.postings cascade;

-- The next number of each series; its row is locked by whoever takes one, so that none is left out. A server has series of its
-- own, so that clinics that move to another bring numbers along that nobody there gives (0064).
create table app_private.document_series (
  series text primary key,
  kind text not null,
  is_current boolean not null default true,
  next_number bigint not null default 1,
  created_at timestamptz not null default now(),
  constraint document_series_series_is_short check (series ~ '^[A-Z][A-Z0-9-]{0,19}$'),
  constraint document_series_kind_is_known check (kind in ('invoice', 'credit_note')),
  constraint document_series_next_number_counts_from_1 check (next_number >= 1)
);
create unique index document_series_one_is_current on app_private.document_series (kind) where is_current;
comment on constraint document_series_kind_is_known on app_private.document_series is
  E'invoice: Invoices.\ncredit_note: Credit notes.';
comment on table app_private.document_series is 'The series in which this server numbers documents, and the next number of each.';

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
  provider_difference_amount bigint generated always as (total_amount - net_amount - coalesce(tax_amount, 0)) stored,
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
  tax_id_sealed_for text,
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
  constraint invoices_kind_is_known check (kind in ('advance', 'period')),
  constraint invoices_status_is_known check (status in ('draft', 'issued', 'paid', 'uncollectible', 'void')),
  constraint invoices_payment_state_is_known check (payment_state in ('unpaid', 'processing', 'partially_paid', 'paid', 'overpaid', 'failed')),
  constraint invoices_provider_state_is_known check (provider_state in ('queued', 'issued', 'failed', 'unknown')),
  constraint invoices_tax_state_is_known check (tax_state in ('not_applicable', 'queued', 'sent', 'accepted', 'rejected', 'unknown')),
  constraint invoices_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint invoices_are_numbered_when_issued check ((status = 'draft') = (number is null) and (number is null) = (series is null)),
  constraint invoices_are_dated_when_issued check ((status = 'draft') = (issued_at is null)),
  constraint invoices_tax_id_says_what_it_is_sealed_for check ((tax_id is null) = (tax_id_sealed_for is null)),
  constraint invoices_amounts_are_not_negative check (net_amount >= 0 and paid_amount >= 0 and credited_amount >= 0)
);
create index invoices_period_idx on app_public.invoices (organization_id, period_id);
create index invoices_issued_idx on app_public.invoices (organization_id, issued_at, id);
create index invoices_unpaid_idx on app_public.invoices (due_on) where status = 'issued';
create index invoices_tax_idx on app_public.invoices (tax_deadline_on) where tax_state in ('queued', 'sent', 'unknown');
comment on table app_public.invoices is
  'What a clinic owes the platform. Once issued nothing of it changes but how it is paid, sent and taken by the tax office; corrections are credit notes.';
comment on column app_public.invoices.kind is 'Whether it bills what was used in the period, or in advance what the plan costs.';
comment on constraint invoices_kind_is_known on app_public.invoices is
  E'advance: The price of the plan, before the period or the year that it is of.\nperiod: What was used in a period, and changes of the plan within it.';
comment on constraint invoices_status_is_known on app_public.invoices is
  E'draft: Being made; nobody sees it for longer than a transaction.\nissued: Numbered and final.\npaid: Paid in full.\nuncollectible: Written off.\nvoid: Issued by mistake, and credited in full.';
comment on constraint invoices_payment_state_is_known on app_public.invoices is
  E'unpaid: Nothing has come.\nprocessing: A payment is under way.\npartially_paid: Less has come than is owed.\npaid: What is owed has come.\noverpaid: More has come than is owed.\nfailed: The last attempt to take the money failed.';
comment on constraint invoices_provider_state_is_known on app_public.invoices is
  E'queued: The document is to be issued at the invoicing provider.\nissued: The provider has issued it.\nfailed: The provider refused it.\nunknown: The provider did not say whether it issued it.';
comment on constraint invoices_tax_state_is_known on app_public.invoices is
  E'not_applicable: No tax office takes it by itself.\nqueued: It is to be sent to the tax office.\nsent: The tax office has it.\naccepted: The tax office accepted it.\nrejected: The tax office refused it.\nunknown: The tax office did not say.';
comment on column app_public.invoices.series is 'The series of the server that numbered it; null while it is a draft.';
comment on column app_public.invoices.number is 'Its number in the series, without gaps; null while it is a draft.';
comment on column app_public.invoices.issued_at is 'When it was numbered and final; null while it is a draft.';
comment on column app_public.invoices.due_on is 'The day by which it is to be paid; null while it is a draft.';
comment on column app_public.invoices.paid_at is 'When it was paid in full; null before.';
comment on column app_public.invoices.paid_amount is 'What payments paid of it, in minor units.';
comment on column app_public.invoices.credited_amount is 'What credit notes took off it, with the tax, in minor units.';
comment on column app_public.invoices.payment_state is 'How far it is paid.';
comment on column app_public.invoices.provider_state is 'How far its document is at the invoicing provider.';
comment on column app_public.invoices.provider_document_number is 'What the invoicing provider calls it; null until it has issued it.';
comment on column app_public.invoices.provider_document_url is 'Where the invoicing provider shows it; null where it does not.';
comment on column app_public.invoices.tax_state is 'How far it is at the tax office.';
comment on column app_public.invoices.tax_deadline_on is 'The last day for it to reach the tax office; null where no law says one.';
comment on column app_public.invoices.net_amount is 'The sum of its lines, without tax, in minor units.';
comment on column app_public.invoices.tax_amount is 'The tax as the invoicing provider answered it; never computed here.';
comment on column app_public.invoices.total_amount is 'What is to be paid as the invoicing provider answered it; null until then.';
comment on column app_public.invoices.provider_difference_amount is
  'By how much the provider''s total differs from the net with its tax: 0 where they agree, null until the provider answered. Shown, never corrected.';
comment on column app_public.invoices.inputs is 'What it was computed from: prices, days, positions and quantities of usage, and the version of the rules.';
comment on column app_public.invoices.inputs_hash is 'SHA-256 of inputs and billed_to.';
comment on column app_public.invoices.usage_position is 'The last position of the clinic''s usage that it bills; 0 for one in advance.';
comment on column app_public.invoices.billed_to is 'The billing details of the clinic as they were when it was issued.';
comment on column app_public.invoices.tax_id_sealed_for is
  'The place that the envelope of tax_id is bound to, "table row": it was copied from there, and stays bound to it when keys rotate.';

-- What opening and closing a period came to, also where nothing was to be billed and no invoice was made. What comes to less than
-- nothing is carried over to the next document.
create table app_public.period_bills (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  period_id uuid not null,
  position int not null,
  kind text not null,
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  usage_position bigint not null,
  net_amount bigint not null,
  carried_before bigint not null,
  carried_after bigint not null,
  invoice_id uuid,
  lines jsonb not null,
  created_at timestamptz not null default now(),
  constraint period_bills_identity unique (organization_id, id),
  constraint period_bills_are_in_order unique (organization_id, subscription_id, position),
  constraint period_bills_one_of_a_kind unique (organization_id, period_id, kind),
  constraint period_bills_invoice_is_of_one unique (organization_id, invoice_id),
  constraint period_bills_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete restrict,
  constraint period_bills_period_fkey foreign key (organization_id, period_id)
    references app_public.billing_periods (organization_id, id) on delete restrict,
  constraint period_bills_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint period_bills_kind_is_known check (kind in ('advance', 'period')),
  constraint period_bills_carry_credit_only check (carried_before <= 0 and carried_after <= 0),
  constraint period_bills_carry_what_is_not_billed
    check (carried_after = case when invoice_id is null then carried_before + net_amount else 0 end),
  constraint period_bills_lines_is_an_array check (jsonb_typeof(lines) = 'array')
);
create index period_bills_tier_idx on app_public.period_bills (tier_version_id);
comment on table app_public.period_bills is
  'What opening (advance) and closing (period) a billing period came to, in the order in which it was billed, also where no invoice was made.';
comment on constraint period_bills_kind_is_known on app_public.period_bills is
  E'advance: The price of the plan, before the period or the year that it is of.\nperiod: What was used in a period, and changes of the plan within it.';
comment on column app_public.period_bills.usage_position is 'The last position of the clinic''s usage that was counted; 0 for one in advance.';
comment on column app_public.period_bills.net_amount is 'What its lines come to, in minor units; below zero after a change to a smaller plan.';
comment on column app_public.period_bills.carried_before is 'The credit that was carried over to it: zero or less, in minor units.';
comment on column app_public.period_bills.carried_after is 'The credit that is carried over to the next: zero or less, in minor units.';
comment on column app_public.period_bills.lines is 'What was computed; the lines of the invoice, where there is one.';

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
comment on table app_public.invoice_lines is 'What an invoice bills, line by line. Written with the invoice and never changed.';
comment on constraint invoice_lines_kind_is_known on app_public.invoice_lines is
  E'plan: The price of the plan, in advance.\nplan_change: What a change of the plan within a period adds or takes off.\nsetup: The setup fee of a dedicated server.\noverage: What was used beyond the allowance.\nai: What AI calls cost, with the markup.\nlate_overage: What was used beyond the allowance of an earlier period and told after its bill.\nlate_ai: What AI calls of an earlier period cost, known after its bill.\ncredit: Credit carried over from earlier bills.';
comment on column app_public.invoice_lines.meter is 'What of the usage it bills; null where no usage is behind it.';
comment on column app_public.invoice_lines.ends_on is 'The first day that it is not of.';
comment on column app_public.invoice_lines.descriptions is 'What it says, by language: {"ro": …, "en": …}.';
comment on column app_public.invoice_lines.usage_after_position is 'The usage behind the line comes after this position.';
comment on column app_public.invoice_lines.usage_to_position is 'The last position of the usage behind the line; null where no usage is.';
comment on column app_public.invoice_lines.quantity is 'How many units the line is of.';
comment on column app_public.invoice_lines.unit_price is 'What a unit costs, in minor units, with a fraction where it has one.';
comment on column app_public.invoice_lines.amount is 'In minor units, rounded once, half away from zero.';

create table app_public.credit_notes (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  series text not null,
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
comment on column app_public.credit_notes.number is 'Its number in the series.';
comment on column app_public.credit_notes.issued_at is 'When it was issued.';
comment on column app_public.credit_notes.provider_state is 'How it stands at the invoicing provider.';
comment on column app_public.credit_notes.provider_document_number is 'The number that the invoicing provider gave it.';
comment on column app_public.credit_notes.provider_document_url is 'Where the provider shows the document.';
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
comment on table app_private.postings is 'What documents move between accounts, in minor units: debits are positive. Never changed.';
create index postings_document_idx on app_private.postings (organization_id, document_kind, document_id);

-- A line of a bill before it is one of an invoice.
drop type if exists app_private.bill_line cascade;
create type app_private.bill_line as (
  kind text,
  meter text,
  tier_version_id uuid,
  starts_on date,
  ends_on date,
  quantity numeric,
  unit_price numeric,
  amount bigint,
  usage_after_position bigint,
  usage_to_position bigint
);

-- What a meter comes to in a period, by the usage up to a position.
drop type if exists app_private.rated_usage cascade;
create type app_private.rated_usage as (
  meter text,
  tier_version_id uuid,
  starts_on date,
  ends_on date,
  used numeric,
  included numeric,
  over numeric,
  unit_price numeric,
  amount bigint
);

-- Its name is now close_entitlement_period: a billing period closes, too.
drop function if exists app_private.close_period(app_public.patient_entitlements, timestamptz);

-- Envelopes that were copied say which row they are bound to.
drop function if exists app_private.ciphertext_places();
drop function if exists app_private.envelopes_to_reseal(text, text, text, int);

-- Which kind of documents is said otherwise.
drop function if exists app_public.set_document_series(text, text);
