-- What clinics pay the platform: attempts, payments, refunds, and the legal deadline of electronic invoices. BIL-04, BIL-05, BIL-07.

-- squawk-ignore ban-drop-table
drop table if exists app_public.payment_attempts, app_public.payments, app_public.refunds, app_private.submission_deadlines, app_private.public_holidays cascade;

-- One try to take the money of an invoice at a provider that takes it by itself. Its id is the key by which the vendor knows a repeat.
create table app_public.payment_attempts (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  provider text not null,
  amount bigint not null,
  status text not null default 'queued',
  failure_code text,
  provider_payment_id text,
  provider_as_of timestamptz,
  due_at timestamptz not null,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payment_attempts_identity unique (organization_id, id),
  constraint payment_attempts_are_in_order unique (organization_id, invoice_id, position),
  constraint payment_attempts_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint payment_attempts_status_is_known check (status in ('queued', 'processing', 'succeeded', 'failed', 'unknown', 'canceled')),
  constraint payment_attempts_amount_is_positive check (amount > 0)
);
create unique index payment_attempts_one_is_open on app_public.payment_attempts (organization_id, invoice_id)
  where status in ('queued', 'processing', 'unknown');
create unique index payment_attempts_at_the_provider on app_public.payment_attempts (provider, provider_payment_id)
  where provider_payment_id is not null;

create table app_public.payments (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  invoice_id uuid not null,
  attempt_id uuid,
  provider text not null,
  method text not null,
  provider_payment_id text not null,
  currency char(3) not null,
  amount bigint not null,
  applied_amount bigint not null,
  refunded_amount bigint not null default 0,
  received_on date not null,
  note text,
  recorded_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_identity unique (organization_id, id),
  constraint payments_are_recorded_once unique (provider, provider_payment_id),
  constraint payments_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint payments_attempt_fkey foreign key (organization_id, attempt_id)
    references app_public.payment_attempts (organization_id, id) on delete restrict,
  constraint payments_method_is_known check (method in ('card', 'bank_transfer')),
  constraint payments_amount_is_positive check (amount > 0),
  constraint payments_apply_no_more_than_they_are check (applied_amount between 0 and amount),
  constraint payments_refund_no_more_than_they_are check (refunded_amount between 0 and amount)
);
create index payments_invoice_idx on app_public.payments (organization_id, invoice_id);
create index payments_attempt_idx on app_public.payments (organization_id, attempt_id);
create index payments_recorded_by_idx on app_public.payments (recorded_by);
comment on column app_public.payments.applied_amount is 'How much of it paid the invoice; the rest is a balance of the clinic.';

create table app_public.refunds (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  payment_id uuid not null,
  credit_note_id uuid,
  currency char(3) not null,
  amount bigint not null,
  status text not null default 'queued',
  reason text not null,
  provider_refund_id text,
  failure_code text,
  requested_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint refunds_identity unique (organization_id, id),
  constraint refunds_payment_fkey foreign key (organization_id, payment_id)
    references app_public.payments (organization_id, id) on delete restrict,
  constraint refunds_credit_note_fkey foreign key (organization_id, credit_note_id)
    references app_public.credit_notes (organization_id, id) on delete restrict,
  constraint refunds_status_is_known check (status in ('queued', 'processing', 'succeeded', 'failed', 'unknown')),
  constraint refunds_amount_is_positive check (amount > 0),
  constraint refunds_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint refunds_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index refunds_payment_idx on app_public.refunds (organization_id, payment_id);
create index refunds_credit_note_idx on app_public.refunds (organization_id, credit_note_id);
create index refunds_requested_by_idx on app_public.refunds (requested_by);

-- How many working days after its day an invoice has to be at the tax office, by country and time.
create table app_private.submission_deadlines (
  country char(2) not null,
  valid_from date not null,
  working_days int not null,
  citation text not null,
  constraint submission_deadlines_pkey primary key (country, valid_from)
);

create table app_private.public_holidays (
  country char(2) not null,
  day date not null,
  name text not null,
  constraint public_holidays_pkey primary key (country, day)
);
