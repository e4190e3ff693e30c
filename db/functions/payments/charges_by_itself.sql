-- Which payment providers take money by themselves, and who is asked for the money of an invoice. BIL-04, BIL-07.

create or replace function app_private.charges_by_itself(provider text) returns boolean
language sql immutable
set search_path = ''
return charges_by_itself.provider <> 'manual';

comment on function app_private.charges_by_itself is 'Whether a payment provider is asked for money; clinics at "manual" send it.';
grant execute on function app_private.charges_by_itself to app_engine;
