-- Lines of credit notes: the clinic's staff with billing.view, and superadmins. Written with their credit note, never changed. BIL-05.

select app_private.classify('app_public.credit_note_lines', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "credit_note_id", "invoice_line_id", "amount"]}');
select app_private.protect('app_public.credit_note_lines', engine => 'select, insert');

grant select on app_public.credit_note_lines to app_member;

create policy credit_note_lines_select_staff on app_public.credit_note_lines for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy credit_note_lines_select_superadmin on app_public.credit_note_lines for select to app_member
  using ((select app_hidden.is_superadmin()));
