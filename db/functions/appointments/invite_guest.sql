-- With the confirmation the guest can be invited to an account. The invitation goes to the address of the patient's own profile:
-- that of a new patient is the guest's, and what a guest typed never opens a chart that was there before. Where staff ask for it and
-- it cannot be, they are told, and nothing is confirmed; where it is the clinic's custom, it stands in nobody's way. APT-05, FND-07.

create or replace function app_private.invite_guest(appointment app_public.appointments, is_asked boolean) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if is_asked then
    perform app_private.require_permission(appointment.organization_id, 'patients.manage');
    perform app_private.invite_to_profile(appointment.organization_id, appointment.patient_profile_id);
  elsif is_asked is null
    and app_hidden.has_permission(appointment.organization_id, 'patients.manage')
    and (select organizations.invites_guests from app_public.organizations where organizations.id = appointment.organization_id)
  then
    begin
      perform app_private.invite_to_profile(appointment.organization_id, appointment.patient_profile_id);
    exception
      -- An account, an invitation or a no that is there already; too young, no address; too many today.
      when sqlstate 'RX409' or sqlstate 'RX412' or sqlstate 'RX400' or sqlstate 'RX429' then
        null;
    end;
  end if;
end;
$$;

comment on function app_private.invite_guest is
  'Invites the patient of a confirmed request to an account: when staff ask, or when the clinic does so and nothing is in the way.';
grant execute on function app_private.invite_guest to app_engine;
