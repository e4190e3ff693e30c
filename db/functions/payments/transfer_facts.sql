-- What a message about money tells of how it is paid by bank transfer: the platform's account in that currency, and what to write beside it.
-- The account is read as the message is queued: money goes to where the platform has an account. BIL-07, docs/decisions/0201.

create or replace function app_private.transfer_facts(provider text, currency text, reference text) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'accountHolder', account.holder,
    -- Four by four, as people read and copy an IBAN.
    'accountIban', regexp_replace(account.iban, '(.{4})(?=.)', '\1 ', 'g'),
    'accountBank', account.bank,
    'accountBic', account.bic,
    'accountReference', case when account.currency is not null then transfer_facts.reference end)
  from (select) as one
  left join app_public.platform_bank_accounts as account
    on account.currency = transfer_facts.currency and not app_private.charges_by_itself(transfer_facts.provider);
end;

comment on function app_private.transfer_facts is
  'The variables accountHolder, accountIban, accountBank, accountBic and accountReference of a message: all null where a payment provider takes '
  'the money by itself, or the platform has no account in the currency. accountBic is null where the account has none.';
grant execute on function app_private.transfer_facts to app_engine;
