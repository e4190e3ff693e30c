-- What an invoice bills: whoever sees the invoice. Written with its draft and never changed. BIL-02, BIL-06.

select app_private.classify('app_public.invoice_lines', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "position", "kind", "meter", "tier_version_id", "starts_on", "ends_on",
                    "descriptions", "quantity", "unit_price", "amount", "usage_after_position", "usage_to_position"]}',
  unaudited => 'Written once with its invoice, which is audited.');
select app_private.protect('app_public.invoice_lines', engine => 'select, insert');

grant select on app_public.invoice_lines to app_member;

create policy invoice_lines_select_staff on app_public.invoice_lines for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy invoice_lines_select_superadmin on app_public.invoice_lines for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.invoice_lines
  for each statement execute function app_private.tg_frozen();
create or replace trigger _300_keep before insert on app_public.invoice_lines
  for each row execute function app_private.tg_invoice_lines__keep();
