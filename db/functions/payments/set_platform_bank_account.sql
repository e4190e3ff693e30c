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
  v_iban constant text := app_private.bank_code(iban);
  v_bic constant text := nullif(app_private.bank_code(bic), '');
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

create or replace function app_private.bank_code(text text) returns text
language sql immutable
set search_path = ''
return translate(regexp_replace(bank_code.text, '\s', '', 'g'), 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');

comment on function app_private.bank_code is 'An IBAN or a BIC as banks write it: in capitals of ASCII, without spaces.';
grant execute on function app_private.bank_code to app_engine;
