-- What pages and vendors of billing need of tables: credit notes are followed at the tax office as invoices are (0198), the card that a
-- clinic entered is shown by its brand and last four digits (0197), and the platform's own bank accounts are rows (0199).

alter table app_public.credit_notes
  add column if not exists tax_state text not null default 'not_applicable',
  add column if not exists tax_upload_id text,
  add column if not exists tax_sent_at timestamptz,
  add column if not exists tax_deadline_on date,
  add column if not exists tax_checked_at timestamptz,
  add column if not exists tax_error text;
alter table app_public.credit_notes drop constraint if exists credit_notes_tax_state_is_known_here;
-- In another order than the invoices': lists that are the same are one enum, and frontends know InvoiceTaxState.
-- squawk-ignore constraint-missing-not-valid
alter table app_public.credit_notes add constraint credit_notes_tax_state_is_known_here
  check (tax_state in ('queued', 'sent', 'accepted', 'rejected', 'unknown', 'not_applicable'));
-- squawk-ignore require-concurrent-index-creation
create index if not exists credit_notes_tax_idx on app_public.credit_notes (tax_deadline_on) where tax_state in ('queued', 'sent', 'unknown');
comment on constraint credit_notes_tax_state_is_known_here on app_public.credit_notes is
  E'not_applicable: No tax office takes it by itself.\nqueued: It is to be sent to the tax office.\nsent: The tax office has it.\naccepted: The tax office accepted it.\nrejected: The tax office refused it.\nunknown: The tax office did not say.';
comment on column app_public.credit_notes.tax_state is 'How it stands at the tax office.';
comment on column app_public.credit_notes.tax_deadline_on is 'By which day it has to be at the tax office; null where no law says one.';

-- Those that FGO has sent on already are followed from now on.
set local role app_engine;
update app_public.credit_notes as note set
  tax_state = case note.provider_state when 'issued' then 'sent' else 'queued' end,
  tax_sent_at = case note.provider_state when 'issued' then note.issued_at end,
  tax_deadline_on = app_private.tax_deadline(
    invoices.billed_to ->> 'country', (note.issued_at at time zone subscription.timezone)::date)
from app_public.invoices
join app_public.organization_subscriptions as subscription
  on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
where invoices.organization_id = note.organization_id and invoices.id = note.invoice_id and invoices.provider = 'fgo'
  and note.tax_state = 'not_applicable';
reset role;

-- One mechanism for both kinds of documents: they are named by their kind and id.
drop function if exists app_hidden.record_tax_state(uuid, text, text, text);
drop function if exists app_hidden.documents_to_check(int);
drop function if exists app_hidden.tax_uploads_of(uuid[]);

-- squawk-ignore require-concurrent-index-creation
create index if not exists organization_subscriptions_customer_idx
  on app_public.organization_subscriptions (provider, provider_customer_id) where provider_customer_id is not null;
-- squawk-ignore ban-drop-table
drop table if exists app_public.payment_cards;
create table app_public.payment_cards (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  provider_card_id text,
  brand text,
  last_four text,
  entered_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payment_cards_identity unique (organization_id, id),
  constraint payment_cards_one_of_a_subscription unique (organization_id, subscription_id),
  constraint payment_cards_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete cascade,
  constraint payment_cards_is_whole check (num_nulls(provider_card_id, brand, last_four) in (0, 3)),
  constraint payment_cards_brand_is_short check (length(brand) <= 40),
  constraint payment_cards_last_four_are_digits check (last_four ~ '^[0-9]{4}$')
);
comment on table app_public.payment_cards is
  'The card that pays a subscription, as far as people are shown it; the card itself is the payment provider''s alone.';
comment on column app_public.payment_cards.brand is 'Its brand, as the payment provider calls it; null once the card was taken away.';
comment on column app_public.payment_cards.last_four is 'Its last four digits; null once the card was taken away.';
comment on column app_public.payment_cards.entered_at is 'When it was entered, by the payment provider''s clock.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.platform_bank_accounts;
create table app_public.platform_bank_accounts (
  currency char(3) primary key,
  holder text not null,
  iban text not null,
  bank text not null,
  bic text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint platform_bank_accounts_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint platform_bank_accounts_holder_is_short check (length(holder) between 1 and 200),
  constraint platform_bank_accounts_bank_is_short check (length(bank) between 1 and 200),
  constraint platform_bank_accounts_iban_has_its_shape check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  constraint platform_bank_accounts_bic_has_its_shape check (bic ~ '^[A-Z0-9]{8}([A-Z0-9]{3})?$')
);
comment on table app_public.platform_bank_accounts is
  'Where clinics that pay by bank transfer send money, one account a currency. Invoices and the billing page show it.';
comment on column app_public.platform_bank_accounts.currency is 'The currency of the invoices that are paid to it.';
comment on column app_public.platform_bank_accounts.holder is 'In whose name it is.';
comment on column app_public.platform_bank_accounts.iban is 'Its IBAN, without spaces.';
comment on column app_public.platform_bank_accounts.bank is 'At which bank it is.';
comment on column app_public.platform_bank_accounts.bic is 'The BIC of that bank, for transfers from abroad.';
