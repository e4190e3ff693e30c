-- A massage after the exercises, a pair of insoles: added to an appointment by the clinic, at the price of this moment. A service takes
-- its time as well, unless somebody says otherwise, and that time must be free. Locks as reschedule_appointment(). APT-02.

set role app_engine;

create or replace function app_public.add_to_appointment(
  appointment_id uuid,
  service_id uuid default null,
  product_id uuid default null,
  quantity int default 1,
  minutes int default null
) returns app_public.appointment_add_ons
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('add_to_appointment', jsonb_build_array(
    appointment_id, service_id, product_id, quantity, minutes));
  v_appointment app_public.appointments;
  v_add_on app_public.appointment_add_ons;
begin
  if v_remembered is not null then
    perform app_private.appointment_to_add_to(appointment_id);
    return jsonb_populate_record(v_add_on, v_remembered);
  end if;

  v_appointment := app_private.appointment_to_add_to(appointment_id);
  v_add_on := app_private.priced_add_on(v_appointment, service_id, product_id, quantity, minutes);
  v_appointment := app_private.lock_appointment_to_resize(v_appointment, v_add_on.added_minutes);

  insert into app_public.appointment_add_ons (
    organization_id, appointment_id, service_id, product_id, quantity, price_amount, currency, added_minutes, created_by)
  values (
    v_appointment.organization_id, v_appointment.id, v_add_on.service_id, v_add_on.product_id, v_add_on.quantity,
    v_add_on.price_amount, v_add_on.currency, v_add_on.added_minutes, app_private.current_actor_id())
  returning * into v_add_on;
  perform app_private.resize_appointment(
    v_appointment, v_add_on.added_minutes, v_add_on.quantity * v_add_on.price_amount);
  perform app_private.remember('add_to_appointment', to_jsonb(v_add_on));
  return v_add_on;
end;
$$;

comment on function app_public.add_to_appointment is
  E'@arg serviceId The service, by its id; or productId.\n@arg productId The product, by its id; or serviceId.\n@arg quantity How many.\n'
  '@arg minutes By how much the appointment becomes longer; null: as long as the service takes, times the quantity.\n'
  'Adds a service or a product to an appointment that is not over, at the price of now. Needs appointments.manage. SLOT_TAKEN when the '
  'time that a service takes is not free, VALIDATION naming the rule; STATE appointment_is_over, group_has_one_length; '
  'VALIDATION other_currency.';
grant execute on function app_public.add_to_appointment to app_member;

create or replace function app_public.remove_from_appointment(appointment_add_on_id uuid) returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_add_on app_public.appointment_add_ons;
  v_appointment app_public.appointments;
begin
  select appointment_add_ons.* into v_add_on
  from app_public.appointment_add_ons
  where appointment_add_ons.id = appointment_add_on_id
    and appointment_add_ons.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'add_on_not_found');
  end if;
  v_appointment := app_private.lock_appointment_to_resize(
    app_private.appointment_to_add_to(v_add_on.appointment_id), v_add_on.added_minutes);
  delete from app_public.appointment_add_ons where appointment_add_ons.id = v_add_on.id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'add_on_not_found');
  end if;
  return app_private.resize_appointment(
    v_appointment, -v_add_on.added_minutes, -v_add_on.quantity * v_add_on.price_amount);
end;
$$;

comment on function app_public.remove_from_appointment is
  E'@arg appointmentAddOnId What was added, by its id.\n'
  'Takes back what was added to an appointment that is not over, and its time. Needs appointments.manage. NOT_FOUND add_on_not_found, '
  'STATE appointment_is_over.';
grant execute on function app_public.remove_from_appointment to app_member;

reset role;
