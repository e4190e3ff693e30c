-- What the guest may know of the own request. APT-09.

create or replace function app_private.booking_receipt_of(request app_public.booking_requests)
returns app_public.booking_receipt
language sql stable
set search_path = ''
begin atomic
  select row(
    request.id, null, request.status, services.name,
    concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    request.starts_at, request.ends_at, calendars.timezone,
    case when app_private.promises_answer(request) then request.respond_by end
  )::app_public.booking_receipt
  from app_public.services, app_public.specialists, app_public.calendars
  where services.organization_id = request.organization_id and services.id = request.service_id
    and specialists.organization_id = request.organization_id and specialists.id = request.specialist_id
    and calendars.organization_id = request.organization_id and calendars.id = request.calendar_id;
end;

comment on function app_private.booking_receipt_of is 'The receipt of a request, without its token.';
grant execute on function app_private.booking_receipt_of to app_engine;
