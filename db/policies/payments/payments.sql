-- What the platform received of clinics: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-05, BIL-07.

select app_private.classify('app_public.payments', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "attempt_id", "provider", "method", "provider_payment_id", "reference", "currency",
                    "amount", "applied_amount", "refunded_amount", "received_on", "note", "recorded_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.payments', engine => 'select, insert, update');

-- The note is the platform's own; a clinic reads the reference that it gave.
grant select (id, organization_id, invoice_id, attempt_id, provider, method, reference, currency, amount, applied_amount, refunded_amount,
              received_on, created_at, updated_at)
   on app_public.payments to app_member;

create policy payments_select_staff on app_public.payments for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payments_select_superadmin on app_public.payments for select to app_member
  using ((select app_hidden.is_superadmin()));
