-- What the platform gave up: superadmins. That an invoice is uncollectible the clinic reads on the invoice. BIL-05.

select app_private.classify('app_public.write_offs', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "amount", "recovered_amount", "reason", "written_off_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.write_offs', engine => 'select, insert, update');

grant select on app_public.write_offs to app_member;

create policy write_offs_select_superadmin on app_public.write_offs for select to app_member
  using ((select app_hidden.is_superadmin()));
