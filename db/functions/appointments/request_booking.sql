-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform app_private.require_not_suspended(v_claim.organization_id);
  if not app_private.is_staff_of(v_claim.organization_id) then
    perform app_private.require_request_allowance(v_claim.visitor_id, v_claim.address);
  end if;
  perform app_private.require_bookable(v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id));
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    request_booking.given_name, request_booking.family_name, request_booking.email, request_booking.phone,
    nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); when the time can no longer '
  'be booked, what holdSlot says of the rule; RATE_LIMITED when the caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking to app_anonymous, app_member;

reset role;
