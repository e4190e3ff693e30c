-- Front desk offers a time by hand, out of turn, at any hour. SCH-10.

set role app_engine;

create or replace function app_public.offer_time(waitlist_entry_id uuid, starts_at timestamptz, specialist_id uuid default null)
returns app_public.waitlist_offers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('offer_time', jsonb_build_array(waitlist_entry_id, starts_at, specialist_id));
  v_entry app_public.waitlist_entries;
  v_calendar app_public.calendars;
  v_until timestamptz;
  v_offer app_public.waitlist_offers;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    return jsonb_populate_record(v_offer, v_remembered);
  end if;

  v_entry := app_private.own_waitlist_entry(waitlist_entry_id);
  perform app_private.require_permission(v_entry.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_entry.organization_id);
  v_calendar := app_private.visible_calendar(v_entry.calendar_id);
  perform app_private.require_choice(v_calendar, offer_time.specialist_id);
  perform app_private.require_start(offer_time.starts_at);

  perform app_private.lock_waitlist(v_entry.organization_id);
  select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = v_entry.id;
  perform app_private.authorize_move(
    'waitlist_entries', v_entry.status, 'offered', v_entry.organization_id, v_entry.patient_profile_id);
  if exists (
    select from app_public.waitlist_entries as other
    where other.organization_id = v_entry.organization_id and other.status = 'offered'
      and (other.patient_profile_id = v_entry.patient_profile_id or other.email = v_entry.email)
  ) then
    perform app_hidden.refuse('CONFLICT', 'has_an_offer');
  end if;
  v_until := app_private.offer_until(
    v_entry.organization_id, offer_time.starts_at - make_interval(mins => v_calendar.notice_minutes), by_hand => true);
  if v_until is null then
    perform app_hidden.refuse('VALIDATION', 'too_near_to_offer', '{"field": "startsAt"}');
  end if;

  v_offer := app_private.make_offer(v_entry, v_calendar, offer_time.starts_at, offer_time.specialist_id, v_until);
  perform app_private.remember('offer_time', to_jsonb(v_offer));
  return v_offer;
end;
$$;

comment on function app_public.offer_time is
  E'@arg waitlistEntryId Whom it is offered to, by the id of the entry.\n@arg startsAt When it begins: a time that is free.\n'
  'Offers a time to somebody who waits, out of turn; it is kept for them and they are told. Needs appointments.manage. STATE when '
  'they wait no more, CONFLICT has_an_offer, VALIDATION too_near_to_offer, otherwise as holdSlot.';
grant execute on function app_public.offer_time to app_member;

reset role;
