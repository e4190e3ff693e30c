-- Staff open one form on a tablet, for a quarter of an hour, for the patient who stands before them. CNS-05.

set role app_engine;

create or replace function app_hidden.open_kiosk(
  id uuid,
  form_id uuid,
  token_hash bytea,
  device text default null,
  caregiver_id uuid default null,
  request jsonb default null,
  sealed_answer text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('open_kiosk', request);
  v_answer constant jsonb := jsonb_build_object('id', open_kiosk.id, 'sealed', sealed_answer);
  v_form app_public.forms;
begin
  if v_remembered is not null then
    perform app_private.require_to_send_again(open_kiosk.form_id);
    return v_remembered;
  end if;
  v_form := app_private.locked_form_to_send(open_kiosk.form_id, 'drawn_kiosk', open_kiosk.caregiver_id);
  perform app_private.require_own_hand();
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'sent_again', 'kiosk');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, caregiver_id, token_hash, device, created_by, expires_at, created_at)
  values
    (open_kiosk.id, v_form.organization_id, v_form.id, 'kiosk', 'drawn', open_kiosk.caregiver_id, open_kiosk.token_hash,
     nullif(btrim(open_kiosk.device), ''), app_private.current_actor_id(), app_hidden.now() + interval '15 minutes', app_hidden.now());
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'kiosk_opened', open_kiosk.id,
    jsonb_build_object('device', nullif(btrim(open_kiosk.device), ''), 'caregiver', open_kiosk.caregiver_id));
  perform app_private.remember('open_kiosk', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.open_kiosk is
  'Makes a kiosk for one form; answers id and what was sealed of the answer. Needs forms.fill; STATE signed_in_another_way or already_signed.';
grant execute on function app_hidden.open_kiosk to app_member;

reset role;
