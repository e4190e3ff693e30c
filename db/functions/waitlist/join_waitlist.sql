-- Nothing suits, and somebody waits until something does: a guest, a patient, whoever cares for one, front desk for both. SCH-10.

set role app_engine;

create or replace function app_public.join_waitlist(
  calendar_id uuid,
  starts_on date,
  ends_on date,
  specialist_id uuid default null,
  weekdays int[] default null,
  earliest time default null,
  latest time default null,
  patient_profile_id uuid default null,
  given_name text default null,
  family_name text default null,
  email text default null,
  phone text default null,
  locale text default null
) returns app_public.waitlist_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('join_waitlist', jsonb_build_array(
    calendar_id, starts_on, ends_on, specialist_id, weekdays, earliest, latest, patient_profile_id, given_name, family_name,
    email, phone, locale));
  v_receipt app_public.waitlist_receipt;
  v_calendar app_public.calendars;
  v_holder app_private.time_claims := app_private.caller_as_holder();
  v_is_staff boolean;
  v_entry app_public.waitlist_entries;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
begin
  if v_remembered is not null then
    perform app_private.calendar_to_wait_in(
      join_waitlist.calendar_id, join_waitlist.specialist_id, join_waitlist.patient_profile_id);
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_calendar := app_private.calendar_to_wait_in(
    join_waitlist.calendar_id, join_waitlist.specialist_id, join_waitlist.patient_profile_id);
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_is_staff := app_private.is_staff_of(v_calendar.organization_id);
  if v_is_staff and join_waitlist.patient_profile_id is null then
    perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  end if;

  v_entry.organization_id := v_calendar.organization_id;
  v_entry.calendar_id := v_calendar.id;
  v_entry.specialist_id := join_waitlist.specialist_id;
  v_entry.patient_profile_id := join_waitlist.patient_profile_id;
  v_entry.starts_on := join_waitlist.starts_on;
  v_entry.ends_on := join_waitlist.ends_on;
  v_entry.weekdays := coalesce(join_waitlist.weekdays, '{1,2,3,4,5,6,7}');
  v_entry.earliest := coalesce(join_waitlist.earliest, '00:00');
  v_entry.latest := coalesce(join_waitlist.latest, '24:00');
  v_entry.given_name := join_waitlist.given_name;
  v_entry.family_name := join_waitlist.family_name;
  v_entry.email := join_waitlist.email;
  v_entry.phone := join_waitlist.phone;
  v_entry.visitor_id := case when not v_is_staff then v_holder.visitor_id end;
  v_entry.address := case when not v_is_staff then v_holder.address end;
  perform app_private.require_wish(v_entry, v_calendar.timezone);
  perform app_private.require_contact(v_entry);

  perform app_private.lock_waitlist(v_entry.organization_id);
  if not v_is_staff then
    perform app_private.require_waitlist_allowance(v_entry);
  end if;
  insert into app_public.waitlist_entries (
    organization_id, calendar_id, specialist_id, patient_profile_id, starts_on, ends_on, weekdays, earliest, latest,
    given_name, family_name, email, phone, locale, token_hash, visitor_id, address, created_by, created_at
  )
  select
    v_entry.organization_id, v_entry.calendar_id, v_entry.specialist_id, v_entry.patient_profile_id, v_entry.starts_on,
    v_entry.ends_on, v_entry.weekdays, v_entry.earliest, v_entry.latest, v_entry.given_name, v_entry.family_name, v_entry.email,
    v_entry.phone, coalesce(join_waitlist.locale, profile.locale, organizations.locale), sha256(convert_to(v_token, 'UTF8')),
    v_entry.visitor_id, v_entry.address, v_holder.created_by, app_hidden.now()
  from app_public.organizations
  left join app_public.patient_profiles as profile on profile.id = v_entry.patient_profile_id
  where organizations.id = v_entry.organization_id
  returning * into v_entry;
  -- What suits may be free already.
  perform app_private.wake_waitlist(v_entry.organization_id, v_entry.id);

  v_receipt := (v_entry.id, v_token, v_entry.status)::app_public.waitlist_receipt;
  perform app_private.remember('join_waitlist', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.join_waitlist is
  E'@arg calendarId In which calendar.\n@arg specialistId With whom; with anybody where null.\n'
  '@arg startsOn The first day that suits, on the calendar''s clocks.\n@arg endsOn The last day that suits, at most 366 days from now.\n'
  '@arg weekdays Which days of the week suit, 1 is Monday; all where null.\n'
  '@arg earliest From which time of the day on it may begin.\n@arg latest Until which time of the day it may begin.\n'
  '@arg patientProfileId The patient who waits; for a guest null, with name, address and number instead.\n'
  'Waits for a time of a calendar: what suits and becomes free is offered in the order of joining, by a message with a link, and kept '
  'meanwhile. A guest, a patient, whoever cares for one, or staff with appointments.manage for anybody. VALIDATION with the field; '
  'RATE_LIMITED too_many_waits; CONFLICT waits_too_often, waitlist_is_full.';
grant execute on function app_public.join_waitlist to app_anonymous, app_member;

reset role;
