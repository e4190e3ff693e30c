-- Regions that share a calling code have lengths of their own: which one a national number is of. FND-07.

create or replace function app_hidden.phone_region_of(calling_code text, national_number text)
returns app_hidden.phone_regions
language sql stable parallel safe
set search_path = ''
begin atomic
  select phone_regions.*
  from app_hidden.phone_regions
  where phone_regions.calling_code = phone_region_of.calling_code
    and case
      when phone_regions.leading_digits is not null
        then phone_region_of.national_number ~ ('^(?:' || phone_regions.leading_digits || ')')
      when phone_regions.assigned_numbers is not null
        then phone_region_of.national_number ~ ('^(?:' || phone_regions.national_number || ')$')
          and phone_region_of.national_number ~ ('^(?:' || phone_regions.assigned_numbers || ')$')
      else true
    end
  order by phone_regions.place
  limit 1;
end;

comment on function app_hidden.phone_region_of is
  'The numbering plan of a number under a calling code; no row where it could be anybody''s.';
grant execute on function app_hidden.phone_region_of to app_member, app_engine;
