-- The one way to say which rule keeps a time from being booked, whoever asks: list and hold, book and confirm. SCH-05,
-- SCH-06.

create or replace function app_private.refuse_rule(rule text, calendar_id uuid, starts_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if rule = 'taken' then
    perform app_private.refuse_taken(refuse_rule.calendar_id, refuse_rule.starts_at);
  end if;
  perform app_hidden.refuse(
    -- A start that is none is bad input; what was there and is switched off is over.
    case when rule in ('clinic_draft', 'calendar_inactive', 'calendar_private', 'service_inactive',
                       'specialist_inactive', 'not_in_calendar', 'not_providing_service') then 'GONE' else 'VALIDATION' end,
    rule,
    jsonb_build_object('rule', rule, 'calendarId', refuse_rule.calendar_id, 'startsAt', refuse_rule.starts_at),
    case rule
      when 'in_the_past' then 'This time has passed.'
      when 'inside_notice' then 'This time is too soon to book.'
      when 'beyond_horizon' then 'This time is too far ahead to book.'
      when 'outside_hours' then 'Nobody works at this time.'
      when 'closed' then 'This time is closed.'
      when 'off_the_grid' then 'Appointments do not start at this time.'
      when 'clinic_draft' then 'The clinic takes no bookings at the moment.'
      when 'calendar_inactive' then 'This calendar takes no bookings any more. Choose something else.'
      when 'calendar_private' then 'This calendar is no longer open to the public. Ask the clinic.'
      when 'service_inactive' then 'This service is no longer offered. Choose something else.'
      when 'specialist_inactive' then 'This specialist takes no appointments at the moment. Choose another time.'
      when 'not_in_calendar' then 'This specialist can no longer be booked here. Choose another time.'
      when 'not_providing_service' then 'This specialist no longer provides this service. Choose another time.'
      else 'Nobody can be booked in this calendar.'
    end);
end;
$$;

comment on function app_private.refuse_rule is
  'Refuses a start: SLOT_TAKEN, GONE for what is switched off, else VALIDATION; the reason is the rule.';

grant execute on function app_private.refuse_rule to app_engine;
