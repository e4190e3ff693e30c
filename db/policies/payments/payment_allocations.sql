-- Which payment pays which invoice: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-07.

select app_private.classify('app_public.payment_allocations', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "payment_id", "invoice_id", "amount", "created_at", "updated_at"]}');
select app_private.protect('app_public.payment_allocations', engine => 'select, insert, update');

grant select on app_public.payment_allocations to app_member;

create policy payment_allocations_select_staff on app_public.payment_allocations for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_allocations_select_superadmin on app_public.payment_allocations for select to app_member
  using ((select app_hidden.is_superadmin()));
