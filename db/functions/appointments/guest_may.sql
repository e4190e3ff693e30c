-- Who holds the link of a booking acts as its guest: moves that the table gives to guests, until somebody has an account for the
-- patient, through whom it is done from then on. APT-05, APT-09.

create or replace function app_private.guest_may(entity text, from_state text, to_state text) returns boolean
language sql stable
set search_path = ''
return exists (
  select
  from app_private.state_transitions as transition
  where transition.entity = guest_may.entity
    and transition.from_state = guest_may.from_state
    and transition.to_state = guest_may.to_state
    and transition.actor = 'guest');

comment on function app_private.guest_may is 'Whether a guest may make this move.';
grant execute on function app_private.guest_may to app_engine;

create or replace function app_private.has_account(appointment app_public.appointments) returns boolean
language sql stable
set search_path = ''
return exists (
  select from app_public.patient_profiles
  where patient_profiles.id = (appointment).patient_profile_id and patient_profiles.human_id is not null);

comment on function app_private.has_account is 'Whether the patient of an appointment has an account.';
grant execute on function app_private.has_account to app_engine;

create or replace function app_private.authorize_guest(appointment app_public.appointments, to_state text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_private.guest_may('appointments', (appointment).status, to_state) then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', 'appointments', 'from', (appointment).status, 'to', to_state,
                         'legal', app_private.legal_moves('appointments', (appointment).status)));
  elsif app_private.has_account(appointment) then
    perform app_hidden.refuse(
      'STATE', 'booking_has_an_account', app_private.clinic_to_call((appointment).organization_id));
  end if;
end;
$$;

comment on function app_private.authorize_guest is
  'Passes when whoever holds the link may make this move; STATE naming the legal ones, or booking_has_an_account.';
grant execute on function app_private.authorize_guest to app_engine;
