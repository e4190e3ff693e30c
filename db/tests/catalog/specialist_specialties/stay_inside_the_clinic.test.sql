-- Test: specialist_specialties, tg_specialist_specialties__scope - several per specialist, the platform's or the clinic's own, never another clinic's, whoever writes. SPC-03, FND-06.
begin;
select plan(25);
select tests.clinic('boreal');
select tests.specialist('sorin');
select tests.staff('iris', 'admin');
insert into app_public.specialties (organization_id, slug, name) values (tests.id('boreal'), 'northern', 'Northern') returning tests.remember('northern', id);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('iris', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan');
insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'schroth', 'Schroth') returning tests.remember('schroth', id);
select tests.remember('massage', id) from app_public.specialties where slug = 'massage-therapy' and organization_id is null;
create function pg_temp.link(specialty text, specialist text default 'stefan', clinic text default 'atlas') returns void language sql as $$
  insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id) values (tests.id(clinic), tests.id(specialist), tests.id(specialty));
$$;
select tests.act_as('iris');
select set_config('app.organization_id', '', true);
select * from tests.refuses($$select pg_temp.link('northern')$$, 'VALIDATION', 'specialty_not_found', 'who runs two clinics does not link one''s in the other');
select tests.act_as('adrian');
select lives_ok($$select pg_temp.link('massage')$$, 'one of the platform');
select lives_ok($$select pg_temp.link('schroth')$$, 'and one of the clinic');
select * from tests.refuses($$select pg_temp.link('northern')$$, 'VALIDATION', 'specialty_not_found', 'another clinic''s is not there');
select * from tests.refuses(
  $$insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id) values (tests.id('atlas'), tests.id('stefan'), uuidv7())$$,
  'VALIDATION', 'specialty_not_found', 'as if it did not exist');
select * from tests.breaks($$select pg_temp.link('massage', 'sorin')$$, 'specialist_specialties_organization_id_specialist_id_fkey', 'nor is another clinic''s specialist');
select * from tests.breaks($$select pg_temp.link('massage')$$, 'specialist_specialties_pkey', 'once is enough');
select throws_ok($$insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id, specialty_scope_id) values (tests.id('atlas'), tests.id('stefan'), tests.id('northern'), tests.id('boreal'))$$, '42501', null, 'the scope is not the caller''s to write');
select tests.act_as('the database');
select * from tests.breaks($$update app_public.specialist_specialties set specialty_id = tests.id('northern') where specialty_id = tests.id('schroth')$$, 'specialist_specialties_specialty_is_in_scope', 'the superuser cannot cross either');
select * from tests.breaks(
  $$update app_public.specialist_specialties set specialty_id = tests.id('northern'), specialty_scope_id = tests.id('boreal') where specialty_id = tests.id('schroth')$$,
  'specialist_specialties_scope_is_own_or_platform', 'not with the other clinic''s scope');
alter table app_public.specialist_specialties disable trigger _150_scope;
select * from tests.breaks(
  $$insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id, specialty_scope_id) values (tests.id('atlas'), tests.id('stefan'), tests.id('northern'), tests.id('boreal'))$$,
  'specialist_specialties_scope_is_own_or_platform', 'nor without the trigger');
alter table app_public.specialist_specialties enable trigger _150_scope;
select tests.act_as('ana');
select is((select count(*) from app_public.specialist_specialties), 2::bigint, 'a patient reads the list');
select throws_ok('select specialty_scope_id from app_public.specialist_specialties', '42501', null, 'without our bookkeeping');
select tests.changes_nothing('delete from app_public.specialist_specialties', 'and deletes nothing');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.link('massage')$$, '42501', null, 'front desk links nothing');
select tests.act_as('adrian');
delete from app_public.specialist_specialties where specialty_id = tests.id('schroth');
select is((select count(*) from app_public.specialist_specialties), 1::bigint, 'an admin unlinks');
select * from finish();
rollback;
