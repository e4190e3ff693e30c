-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves. An address may
-- be a family's, so that a profile is handed on only to whoever has its name as well, as if it was claimed. A patient accepts
-- what everybody accepts there in the same transaction (FND-32).

set role app_engine;

create or replace function app_public.accept_invitation(
  invitation_id uuid,
  given_name text default null,
  family_name text default null,
  birth_date date default null,
  accepted_version_ids uuid[] default '{}'
) returns app_public.received_invitation
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
  v_membership app_public.memberships;
  v_profile app_public.patient_profiles;
  v_said record;
  v_differs text;
begin
  perform app_private.require_inviter(v_invitation);
  if v_invitation.kind = 'member' then
    insert into app_public.memberships (organization_id, human_id)
    values (v_invitation.organization_id, v_me)
    on conflict on constraint memberships_human_is_member_once do nothing;
    select memberships.* into strict v_membership
    from app_public.memberships
    where memberships.organization_id = v_invitation.organization_id and memberships.human_id = v_me
    for update;
    -- Whoever comes back holds what they are given now, and nothing of before.
    if v_membership.ended_at is not null then
      delete from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id;
      update app_public.memberships set ended_at = null where memberships.id = v_membership.id;
    end if;
    insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
    select invitation_roles.organization_id, v_membership.id, invitation_roles.role_id, v_invitation.invited_by
    from app_public.invitation_roles
    where invitation_roles.organization_id = v_invitation.organization_id
      and invitation_roles.invitation_id = v_invitation.id
    on conflict do nothing;
    if not exists (
      select from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id
    ) then
      perform app_hidden.refuse('GONE', 'role_is_gone');
    end if;
  else
    -- Caregivers of a person share addresses with them, and are not the person.
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = v_invitation.patient_profile_id and caregivers.human_id = v_me
    ) then
      perform app_hidden.refuse('CONFLICT', 'caregiver_is_not_the_patient');
    end if;
    select patient_profiles.* into v_profile
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where patient_profiles.id = v_invitation.patient_profile_id
      and patient_profiles.human_id is null
      and patients.organization_id = v_invitation.organization_id
      and patients.deleted_at is null
    for update of patient_profiles;
    if not found then
      perform app_hidden.refuse('GONE', 'profile_is_gone');
    end if;
    v_said := app_private.asserted_identity(
      accept_invitation.given_name, accept_invitation.family_name, accept_invitation.birth_date);
    v_differs := app_private.fact_that_differs(v_profile, v_said.name_key, v_said.birth_date);
    if v_differs is not null then
      perform app_private.refuse_person_unclear(v_differs);
    end if;
    update app_public.patient_profiles set
      human_id = v_me,
      birth_date = coalesce(patient_profiles.birth_date, v_said.birth_date)
    where patient_profiles.id = v_profile.id;
    perform app_private.accept_required_consents(v_invitation.organization_id, patients.id, accepted_version_ids)
    from app_public.patients
    where patients.organization_id = v_invitation.organization_id and patients.patient_profile_id = v_profile.id;
  end if;

  update app_public.invitations set status = 'accepted'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.accept_invitation is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer. Of a profile '
  'the name must agree too, givenName and familyName or else the name of the account, and birthDate must not differ: '
  'CONFLICT person_unclear names the fact that is missing. A patient accepts the clinic''s terms, too: CONSENT_REQUIRED '
  'terms_not_accepted lists what is missing of them.';
grant execute on function app_public.accept_invitation to app_member;

reset role;
