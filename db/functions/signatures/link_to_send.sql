-- What the server has to know before it makes a token: whether this person may send one, which row it will be, and for whom.
-- Behind sendSignatureLink and startKiosk, which seal the token before SQL hears of it. CNS-05, CNS-06.

set role app_engine;

create or replace function app_hidden.link_to_send(
  form_id uuid,
  mode text,
  caregiver_id uuid default null,
  identify_by text default null,
  request jsonb default null
) returns table (link_id uuid, organization_id uuid, patient_id uuid, asks_for text, answered jsonb)
language plpgsql volatile security definer rows 1
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.recalled(
    case mode when 'drawn_kiosk' then 'open_kiosk' else 'send_signature_link' end, request);
  v_form app_public.forms;
begin
  if v_remembered is not null then
    perform app_private.require_to_send_again(link_to_send.form_id);
    return query select null::uuid, null::uuid, null::uuid, null::text, v_remembered;
    return;
  end if;
  v_form := app_private.locked_form_to_send(link_to_send.form_id, mode, link_to_send.caregiver_id);
  return query
  select uuidv7(), v_form.organization_id, v_form.patient_id,
         case when mode = 'remote_link' then
           coalesce(link_to_send.identify_by, case when patient_profiles.birth_date is null then 'code' else 'birth_date' end) end,
         null::jsonb
  from app_public.patient_profiles
  where patient_profiles.id = v_form.patient_profile_id;
end;
$$;

comment on function app_hidden.link_to_send is
  'Permission and facts for a link or kiosk that is about to be made; or what was answered to the same request before.';
grant execute on function app_hidden.link_to_send to app_member;

reset role;

create or replace function app_private.require_to_send_again(form_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- Of one that is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(
    (select forms.organization_id from app_public.forms where forms.id = require_to_send_again.form_id), 'forms.fill');
  perform app_private.require_own_hand();
end;
$$;

comment on function app_private.require_to_send_again is
  'Passes for whoever may hear once more what opens a form: NOT_FOUND or FORBIDDEN for others.';
grant execute on function app_private.require_to_send_again to app_engine;
