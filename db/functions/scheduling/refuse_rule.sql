-- The one way to say which rule keeps a time from being booked, whoever asks: list and hold, book and confirm. SCH-05,
-- SCH-06.

create or replace function app_private.refuse_rule(rule text, calendar_id uuid, starts_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('rule', rule, 'calendarId', refuse_rule.calendar_id, 'startsAt', refuse_rule.starts_at);
begin
  if rule = 'taken' then
    perform app_private.refuse_taken(refuse_rule.calendar_id, refuse_rule.starts_at);
  end if;
  if rule = 'no_resource' then
    perform app_hidden.refuse('SLOT_TAKEN', 'no_resource', v_details - 'rule');
  end if;
  if rule in ('clinic_draft', 'calendar_inactive', 'calendar_private', 'service_inactive', 'specialist_inactive',
              'not_in_calendar', 'not_providing_service') then
    perform app_hidden.refuse('GONE', rule, v_details);
  end if;
  -- A start that is none is bad input; what was there and is switched off is over.
  if rule in ('in_the_past', 'inside_notice', 'beyond_horizon', 'outside_hours', 'closed', 'off_the_grid') then
    perform app_hidden.refuse('VALIDATION', rule, v_details);
  end if;
  perform app_hidden.refuse('VALIDATION', 'no_specialist', v_details);
end;
$$;

comment on function app_private.refuse_rule is
  'Refuses a start: SLOT_TAKEN, GONE for what is switched off, else VALIDATION; the reason is the rule.';

grant execute on function app_private.refuse_rule to app_engine;
