-- Where clinics send bank transfers: who is signed in reads it, superadmins set it by a verb. BIL-07, docs/decisions/0199.

select app_private.classify('app_public.platform_bank_accounts', home => 'cell', retention => 'billing', classes =>
  '{"public": ["currency", "holder", "iban", "bank", "bic"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_bank_accounts', engine => 'select, insert, update');

grant select on app_public.platform_bank_accounts to app_member;

create policy platform_bank_accounts_select_everyone on app_public.platform_bank_accounts for select to app_member
  using (true);
