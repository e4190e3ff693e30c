-- Test: clinic_by_slug - visitors meet active services, public calendars and pickable specialists, and nothing else. FND-01, SPC-05, APT-05.
begin;
select plan(11);
select tests.clinic('boreal');
select tests.specialist('sorin');
select tests.calendar('calendar of boreal', '{sorin}');
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.specialist('elena');
select tests.specialist('gone');
select tests.specialist('paused');
update app_public.specialists set deleted_at = now() where id = tests.id('gone');
update app_public.specialists set scheduling_active = false where id = tests.id('paused');
insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id)
select tests.id('atlas'), tests.id('ana'), id from app_public.specialties where slug = 'massage-therapy';
insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id)
select tests.id('atlas'), tests.id('elena'), id from app_public.specialties where slug = 'sports-rehabilitation';
insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'schroth', 'Metoda Schroth');
insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id)
select tests.id('atlas'), tests.id('ana'), id from app_public.specialties where slug = 'schroth';
update app_public.specialties set deleted_at = now() where slug = 'schroth';
select tests.service('massage');
select tests.service('old massage');
select tests.service('removed massage');
update app_public.services set is_active = false where id = tests.id('old massage');
update app_public.services set deleted_at = now() where id = tests.id('removed massage');
select tests.calendar('pick', '{ana,gone,paused}', service => 'massage', strategy => 'specific');
select tests.calendar('another pick', '{elena}', service => 'massage', strategy => 'specific');
select tests.calendar('any', '{ana}', service => 'massage');
select tests.calendar('staff only', '{ana}', service => 'massage', is_public => false);
select tests.calendar('closed', '{ana}', service => 'massage');
select tests.calendar('removed', '{ana}', service => 'massage');
select tests.calendar('of the old', '{ana}', service => 'old massage');
select tests.calendar('of the removed', '{ana}', service => 'removed massage');
update app_public.calendars set capacity = 8 where id = tests.id('any');
update app_public.calendars set is_active = false where id = tests.id('closed');
update app_public.calendars set deleted_at = now() where id = tests.id('removed');

select tests.act_as('a visitor');
select is((app_public.clinic_by_slug('atlas')).name, 'Atlas', 'the clinic is there');
select results_eq($$select name from unnest((app_public.clinic_by_slug('atlas')).services)$$, array['massage'], 'only active services');
select results_eq(
  $$select name from unnest((app_public.clinic_by_slug('atlas')).calendars) order by 1$$, array['another pick', 'any', 'pick'],
  'only public, active calendars of active services');
select results_eq(
  $$select s.title, s.given_name, s.family_name, s.specialties
    from unnest((app_public.clinic_by_slug('atlas')).calendars) c, unnest(c.specialists) s where c.name = 'pick'$$,
  $$values ('Dr.', 'Ana', 'Ionescu', '{Masaj terapeutic}'::text[])$$,
  'where the visitor picks, those who can be picked: name, title, specialties');
select results_eq(
  $$select s.given_name from unnest((app_public.clinic_by_slug('atlas')).calendars) c, unnest(c.specialists) s where c.name = 'another pick'$$,
  array['Elena'], 'in each calendar its own');
select is(
  (select c.specialists::text from unnest((app_public.clinic_by_slug('atlas')).calendars) c where c.name = 'any'), '{}',
  'where the clinic assigns, nobody');
select results_eq(
  $$select c.capacity from unnest((app_public.clinic_by_slug('atlas')).calendars) c where c.name in ('any', 'pick') order by c.name$$,
  array[8, 1], 'how many one start takes');
select is((app_public.clinic_by_slug('ATLAS')).id, null, 'a slug is exact');
select is((app_public.clinic_by_slug('%')).id, null, 'and no pattern');
select is((app_public.clinic_by_slug(null)).id, null, 'no slug, no clinic');
select tests.act_as('the database');
update app_public.organizations set deleted_at = now() where id = tests.id('atlas');
select tests.act_as('a visitor');
select is((app_public.clinic_by_slug('atlas')).id, null, 'a removed clinic is gone');
select * from finish();
rollback;
