-- Test: specialties - a clinic adds its own to the platform's, with specialties.manage; everybody of it reads both. SPC-01.
begin;
select plan(32);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
insert into app_public.specialties (organization_id, slug, name) values (tests.id('boreal'), 'northern', 'Northern method');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.specialist('gone');
create function pg_temp.own() returns text[] language sql as 'select array_agg(slug order by slug) from app_public.specialties where organization_id is not null';

select tests.act_as('adrian');
select lives_ok($$insert into app_public.specialties (organization_id, slug, name, translations) values (tests.id('atlas'), 'schroth', 'Metoda Schroth', '{"en": {"name": "Schroth method"}}')$$, 'an admin adds one');
select tests.remember('schroth', id) from app_public.specialties where slug = 'schroth';
select lives_ok($$update app_public.specialties set name = 'Schroth' where id = tests.id('schroth')$$, 'renames it');
select is(pg_temp.own(), '{schroth}', 'and sees no other clinic''s');
select is((select count(*) from app_public.specialties where organization_id is null), 10::bigint, 'with the platform''s');
select tests.changes_nothing($$update app_public.specialties set name = 'Mine' where organization_id is null$$, 'the platform''s are not renamed');
select * from tests.refuses($$select app_public.remove_specialty((select id from app_public.specialties where organization_id is null limit 1))$$, 'NOT_FOUND', 'not_found', 'nor removed');
select * from tests.refuses($$delete from app_public.specialties$$, '42501', null, 'and none is deleted for good');
select * from tests.refuses($$insert into app_public.specialties (slug, name) values ('mine', 'Mine')$$, '42501', null, 'nor added to');
select * from tests.refuses($$insert into app_public.specialties (organization_id, slug, name) values (tests.id('boreal'), 'mine', 'Mine')$$, '42501', null, 'nor is another clinic''s list');
select throws_ok($$update app_public.specialties set organization_id = null where id = tests.id('schroth')$$, '42501', null, 'an own one does not become the platform''s');
select * from tests.breaks($$insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'schroth', 'Again')$$, 'specialties_slug_is_unique_per_organization', 'a slug is taken once');
select lives_ok($$insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'massage-therapy', 'Masaj')$$, 'the platform''s slug is free in a clinic');
select * from tests.breaks($$insert into app_public.specialties (organization_id, slug, name, translations) values (tests.id('atlas'), 'x', 'X', '[]')$$, 'specialties_translations_is_an_object', 'translations are by language');

insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id) values (tests.id('atlas'), tests.id('stefan'), tests.id('schroth'));
select * from tests.refuses($$select app_public.remove_specialty(tests.id('schroth'))$$, 'CONFLICT', 'is_practised', 'one that is practised is not removed');
delete from app_public.specialist_specialties;
select tests.act_as('flavia');
select is(pg_temp.own(), '{massage-therapy,schroth}', 'front desk reads');
select tests.changes_nothing($$update app_public.specialties set name = 'Mine'$$, 'and writes nothing');
select * from tests.refuses($$select app_public.remove_specialty(tests.id('schroth'))$$, 'FORBIDDEN', 'permission_missing', 'nor removes');
select * from tests.refuses($$insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'mine', 'Mine')$$, '42501', null, 'nor adds');
select tests.act_as('ana');
select is(pg_temp.own(), '{massage-therapy,schroth}', 'a patient reads');
select tests.act_as('otto');
select is(pg_temp.own(), '{northern}', 'another clinic has its own');
select tests.act_as('a visitor');
select throws_ok('select slug from app_public.specialties', '42501', null, 'a visitor reads none');
select tests.act_as('adrian');
insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id)
select tests.id('atlas'), tests.id(who), id from app_public.specialties, (values ('stefan', 'massage-therapy'), ('gone', 'schroth')) as practice (who, skill)
where specialties.organization_id = tests.id('atlas') and slug = skill;
select app_public.remove_specialist(tests.id('gone'));
select lives_ok($$select app_public.remove_specialty(tests.id('schroth'))$$, 'what nobody practises any more is removed');
select is(pg_temp.own(), '{massage-therapy}', 'and gone');
select * from finish();
rollback;
