-- Until when a clinic answers a request, or rather keeps its time. APT-09.

create or replace function app_private.respond_by(organization app_public.organizations, starts_at timestamptz)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select case
    when latest.answer > app_hidden.now()
      then least(app_hidden.now() + make_interval(hours => organization.booking_response_hours), latest.answer)
    -- Too near for a promise that leaves time to come: the time is kept until it is there.
    else respond_by.starts_at
  end
  from (select respond_by.starts_at - make_interval(hours => organization.response_lead_hours) as answer) as latest;
end;

comment on function app_private.respond_by is
  'The deadline of a request made now: within bookingResponseHours, and responseLeadHours before the time it asks for. '
  'Where that has passed already, the time itself: nothing is promised then.';
grant execute on function app_private.respond_by to app_engine;
