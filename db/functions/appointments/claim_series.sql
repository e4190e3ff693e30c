-- The times of a series, all or none. SCH-09.

create or replace function app_private.starts_of_series(
  calendar app_public.calendars,
  first_start timestamptz,
  sessions int,
  every_weeks int
) returns timestamptz[]
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.require_start(first_start);
  if sessions is null or sessions not between 2 and 52 then
    perform app_hidden.refuse('VALIDATION', 'series_too_long', '{"field": "sessions"}');
  end if;
  if every_weeks is null or every_weeks not between 1 and 12 then
    perform app_hidden.refuse('VALIDATION', 'weeks_out_of_range', '{"field": "everyWeeks"}');
  end if;
  return array(
    select (first_start at time zone calendar.timezone + make_interval(weeks => every_weeks * n)) at time zone calendar.timezone
    from generate_series(0, sessions - 1) as n
    order by n);
end;
$$;

comment on function app_private.starts_of_series is 'The starts of a series, at one hour of the calendar''s clock; VALIDATION for bounds.';
grant execute on function app_private.starts_of_series to app_engine;

create or replace function app_private.claim_series(
  calendar app_public.calendars,
  starts timestamptz[],
  specialist_id uuid,
  override boolean
) returns app_private.time_claims[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_days app_private.free_start[];
  v_start timestamptz;
  v_claims app_private.time_claims[] := '{}';
  v_in_the_way jsonb := '[]';
  v_reason text;
  v_detail text;
begin
  -- Everybody who could be taken at any of them: what is locked in a start that fails would be let go with it.
  perform app_private.lock_to_book(calendar, claim_series.specialist_id);
  v_days := app_private.by_turn(calendar.id, array(
    select (v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start
    from unnest(starts) as one (start)
    cross join lateral app_private.verdicts(calendar.id, one.start, claim_series.specialist_id) as v));
  if app_private.needs_resources(calendar.organization_id, calendar.id) then
    perform app_private.lock_clinic_resources(calendar.organization_id);
  end if;
  perform app_private.lock_specialist_days(v_days);

  foreach v_start in array starts loop
    begin
      v_claims := v_claims || app_private.claim_slot(
        calendar.id, v_start, claim_series.specialist_id, 'appointment', override);
    exception when others then
      get stacked diagnostics v_reason = message_text, v_detail = pg_exception_detail;
      -- What is no rule of time is no answer about a start.
      if sqlstate not like 'RX%' then
        raise;
      end if;
      v_in_the_way := v_in_the_way || jsonb_build_object(
        'startsAt', v_start, 'rule', coalesce(v_detail::jsonb ->> 'rule', v_reason));
    end;
  end loop;
  if v_in_the_way <> '[]' then
    perform app_hidden.refuse('CONFLICT', 'series_in_the_way', jsonb_build_object(
      'starts', v_in_the_way, 'count', jsonb_array_length(v_in_the_way), 'calendarId', calendar.id));
  end if;
  -- Turns before plans; in one order, as whoever changes places.
  perform app_private.count_assignment(claim.id)
  from (select one.id from unnest(v_claims) as one order by one.specialist_id) as claim;
  return v_claims;
end;
$$;

comment on function app_private.claim_series is
  'Takes all of these starts for appointments; CONFLICT series_in_the_way with each that cannot be taken, and the rule.';
grant execute on function app_private.claim_series to app_engine;
