-- What the guest may know of the own booking, and what may be done about it now: the steps that do it ask the same. APT-05, APT-09.

create or replace function app_private.guest_booking_of(request app_public.booking_requests)
returns app_public.guest_booking
language sql stable
set search_path = ''
begin atomic
  select row(
    request.id,
    request.status,
    case when visit.id is not null then row(
      visit.status, visit.starts_at, visit.ends_at,
      concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
      visit.modality, visit.is_late_cancellation, visit.cancellation_reason)::app_public.guest_booking_appointment end,
    calendars.id,
    case when calendars.assignment_strategy = 'specific' then specialists.id end,
    coalesce(services.translations #>> array[request.locale, 'name'], services.name),
    concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    coalesce(visit.modality, calendars.modality),
    coalesce(visit.starts_at, request.starts_at),
    coalesce(visit.ends_at, request.ends_at),
    calendars.timezone,
    request.locale,
    row(organizations.slug, organizations.name, organizations.contact_phone, organizations.contact_email,
        organizations.locale)::app_public.guest_booking_clinic,
    case
      when visit.id is null then app_private.guest_may('booking_requests', request.status, 'withdrawn')
      else not app_private.has_account(visit) and app_private.guest_may('appointments', visit.status, 'cancelled')
        and (visit.late_cancel <> 'refused' or app_private.cancel_until(visit) >= app_hidden.now())
    end,
    case
      when visit.id is null then request.status = 'requested' and request.respond_by > app_hidden.now()
      else not app_private.has_account(visit) and app_private.guest_may('appointments', visit.status, 'booked')
        and app_private.reschedule_until(visit) >= app_hidden.now()
        and coalesce(visit.reschedule_count < visit.reschedule_limit, true)
    end,
    case when app_private.guest_may('appointments', visit.status, 'cancelled') then app_private.cancel_until(visit) end,
    case when app_private.guest_may('appointments', visit.status, 'booked') then app_private.reschedule_until(visit) end,
    case when request.status = 'requested' and app_private.promises_answer(request) then request.respond_by end,
    request.rejection_reason
  )::app_public.guest_booking
  from (select) as one
  left join app_public.appointments as visit
    on visit.organization_id = request.organization_id and visit.booking_request_id = request.id
  join app_public.organizations on organizations.id = request.organization_id
  join app_public.services
    on services.organization_id = request.organization_id and services.id = coalesce(visit.service_id, request.service_id)
  join app_public.specialists
    on specialists.organization_id = request.organization_id
    and specialists.id = coalesce(visit.specialist_id, request.specialist_id)
  join app_public.calendars
    on calendars.organization_id = request.organization_id and calendars.id = coalesce(visit.calendar_id, request.calendar_id);
end;

comment on function app_private.guest_booking_of is 'A booking request and the appointment that it became, as its guest sees them.';
grant execute on function app_private.guest_booking_of to app_engine;
