-- What clinics pay the platform: attempts, payments, what they pay, refunds, and the legal deadline of electronic invoices.
-- BIL-04, BIL-05, BIL-07, docs/decisions/0187, 0188.

-- squawk-ignore ban-drop-table
drop table if exists app_public.payment_attempts, app_public.payments, app_public.payment_allocations, app_public.refunds, app_public.write_offs, app_private.submission_deadlines, app_private.public_holidays cascade;

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
  constraint payment_attempts_amount_is_positive check (amount > 0),
  constraint payment_attempts_failure_code_is_short check (length(failure_code) <= 100),
  constraint payment_attempts_provider_payment_id_is_short check (length(provider_payment_id) between 1 and 200)
);
create unique index payment_attempts_one_is_open on app_public.payment_attempts (organization_id, invoice_id)
  where status in ('queued', 'processing', 'unknown');
create unique index payment_attempts_at_the_provider on app_public.payment_attempts (provider, provider_payment_id)
  where provider_payment_id is not null;
comment on table app_public.payment_attempts is
  'A try to take the money of an invoice at a provider that takes it by itself. Its id is the key by which the vendor knows a repeat.';
comment on column app_public.payment_attempts.position is 'Which try it is for its invoice, from 1.';
comment on column app_public.payment_attempts.amount is
  'In minor units of the invoice''s currency; once the vendor was asked it stays, since a repeat has to ask for the same.';
comment on column app_public.payment_attempts.failure_code is 'Why the vendor did not take it, in the vendor''s own word.';
comment on column app_public.payment_attempts.provider_as_of is
  'The vendor''s own time of what was last believed of it: what is older is not believed, whenever it arrives.';
comment on column app_public.payment_attempts.due_at is 'When the vendor is asked.';
comment on column app_public.payment_attempts.settled_at is 'When it came to an end: succeeded, failed or canceled.';
comment on constraint payment_attempts_status_is_known on app_public.payment_attempts is E'queued: The vendor will be asked.\nprocessing: The vendor was asked and has not said the end.\nsucceeded: The money was taken.\nfailed: The vendor did not take it.\nunknown: The vendor''s answer was lost: it is asked again with the same key.\ncanceled: It was not needed any more.';

create table app_public.payments (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  invoice_id uuid not null,
  attempt_id uuid,
  provider text not null,
  method text not null,
  provider_payment_id text not null,
  reference text,
  currency char(3) not null,
  amount bigint not null,
  applied_amount bigint not null default 0,
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
  constraint payments_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint payments_amount_is_positive check (amount > 0),
  constraint payments_are_spent_once check (applied_amount >= 0 and refunded_amount >= 0 and applied_amount + refunded_amount <= amount),
  constraint payments_reference_is_short check (length(reference) <= 140),
  constraint payments_note_is_short check (length(note) <= 500)
);
create index payments_invoice_idx on app_public.payments (organization_id, invoice_id);
create index payments_attempt_idx on app_public.payments (organization_id, attempt_id);
create index payments_recorded_by_idx on app_public.payments (recorded_by);
create index payments_received_idx on app_public.payments (organization_id, received_on, id);
create index payments_with_a_balance_idx on app_public.payments (organization_id, currency, id)
  where applied_amount + refunded_amount < amount;
comment on table app_public.payments is
  'Money that the platform received of a clinic, once for each id of the provider. What of it pays no invoice and was not given back is a balance of the clinic.';
comment on column app_public.payments.invoice_id is 'The invoice that it was paid for; what it paid in the end stands in payment_allocations.';
comment on column app_public.payments.provider_payment_id is
  'What it is called where it was made; of a bank transfer, the clinic and the reference of the bank.';
comment on column app_public.payments.reference is 'The reference of a bank transfer, as it was written down.';
comment on column app_public.payments.applied_amount is 'How much of it pays invoices: the sum of its allocations.';
comment on column app_public.payments.refunded_amount is 'How much of it is given back or on its way; what could not be given back is a balance again.';
comment on column app_public.payments.method is 'How the money came.';
comment on column app_public.payments.received_on is 'The day on which the money arrived.';
comment on constraint payments_method_is_known on app_public.payments is E'card: Taken by a provider, by card or whatever else the clinic gave there.\nbank_transfer: Sent by the clinic, and written down by staff of the platform.';

create table app_public.payment_allocations (
  organization_id uuid not null,
  payment_id uuid not null,
  invoice_id uuid not null,
  amount bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payment_allocations_pkey primary key (organization_id, payment_id, invoice_id),
  constraint payment_allocations_payment_fkey foreign key (organization_id, payment_id)
    references app_public.payments (organization_id, id) on delete restrict,
  constraint payment_allocations_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint payment_allocations_amount_is_not_negative check (amount >= 0)
);
create index payment_allocations_invoice_idx on app_public.payment_allocations (organization_id, invoice_id);
comment on table app_public.payment_allocations is 'How much of a payment pays which invoice now.';

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
  provider_as_of timestamptz,
  failure_code text,
  requested_by uuid references app_public.principals on delete restrict,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint refunds_identity unique (organization_id, id),
  constraint refunds_payment_fkey foreign key (organization_id, payment_id)
    references app_public.payments (organization_id, id) on delete restrict,
  constraint refunds_credit_note_fkey foreign key (organization_id, credit_note_id)
    references app_public.credit_notes (organization_id, id) on delete restrict,
  constraint refunds_status_is_known check (status in ('queued', 'processing', 'succeeded', 'failed', 'unknown')),
  constraint refunds_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint refunds_amount_is_positive check (amount > 0),
  constraint refunds_failure_code_is_short check (length(failure_code) <= 100),
  constraint refunds_provider_refund_id_is_short check (length(provider_refund_id) between 1 and 200),
  constraint refunds_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint refunds_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index refunds_payment_idx on app_public.refunds (organization_id, payment_id);
create index refunds_credit_note_idx on app_public.refunds (organization_id, credit_note_id);
create index refunds_requested_by_idx on app_public.refunds (requested_by);
create index refunds_made_idx on app_public.refunds (organization_id, created_at, id);
comment on table app_public.refunds is
  'Money of a payment that goes back to the clinic. Its id is the key by which the vendor knows a repeat.';
comment on column app_public.refunds.credit_note_id is
  'The credit note for what of it had paid the invoice; null where it had paid none, as after an over-payment.';
comment on column app_public.refunds.provider_as_of is 'The vendor''s own time of what was last believed of it.';
comment on column app_public.refunds.failure_code is 'Why the vendor did not give it back, in the vendor''s own word.';
comment on column app_public.refunds.settled_at is 'When it came to an end: succeeded or failed.';
comment on constraint refunds_status_is_known on app_public.refunds is E'queued: The vendor will be asked.\nprocessing: The vendor was asked and has not said the end.\nsucceeded: The money went back.\nfailed: The vendor did not give it back; it is a balance of the clinic.\nunknown: The vendor''s answer was lost: it is asked again with the same key.';

create table app_public.write_offs (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  amount bigint not null,
  recovered_amount bigint not null default 0,
  reason text not null,
  written_off_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint write_offs_identity unique (organization_id, id),
  constraint write_offs_one_of_an_invoice unique (organization_id, invoice_id),
  constraint write_offs_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint write_offs_amount_is_positive check (amount > 0),
  constraint write_offs_recover_no_more_than_they_are check (recovered_amount between 0 and amount),
  constraint write_offs_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint write_offs_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index write_offs_written_off_by_idx on app_public.write_offs (written_off_by);
comment on table app_public.write_offs is 'What the platform gave up of an invoice, and how much of that was paid after all.';
comment on column app_public.write_offs.recovered_amount is 'How much of it was paid after all.';

-- squawk-ignore require-concurrent-index-creation
create index if not exists invoices_unpaid_of_clinic_idx on app_public.invoices (organization_id, due_on, id) where status = 'issued';
-- squawk-ignore require-concurrent-index-creation
create index if not exists credit_notes_issued_idx on app_public.credit_notes (organization_id, issued_at, id);

create table app_private.submission_deadlines (
  country char(2) not null,
  valid_from date not null,
  days int not null,
  counts text not null,
  citation text not null,
  constraint submission_deadlines_pkey primary key (country, valid_from),
  constraint submission_deadlines_country_is_a_code check (country ~ '^[A-Z]{2}$'),
  constraint submission_deadlines_days_is_sensible check (days between 1 and 60),
  constraint submission_deadlines_counts_is_known check (counts in ('working_days', 'calendar_days'))
);
comment on table app_private.submission_deadlines is
  'How many days after its day an invoice has to be at the tax office, by country, and from which day of invoices on.';

create table app_private.public_holidays (
  country char(2) not null,
  day date not null,
  name text not null,
  constraint public_holidays_pkey primary key (country, day),
  constraint public_holidays_country_is_a_code check (country ~ '^[A-Z]{2}$')
);
comment on table app_private.public_holidays is
  'Days on which nobody works in a country. A year that is not listed has none, so that a deadline is too early rather than too late.';
