-- What the server has to know before it makes a token: whether this person may send one, which row it will be, and for whom.
-- Behind sendSignatureLink and startKiosk, which seal the token before SQL hears of it. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.link_to_send(form_id uuid, mode text, caregiver_id uuid default null, identify_by text default null)
returns table (link_id uuid, organization_id uuid, patient_id uuid, asks_for text)
language plpgsql volatile security definer rows 1
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.locked_form_to_send(link_to_send.form_id, mode, link_to_send.caregiver_id);
begin
  return query
  select uuidv7(), v_form.organization_id, v_form.patient_id,
         case when mode = 'remote_link' then
           coalesce(link_to_send.identify_by, case when patient_profiles.birth_date is null then 'code' else 'birth_date' end) end
  from app_public.patient_profiles
  where patient_profiles.id = v_form.patient_profile_id;
end;
$$;

comment on function app_hidden.link_to_send is 'Permission and facts for a link or kiosk that is about to be made.';
grant execute on function app_hidden.link_to_send to app_member;

reset role;
