-- What was done about an unpaid invoice: the clinic's staff with billing.view, and the platform. Written by time. BIL-05.

select app_private.classify('app_public.dunning_actions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "invoice_id", "day", "action", "due_at", "done_at"]}');
select app_private.protect('app_public.dunning_actions', engine => 'select, insert');

grant select on app_public.dunning_actions to app_member;

create policy dunning_actions_select_viewer on app_public.dunning_actions for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy dunning_actions_select_superadmin on app_public.dunning_actions for select to app_member
  using ((select app_hidden.is_superadmin()));
