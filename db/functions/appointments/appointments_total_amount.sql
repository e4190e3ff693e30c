-- What an appointment costs with all that was added. APT-02. A plain query, so that the reader's own rights decide.

create or replace function app_public.appointments_total_amount(appointment app_public.appointments) returns bigint
language sql stable
begin atomic
  select appointment.price_amount + coalesce(sum(add_ons.quantity * add_ons.price_amount), 0)::bigint
  from app_public.appointment_add_ons as add_ons
  where add_ons.organization_id = appointment.organization_id and add_ons.appointment_id = appointment.id;
end;

comment on function app_public.appointments_total_amount is
  'The price with all that was added, in minor units of currency.';
grant execute on function app_public.appointments_total_amount to app_member;
