-- As whom a clinic is billed: its staff with billing.view, and the platform; the tax id by its end. Written by a verb. BIL-10.

select app_private.classify('app_public.organization_billing', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "legal_name", "country", "registration_number", "tax_id_last_four", "currency", "timezone",
                    "cadence", "updated_by", "created_at", "updated_at"],
    "pii_basic": ["street", "city", "county", "postal_code", "billing_email"],
    "pii_regulated": ["tax_id"]}',
  protected => '{"ciphertext": ["tax_id"]}');
select app_private.protect('app_public.organization_billing',
  engine => 'select, insert, update', facts => '{name legal_name,name street,name city,name county,email billing_email}');

grant select (organization_id, legal_name, street, city, county, postal_code, country, registration_number, tax_id_last_four,
              billing_email, currency, timezone, cadence, updated_by, created_at, updated_at)
   on app_public.organization_billing to app_member;

create policy organization_billing_select_viewer on app_public.organization_billing for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_billing_select_superadmin on app_public.organization_billing for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _300_key_in_use before insert or update of tax_id on app_public.organization_billing
  for each row execute function app_private.tg_ciphertext__key_in_use('tax_id');
