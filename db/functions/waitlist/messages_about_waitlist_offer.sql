-- Whoever waits hears that a time is kept for them, while it is. SCH-10, FND-15.

create or replace function app_private.messages_about_waitlist_offer(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_offer app_public.waitlist_offers;
  v_entry app_public.waitlist_entries;
begin
  select waitlist_offers.* into v_offer
  from app_public.waitlist_offers
  where waitlist_offers.organization_id = event.organization_id
    and waitlist_offers.id = (event.payload ->> 'waitlistOfferId')::uuid
    and waitlist_offers.outcome is null and waitlist_offers.expires_at > app_hidden.now();
  if not found then
    return;
  end if;
  select waitlist_entries.* into strict v_entry
  from app_public.waitlist_entries
  where waitlist_entries.organization_id = event.organization_id and waitlist_entries.id = v_offer.waitlist_entry_id;

  perform app_private.notify(
    event.organization_id,
    'waitlist_offer',
    (select app_private.appointment_facts(
       event.organization_id, calendars.id, calendars.service_id, v_offer.specialist_id, v_offer.starts_at, v_offer.ends_at, null,
       v_entry.locale)
     from app_public.calendars
     where calendars.organization_id = event.organization_id and calendars.id = v_entry.calendar_id)
    || jsonb_build_object('waitlistOfferId', v_offer.id, 'expiresAt', v_offer.expires_at),
    patient_profile_id => v_entry.patient_profile_id,
    name => v_entry.given_name || ' ' || v_entry.family_name,
    email => v_entry.email,
    phone => v_entry.phone,
    locale => v_entry.locale,
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_waitlist_offer is 'Queues the message about an offer to whoever waits, while it is open.';
grant execute on function app_private.messages_about_waitlist_offer to app_engine;
