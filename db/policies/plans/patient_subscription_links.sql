-- Staff with patient_plans.view see which subscription at the provider it is; written by verbs. BIL-09.

select app_private.classify('app_public.patient_subscription_links', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at"],
    "phi": ["subscription_id", "provider", "external_reference"]}');
select app_private.protect('app_public.patient_subscription_links', engine => 'select, insert, delete');

grant select on app_public.patient_subscription_links to app_member;

create policy patient_subscription_links_select_staff on app_public.patient_subscription_links for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));
