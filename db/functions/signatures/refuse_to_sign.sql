-- Somebody says in the portal that they do not want to sign. CNS-07.

set role app_engine;

create or replace function app_public.refuse_to_sign(form_id uuid, reason text default null) returns app_public.forms
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_signer constant app_private.signer := app_private.signer_in_portal(refuse_to_sign.form_id);
  v_form app_public.forms;
begin
  perform app_private.refuse_form(
    refuse_to_sign.form_id, null, v_signer.human_id, v_signer.caregiver_id, refuse_to_sign.reason);
  select forms.* into strict v_form from app_public.forms where forms.id = refuse_to_sign.form_id;
  return v_form;
end;
$$;

comment on function app_public.refuse_to_sign is
  'Records that one does not want to sign a form of one''s own, or of somebody one cares for. The form stays; STATE already_signed once it is signed.';
grant execute on function app_public.refuse_to_sign to app_member;

reset role;
