-- What the platform gives back: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-05, BIL-08.

select app_private.classify('app_public.refunds', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "payment_id", "credit_note_id", "currency", "amount", "status", "reason", "provider_refund_id",
                    "provider_as_of", "failure_code", "requested_by", "settled_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.refunds', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, payment_id, credit_note_id, currency, amount, status, reason, failure_code, settled_at, created_at, updated_at)
   on app_public.refunds to app_member;

create policy refunds_select_staff on app_public.refunds for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy refunds_select_superadmin on app_public.refunds for select to app_member
  using ((select app_hidden.is_superadmin()));
