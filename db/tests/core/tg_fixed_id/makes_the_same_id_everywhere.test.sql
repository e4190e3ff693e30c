-- Test: tg_fixed_id - a row of the platform has the id of its name, whoever makes it and wherever. SCA-01, SPC-01.
begin;
select plan(7);
select tests.clinic('atlas');
insert into app_public.specialties (slug, name) values ('hydrotherapy', 'Hydrotherapy');
insert into app_public.specialties (id, slug, name) values (uuidv7(), 'balneotherapy', 'Balneotherapy');
insert into app_public.specialties (id, organization_id, slug, name)
values ('01890000-0000-7000-8000-00000000000a', tests.id('atlas'), 'hydrotherapy', 'Hydrotherapy of our own');

select results_eq(
  $$select slug, id from app_public.specialties where organization_id is null and slug in ('hydrotherapy', 'balneotherapy', 'physiotherapy') order by slug$$,
  $$values ('balneotherapy', 'd024cf18-ba41-8625-895b-5ff3aecb03b8'::uuid), ('hydrotherapy', '651037ee-b748-8455-8c2f-76b120185335'),
           ('physiotherapy', '4b9ad865-e7c9-80a8-8b34-a7f98790d07a')$$,
  'the id is made of table and slug, also where another one is given');
select is((select id from app_public.specialties where organization_id = tests.id('atlas')), '01890000-0000-7000-8000-00000000000a',
  'a clinic''s own row keeps its own');
select is((select count(*) from app_public.specialties where organization_id is null and uuid_extract_version(id) is distinct from 8), 0::bigint,
  'the specialties of before have theirs');
select is((select count(*) from app_public.service_accounts where uuid_extract_version(principal_id) is distinct from 8), 0::bigint,
  'so have the service accounts');

update app_public.specialties set slug = 'water-therapy' where slug = 'hydrotherapy' and organization_id is null;
select is((select id from app_public.specialties where slug = 'water-therapy'), '651037ee-b748-8455-8c2f-76b120185335', 'another slug changes no id');
select throws_ok(
  $$update app_public.specialties set id = uuidv7() where slug = 'water-therapy'$$,
  '23514', null, 'a random id is refused');
select throws_ok(
  $$with p as (insert into app_public.principals (kind) values ('service_account') returning id)
    insert into app_public.service_accounts (principal_id, name) select id, 'billing' from p$$,
  '23514', null, 'a service account with a random id as well');
select * from finish();
rollback;
