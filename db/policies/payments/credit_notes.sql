-- What was taken off invoices: the clinic's staff with billing.view, and superadmins. Written by verbs; the worker says what the
-- invoicing provider returned. BIL-05, BIL-08.

select app_private.classify('app_public.credit_notes', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "series", "number", "net_amount", "gross_amount", "tax_amount", "total_amount",
                    "reason", "carried_by", "provider_state", "provider_document_id", "provider_document_number", "provider_document_url",
                    "provider_error", "tax_state", "tax_upload_id", "tax_sent_at", "tax_deadline_on", "tax_checked_at",
                    "tax_error", "issued_by", "issued_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.credit_notes', engine => 'select, insert, update');

grant select (id, organization_id, invoice_id, series, number, net_amount, gross_amount, tax_amount, total_amount, reason, provider_state,
              provider_document_number, provider_document_url, tax_state, tax_deadline_on, issued_at, created_at, updated_at)
   on app_public.credit_notes to app_member;

create policy credit_notes_select_staff on app_public.credit_notes for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy credit_notes_select_superadmin on app_public.credit_notes for select to app_member
  using ((select app_hidden.is_superadmin()));
