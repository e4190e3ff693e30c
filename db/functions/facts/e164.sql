-- People write 0722 123 456; what is stored is +40722123456, so that it can be compared and dialled. FND-07.
-- For functions that know the region before the row does; every column of a telephone number reads it again.

create or replace function app_hidden.e164(phone text, region text, field text default 'phone') returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_number text;
  v_problem text;
begin
  select reading.number, reading.problem into v_number, v_problem
  from app_hidden.read_phone(phone, region) as reading;
  if v_problem is not null then
    perform app_hidden.refuse_phone(v_problem, field);
  end if;
  return v_number;
end;
$$;

comment on function app_hidden.e164 is
  'A telephone number in E.164, read in the region (ISO 3166 code or calling code) where it names no country; VALIDATION '
  'with the reason when it is none.';
grant execute on function app_hidden.e164 to app_engine;
