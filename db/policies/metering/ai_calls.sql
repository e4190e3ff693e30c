-- Calls of AI models: the clinic's staff with billing.view, and superadmins. Written by functions; the cost of one whose price was missing
-- is added, once. FND-24.

select app_private.classify('app_public.ai_calls', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "usage_record_id", "model", "units", "occurred_at", "currency", "cost", "priced_position"]}',
  unaudited => 'Is itself a ledger: a cost is written once.');
select app_private.protect('app_public.ai_calls', engine => 'select, insert, update (cost, priced_position)');

grant select on app_public.ai_calls to app_member;

create policy ai_calls_select_staff on app_public.ai_calls for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy ai_calls_select_superadmin on app_public.ai_calls for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _300_keep before update or delete on app_public.ai_calls
  for each row execute function app_private.tg_ai_calls__keep();

create or replace trigger _300_keeps_every_call before truncate on app_public.ai_calls
  for each statement execute function app_private.tg_frozen();
