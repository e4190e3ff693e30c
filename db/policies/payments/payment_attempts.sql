-- Tries to take the money of invoices: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-05.

select app_private.classify('app_public.payment_attempts', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "position", "provider", "amount", "status", "failure_code", "provider_payment_id",
                    "provider_as_of", "due_at", "settled_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.payment_attempts', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, invoice_id, position, provider, amount, status, failure_code, due_at, settled_at, created_at, updated_at)
   on app_public.payment_attempts to app_member;

create policy payment_attempts_select_staff on app_public.payment_attempts for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_attempts_select_superadmin on app_public.payment_attempts for select to app_member
  using ((select app_hidden.is_superadmin()));
