-- What a token for a participant is made of. The vendor hears no patient's name: they are shown as what they are, and in
-- their clinic's language. APT-07, CNS-08.

set role app_engine;

create or replace function app_hidden.seat_in_room(appointment_id uuid)
returns table (organization_id uuid, room_name text, room_url text, display_name text, is_owner boolean, locale text,
               integration_id uuid)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_seat record;
  v_room app_public.video_rooms;
begin
  v_seat := app_private.seat_in_call(seat_in_room.appointment_id);
  v_room := app_private.require_room(v_seat.appointment);
  perform app_private.require_consent_of(v_seat.appointment, 'telemedicine');
  return query
    select v_room.organization_id, v_room.room_name, v_room.url,
      case v_seat.role
        when 'specialist' then (
          select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name)
          from app_public.specialists where specialists.id = (v_seat.appointment).specialist_id)
        when 'staff' then organizations.name
        when 'patient' then case organizations.locale when 'ro' then 'Pacient' else 'Patient' end
        else case organizations.locale when 'ro' then 'Însoțitor' else 'Caregiver' end
      end,
      v_seat.role = 'specialist',
      organizations.locale,
      v_room.integration_id
    from app_public.organizations
    where organizations.id = v_room.organization_id;
end;
$$;

comment on function app_hidden.seat_in_room is
  'Whom to let into which room: for participants while it is open, with the patient''s consent to telemedicine.';
grant execute on function app_hidden.seat_in_room to app_member;

reset role;
