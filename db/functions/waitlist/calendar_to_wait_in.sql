-- In which calendar somebody may wait, with whom, and for whom: as for a booking. SCH-10.

create or replace function app_private.calendar_to_wait_in(calendar_id uuid, specialist_id uuid, patient_profile_id uuid)
returns app_public.calendars
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars := app_private.visible_calendar(calendar_id);
begin
  perform app_private.require_choice(v_calendar, specialist_id);
  if patient_profile_id is not null then
    perform app_private.require_to_book(v_calendar.organization_id, patient_profile_id);
  end if;
  return v_calendar;
end;
$$;

comment on function app_private.calendar_to_wait_in is
  'The calendar, where the caller may book in it and for the patient, if one is named; refuses as bookings do.';
grant execute on function app_private.calendar_to_wait_in to app_engine;

-- What suits: days and times that can come.
create or replace function app_private.require_wish(wish app_public.waitlist_entries, timezone text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone timezone)::date;
begin
  if wish.starts_on > wish.ends_on then
    perform app_hidden.refuse('VALIDATION', 'last_day_before_first', '{"field": "endsOn"}');
  elsif wish.ends_on < v_today or wish.ends_on > v_today + 366 or not isfinite(wish.starts_on) then
    perform app_hidden.refuse('VALIDATION', 'wish_out_of_bounds', '{"field": "endsOn", "most": 366}');
  elsif cardinality(wish.weekdays) not between 1 and 7 or array_position(wish.weekdays, null) is not null
    or not wish.weekdays <@ '{1,2,3,4,5,6,7}' then
    perform app_hidden.refuse('VALIDATION', 'weekday_unknown', '{"field": "weekdays"}');
  elsif wish.earliest > wish.latest then
    perform app_hidden.refuse('VALIDATION', 'latest_before_earliest', '{"field": "latest"}');
  end if;
end;
$$;

comment on function app_private.require_wish is 'VALIDATION, naming the field, for days and times that cannot come.';
grant execute on function app_private.require_wish to app_engine;

-- Whom to write to: all four of a guest, none of a patient, whose profile says it.
create or replace function app_private.require_contact(entry app_public.waitlist_entries) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_missing text;
  v_given text[] := array[entry.given_name, entry.family_name, entry.email, entry.phone];
begin
  if entry.patient_profile_id is not null then
    if array_remove(v_given, null) <> '{}' then
      perform app_hidden.refuse('VALIDATION', 'patient_has_a_contact', '{"field": "patientProfileId"}');
    end if;
    return;
  end if;
  v_missing := ('{givenName,familyName,email,phone}'::text[])[array_position(v_given, null)];
  if v_missing is not null then
    perform app_hidden.refuse('VALIDATION', 'contact_is_missing', jsonb_build_object('field', v_missing));
  end if;
end;
$$;

comment on function app_private.require_contact is 'VALIDATION contact_is_missing, or patient_has_a_contact.';
grant execute on function app_private.require_contact to app_engine;
