-- The day on which a person of this birth date speaks for themselves. FND-07.

create or replace function app_private.caregiver_ends_on(birth_date date) returns date
language sql stable
set search_path = ''
begin atomic
  select (caregiver_ends_on.birth_date + make_interval(years => legal_ages.years))::date
  from app_private.legal_ages
  where legal_ages.rule = 'caregiver_ends';
end;

comment on function app_private.caregiver_ends_on is 'The birthday that ends a minor''s caregiver links, by legal_ages.';
grant execute on function app_private.caregiver_ends_on to app_engine;
