-- What records of usage add up to: the clinic's staff with billing.view, and superadmins. Written with the records. FND-24.

select app_private.classify('app_public.usage_summaries', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "meter", "period_starts_at", "period_ends_at", "quantity", "records", "last_occurred_at"]}',
  unaudited => 'Adds up app_public.usage_records, and is made again from them.');
select app_private.protect('app_public.usage_summaries', engine => 'select, insert, update, delete');

grant select on app_public.usage_summaries to app_member;

create policy usage_summaries_select_staff on app_public.usage_summaries for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy usage_summaries_select_superadmin on app_public.usage_summaries for select to app_member
  using ((select app_hidden.is_superadmin()));
