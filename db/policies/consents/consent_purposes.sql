-- The platform's purposes are everyone's to read; a clinic's own are its staff's and its patients'. Written by
-- publish_consent_version() and by db/reference. FND-16, CNS-01.

select app_private.classify('app_public.consent_purposes', home => 'clinic', retention => 'ledger', classes =>
  '{"public": ["id", "organization_id", "scope_id", "code", "scope", "legal_basis", "is_withdrawable", "is_medical",
               "on_withdrawal", "name", "name_ro", "needed_for", "needed_for_ro"],
    "operational": ["created_at"]}');
select app_private.protect('app_public.consent_purposes', engine => 'select, insert', facts => '{name name,name name_ro}');

grant select on app_public.consent_purposes to app_member;

create policy consent_purposes_select_everyone on app_public.consent_purposes for select to app_member
  using (organization_id is null);

create policy consent_purposes_select_staff on app_public.consent_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy consent_purposes_select_patient on app_public.consent_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));

create policy consent_purposes_all_migrator on app_public.consent_purposes for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.consent_purposes
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('code');
