-- Test: set_platform_bank_account - superadmins say where transfers go, one account a currency; an IBAN with a wrong digit is refused; everyone who is signed in reads it. BIL-07.
begin;
select plan(23);
select tests.person('root', superadmin => true);
select tests.clinic('atlas'), tests.staff('olga', 'owner');
delete from app_public.platform_bank_accounts;
select tests.act_as('root');
select results_eq($$select currency::text, holder, iban, bank, bic from app_public.set_platform_bank_account('RON', ' RestartiX SRL ', 'ro49 aaaa 1b31 0075 9384 0000', 'Banca Exemplu', ' ')$$,
  $$values ('RON', 'RestartiX SRL', 'RO49AAAA1B31007593840000', 'Banca Exemplu', null)$$, 'as it is written in one way');
select results_eq($$select bic from app_public.set_platform_bank_account('RON', 'RestartiX SRL', 'RO49AAAA1B31007593840000', 'Banca Exemplu', 'rncb robu')$$, $$values ('RNCBROBU')$$, 'said again it is changed');
select is((select count(*)::int from app_public.platform_bank_accounts), 1, 'a currency has one');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', 'R', 'RO49AAAA1B31007593840001', 'B')$$, 'VALIDATION', 'iban_malformed', 'a digit that is mistyped');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', 'R', 'RO49', 'B')$$, 'VALIDATION', 'iban_malformed', 'no IBAN');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', 'R', null, 'B')$$, 'VALIDATION', 'iban_malformed', 'none at all');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', 'R', 'DE89370400440532013000', 'B', 'X')$$, 'VALIDATION', 'bic_malformed', 'no BIC');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', ' ', 'DE89370400440532013000', 'B')$$, 'VALIDATION', 'bank_account_name_malformed', 'nobody''s');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', 'R', 'DE89370400440532013000', '')$$, 'VALIDATION', 'bank_account_name_malformed', 'at no bank');
select * from tests.refuses($$select app_public.set_platform_bank_account('XXX', 'R', 'DE89370400440532013000', 'B')$$, 'VALIDATION', 'bank_account_currency_unknown', 'in which nothing is billed');
select is((select bic from app_public.platform_bank_accounts), 'RNCBROBU', 'what is refused changes nothing');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.set_platform_bank_account('RON', 'O', 'DE89370400440532013000', 'B')$$, 'FORBIDDEN', 'superadmin_only', 'a clinic does not say where its money goes');
select results_eq('select iban from app_public.platform_bank_accounts', $$values ('RO49AAAA1B31007593840000')$$, 'but reads it');
select throws_ok($$update app_public.platform_bank_accounts set iban = 'DE89370400440532013000'$$, '42501', null, 'and writes nothing beside the verb');
reset role;
select is((select count(*)::int from audit.entries where table_name = 'app_public.platform_bank_accounts' and action = 'update'), 1, 'who changed it is on the record');
select * from finish();
rollback;
