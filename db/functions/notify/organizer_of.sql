-- The organizer of a calendar entry, kept from the first invitation on: calendars take an update or a cancellation from
-- nobody else, so a clinic that changes its address in between must not appear as another one. APT-08.
-- An appointment that grew out of a request has the entry of the request.

set role app_engine;

create or replace function app_private.organizer_of(organization_id uuid, calendar_uid uuid, fallback text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_contact text;
  v_organizer text;
begin
  select organizations.contact_email into v_contact
  from app_public.organizations
  where organizations.id = organizer_of.organization_id;

  -- Two mails about one entry may leave at once; the second waits here and takes what the first has written.
  select booking_requests.organizer_email into v_organizer
  from app_public.booking_requests
  where booking_requests.organization_id = organizer_of.organization_id and booking_requests.id = organizer_of.calendar_uid
  for update;
  if found then
    if v_organizer is null then
      update app_public.booking_requests set organizer_email = coalesce(v_contact, organizer_of.fallback)
      where booking_requests.id = organizer_of.calendar_uid
      returning booking_requests.organizer_email into v_organizer;
    end if;
    return v_organizer;
  end if;

  select appointments.organizer_email into v_organizer
  from app_public.appointments
  where appointments.organization_id = organizer_of.organization_id and appointments.id = organizer_of.calendar_uid
  for update;
  if found and v_organizer is null then
    update app_public.appointments set organizer_email = coalesce(v_contact, organizer_of.fallback)
    where appointments.id = organizer_of.calendar_uid
    returning appointments.organizer_email into v_organizer;
  end if;
  return coalesce(v_organizer, v_contact, organizer_of.fallback);
end;
$$;

comment on function app_private.organizer_of is
  'The address that stands as organizer in a calendar entry: the clinic''s of the time of booking, else that of the first '
  'invitation, else the fallback, which is then kept.';

grant execute on function app_private.organizer_of to app_worker;
reset role;
