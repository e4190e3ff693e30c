-- Test: tenant keys - a row cannot point into another clinic, whoever writes it. FND-06, FND-07.
begin;
select plan(4);
select tests.two_clinics();
create temp table links as select foreign_key, outcome from tests.crossing_links();
select is_empty(
  $$select foreign_key, outcome from links where outcome <> 'refused'$$,
  'every foreign key between rows of clinics refuses a row of the other clinic');
select cmp_ok((select count(*) from links), '>', 25::bigint, 'and there are some to try');

-- The same reference by id alone, as one would write it without thinking.
alter table app_public.calendars drop constraint calendars_organization_id_service_id_fkey;
alter table app_public.calendars add constraint calendars_service foreign key (service_id) references app_public.services (id);
select results_eq(
  $$select foreign_key, outcome from tests.crossing_links('app_public.calendars') where outcome <> 'refused'$$,
  $$values ('app_public.calendars (calendars_service)', 'accepted')$$,
  'a foreign key by id alone is found to cross');

update app_public.calendars set service_id = tests.id('massage at boreal') where id = tests.id('calendar of atlas');
select isnt_empty(
  $$select from app_public.calendars c join app_public.services s on s.id = c.service_id
    where c.organization_id <> s.organization_id$$,
  'which is no theory: the row is there');
select * from finish();
rollback;
