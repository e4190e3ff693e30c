-- What words of payment providers mean; migrations keep it. BIL-09.

select app_private.classify('app_public.patient_payment_statuses', home => 'platform', retention => 'reference', classes =>
  '{"public": ["provider", "provider_status", "subscription_status", "rank"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.patient_payment_statuses');

grant select on app_public.patient_payment_statuses to app_member, app_engine;

create policy patient_payment_statuses_select_everyone on app_public.patient_payment_statuses for select to app_member, app_engine
  using (true);
