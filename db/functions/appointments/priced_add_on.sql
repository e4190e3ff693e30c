-- Steps of add_to_appointment and remove_from_appointment. APT-02.

create or replace function app_private.appointment_to_add_to(appointment_id uuid) returns app_public.appointments
language plpgsql stable
set search_path = ''
as $$
declare
  v_appointment app_public.appointments := app_private.own_appointment(appointment_id);
begin
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  return v_appointment;
end;
$$;

comment on function app_private.appointment_to_add_to is
  'An appointment to which the caller may add; NOT_FOUND appointment_not_found, or FORBIDDEN.';
grant execute on function app_private.appointment_to_add_to to app_engine;

create or replace function app_private.priced_add_on(
  appointment app_public.appointments,
  service_id uuid,
  product_id uuid,
  quantity int,
  minutes int
) returns app_public.appointment_add_ons
language plpgsql stable
set search_path = ''
as $$
declare
  v_add_on app_public.appointment_add_ons;
  v_minutes int;
begin
  if num_nonnulls(priced_add_on.service_id, priced_add_on.product_id) <> 1 then
    perform app_hidden.refuse('VALIDATION', 'service_or_product', '{"field": "serviceId"}');
  elsif coalesce(priced_add_on.quantity, 0) not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'quantity_out_of_range', '{"field": "quantity", "most": 100}');
  end if;
  if priced_add_on.service_id is not null then
    select services.price_amount, services.currency, services.duration_minutes * priced_add_on.quantity
    into v_add_on.price_amount, v_add_on.currency, v_minutes
    from app_public.services
    where services.organization_id = appointment.organization_id and services.id = priced_add_on.service_id
      and services.is_active and services.deleted_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'service_not_found');
    end if;
  else
    select products.price_amount, products.currency, 0
    into v_add_on.price_amount, v_add_on.currency, v_minutes
    from app_public.products
    where products.organization_id = appointment.organization_id and products.id = priced_add_on.product_id and products.is_active;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'product_not_found');
    end if;
  end if;
  if v_add_on.currency <> appointment.currency then
    perform app_hidden.refuse('VALIDATION', 'other_currency', '{"field": "serviceId"}');
  end if;
  v_add_on.added_minutes := coalesce(priced_add_on.minutes, v_minutes);
  if v_add_on.added_minutes not between 0 and (case when priced_add_on.product_id is null then 1440 else 0 end) then
    perform app_hidden.refuse('VALIDATION', 'minutes_out_of_range', '{"field": "minutes"}');
  end if;
  v_add_on.service_id := priced_add_on.service_id;
  v_add_on.product_id := priced_add_on.product_id;
  v_add_on.quantity := priced_add_on.quantity;
  return v_add_on;
end;
$$;

comment on function app_private.priced_add_on is
  'What is to be added, with its price and how much longer it takes; refuses what the clinic does not offer.';
grant execute on function app_private.priced_add_on to app_engine;

create or replace function app_private.lock_appointment_to_resize(seen app_public.appointments, minutes int)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  if minutes <> 0 then
    perform app_private.require_specialist(seen.organization_id, seen.specialist_id);
    perform app_private.require_calendar(seen.organization_id, seen.calendar_id);
  end if;
  v_appointment := app_private.lock_appointment(seen);
  if v_appointment.status not in ('booked', 'upcoming', 'confirmed', 'inprogress') then
    perform app_hidden.refuse('STATE', 'appointment_is_over', jsonb_build_object('status', v_appointment.status));
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.lock_appointment_to_resize is
  'The appointment, locked with its patient, and with calendar and specialist where its time changes; STATE appointment_is_over.';
grant execute on function app_private.lock_appointment_to_resize to app_engine;

create or replace function app_private.resize_appointment(appointment app_public.appointments, minutes int, amount bigint)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_claim app_private.time_claims;
  v_appointment app_public.appointments;
begin
  if minutes <> 0 then
    select calendars.* into strict v_calendar from app_public.calendars where calendars.id = appointment.calendar_id;
    v_claim := app_private.resize_claim(appointment.claim_id, v_calendar, minutes, appointment.overridden_rules);
  end if;
  update app_public.appointments set
    ends_at = coalesce(upper(v_claim.during), appointments.ends_at),
    add_ons_amount = appointments.add_ons_amount + amount
  where appointments.id = appointment.id
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.resize_appointment is 'An appointment that takes so many minutes and costs so much more, or less, with its claim.';
grant execute on function app_private.resize_appointment to app_engine;

-- Who goes to another time takes along what was added.
create or replace function app_private.with_add_ons(
  claim app_private.time_claims,
  appointment app_public.appointments,
  calendar app_public.calendars,
  override boolean
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_minutes int;
begin
  select coalesce(sum(appointment_add_ons.added_minutes), 0) into v_minutes
  from app_public.appointment_add_ons
  where appointment_add_ons.organization_id = appointment.organization_id and appointment_add_ons.appointment_id = appointment.id;
  if v_minutes = 0 then
    return claim;
  end if;
  return app_private.resize_claim(
    claim.id, calendar, v_minutes, case when override then '{outside_hours,closed}'::text[] else '{}' end);
end;
$$;

comment on function app_private.with_add_ons is
  'The claim of an appointment that took another time, as long as what was added to it asks; refuses as resize_claim.';
grant execute on function app_private.with_add_ons to app_engine;
