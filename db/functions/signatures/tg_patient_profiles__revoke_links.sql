-- A link that went to an address which is not the person's any more must not open their form. CNS-06.

set role app_engine;

create or replace function app_private.tg_patient_profiles__revoke_links() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  for v_link in
    select signature_links.*
    from app_public.forms
    join app_public.signature_links
      on signature_links.organization_id = forms.organization_id and signature_links.form_id = forms.id
    where forms.patient_profile_id = new.id and signature_links.kind = 'link' and signature_links.status = 'open'
    order by signature_links.id
  loop
    perform app_private.end_signature_link(v_link.id, 'revoked', 'contact_changed');
  end loop;
  return null;
end;
$$;

comment on function app_private.tg_patient_profiles__revoke_links is
  'Takes back open links when address, telephone or birth date of their person changes. Trigger _700_revoke_links.';

reset role;

create or replace trigger _700_revoke_links after update of email, phone, birth_date on app_public.patient_profiles
  for each row when (
    old.email is distinct from new.email or old.phone is distinct from new.phone or old.birth_date is distinct from new.birth_date)
  execute function app_private.tg_patient_profiles__revoke_links();
