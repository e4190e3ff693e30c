-- Staff with patient_plans.view see what the provider said; appended by the doors. BIL-09.

select app_private.classify('app_public.patient_subscription_reports', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "link_id", "reported_by", "received_at"],
    "phi": ["provider_word", "subscription_status", "rank", "as_of", "charged_at", "trial_ends_at", "outcome"]}');
select app_private.protect('app_public.patient_subscription_reports', engine => 'select, insert, delete');

grant select on app_public.patient_subscription_reports to app_member;

create policy patient_subscription_reports_select_staff on app_public.patient_subscription_reports for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));
