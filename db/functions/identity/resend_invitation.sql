-- The mail of an open invitation once more, and another 14 days. FND-04, FND-07.

set role app_engine;

create or replace function app_public.resend_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.locked_invitation(invitation_id);
  v_remembered jsonb := app_private.remembered('resend_invitation', to_jsonb(invitation_id));
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;
  v_invitation := app_private.send_invitation(
    v_invitation,
    (select patient_profiles.locale from app_public.patient_profiles where patient_profiles.id = v_invitation.patient_profile_id));
  perform app_private.remember('resend_invitation', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.resend_invitation is
  'Sends an open invitation again. Needs the permission to invite; RATE_LIMITED invited_often, STATE sent_often or invitation_is_over.';
grant execute on function app_public.resend_invitation to app_member;

reset role;
