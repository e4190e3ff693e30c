-- Where a telephone number without a country was meant: the clinic that the row is of; for a person, the clinic that the
-- request is about, or the country that all their clinics share. FND-07.

create or replace function app_private.home_region(table_name text, organization_id uuid, row_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when home_region.organization_id is not null then
      (select organizations.country from app_public.organizations where organizations.id = home_region.organization_id)
    when home_region.table_name = 'patient_profiles' then (
      select case when count(distinct organizations.country) = 1 then min(organizations.country) end
      from app_public.patients
      join app_public.organizations on organizations.id = patients.organization_id
      where patients.patient_profile_id = home_region.row_id
        and (app_hidden.current_organization_id() is null or patients.organization_id = app_hidden.current_organization_id())
    )
  end;
end;

comment on function app_private.home_region is
  'The region in which a row''s telephone numbers are read; null where nothing tells, so that they must name it.';
grant execute on function app_private.home_region to app_engine;
