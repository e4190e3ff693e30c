-- What clinics owe the platform: staff with billing.view, and superadmins. Written by verbs; what is issued stays. BIL-02, BIL-06.

select app_private.classify('app_public.invoices', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "period_id", "kind", "status", "series", "number", "currency", "net_amount",
                    "tax_amount", "total_amount", "provider_difference_amount", "paid_amount", "credited_amount", "payment_state", "provider", "provider_state",
                    "provider_document_id", "provider_document_number", "provider_document_url", "provider_error", "tax_state",
                    "tax_upload_id", "tax_sent_at", "tax_deadline_on", "tax_checked_at", "tax_error", "inputs", "inputs_hash",
                    "usage_position", "tax_id_sealed_for", "issued_at", "due_on", "paid_at", "created_at", "updated_at"],
    "pii_basic": ["billed_to"],
    "pii_regulated": ["tax_id"]}',
  protected => '{"ciphertext": ["tax_id"]}');
select app_private.protect('app_public.invoices', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, subscription_id, period_id, kind, status, series, number, currency, net_amount, tax_amount,
              total_amount, provider_difference_amount, paid_amount, credited_amount, payment_state, provider, provider_state, provider_document_number,
              provider_document_url, tax_state, tax_deadline_on, billed_to, issued_at, due_on, paid_at, created_at, updated_at)
   on app_public.invoices to app_member;

create policy invoices_select_staff on app_public.invoices for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy invoices_select_superadmin on app_public.invoices for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _300_keep before update or delete on app_public.invoices
  for each row execute function app_private.tg_invoices__keep();
create or replace trigger _300_keeps_every_invoice before truncate on app_public.invoices
  for each statement execute function app_private.tg_frozen();
create or replace trigger _300_key_in_use before insert or update of tax_id on app_public.invoices
  for each row execute function app_private.tg_ciphertext__key_in_use('tax_id');
