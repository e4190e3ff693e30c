-- Nothing new begins at a clinic whose subscription is suspended or has ended: no booking, no plan, no message that is about neither. What
-- is under way goes on, and is read, exported and paid for. A clinic that never began a subscription is no customer yet, and is not asked.
-- No lock: what begins in the moment of the suspension stands. BIL-05, docs/decisions/0177.

create or replace function app_private.is_suspended(organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select subscriptions.status in ('suspended', 'canceled')
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = is_suspended.organization_id
      and subscriptions.anchor_on is not null
    order by subscriptions.id desc
    limit 1
  ), false);
end;

comment on function app_private.is_suspended is
  'Whether the subscription of a clinic that began last is suspended or has ended.';
grant execute on function app_private.is_suspended to app_engine;

create or replace function app_private.require_not_suspended(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_private.is_suspended(organization_id) then
    perform app_hidden.refuse('STATE', 'clinic_suspended');
  end if;
end;
$$;

comment on function app_private.require_not_suspended is
  'Whoever begins something new at a clinic asks it; STATE clinic_suspended.';
grant execute on function app_private.require_not_suspended to app_engine;

-- Who is signed in moves what is booked to a time of the listing, and so does a guest who shows the link of a booking; a visitor looks for a
-- new one. APT-05, docs/decisions/0201.
create or replace function app_private.require_listed(calendar app_public.calendars, booking_token text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_principal_id() is null
    and (booking_token is null or not app_private.moves_booking(booking_token, calendar)) then
    perform app_private.require_not_suspended(calendar.organization_id);
  end if;
end;
$$;

comment on function app_private.require_listed is
  'Whoever lists free times asks it: at a clinic that takes no bookings visitors see none, but to move a booking whose token they show; STATE '
  'clinic_suspended.';
grant execute on function app_private.require_listed to app_engine;

create or replace function app_private.moves_booking(token text, calendar app_public.calendars) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_private.request_by_token(moves_booking.token) as request
    cross join lateral app_private.guest_booking_of(request) as booking
    where request.id is not null and booking.calendar_id = (calendar).id and booking.may_move);
end;

comment on function app_private.moves_booking is
  'Whether a token opens a booking of this calendar that its guest may move now.';
grant execute on function app_private.moves_booking to app_engine;
