-- Test: restore_deleted_row - with the permission that deletes, at that clinic; what is not deleted is not found. FND-10.
begin;
select plan(42);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('bianca', 'billing');
select tests.patient('ana');
select tests.specialist('stefan', account => true);
select tests.service('massage');
select tests.calendar('mondays', '{stefan}', service => 'massage');
select tests.calendar('other', '{stefan}');
insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'schroth', 'Schroth');
select tests.remember('schroth', id) from app_public.specialties where slug = 'schroth';
select tests.act_as('adrian');
select app_public.remove_service(tests.id('massage'));
select app_public.remove_calendar(tests.id('other'));
select app_public.remove_specialist(tests.id('stefan'));
select app_public.remove_specialty(tests.id('schroth'));
select app_public.remove_patient(tests.id('ana at atlas'));
select tests.act_as('the database');
create function pg_temp.restore(entity text, name text) returns text language sql as
  'select format(''select app_public.restore_deleted_row(%L, tests.id(%L))'', entity, name)';
create temporary table gone (entity text, name text);
insert into gone values ('services', 'massage'), ('calendars', 'other'), ('specialists', 'stefan'), ('specialties', 'schroth'), ('patients', 'ana at atlas');
grant select on gone to public;

select tests.act_as('bianca');
select r.* from gone, lateral tests.refuses(pg_temp.restore(entity, name), 'FORBIDDEN', 'permission_missing', 'billing: ' || entity) r;
select tests.act_as('otto');
select r.* from gone, lateral tests.refuses(pg_temp.restore(entity, name), 'NOT_FOUND', 'not_found', 'another clinic: ' || entity) r;
select tests.act_as('ana');
select * from tests.refuses(pg_temp.restore('patients', 'ana at atlas'), 'NOT_FOUND', 'not_found', 'the patient herself');
select tests.act_as('a visitor');
select throws_ok(pg_temp.restore('services', 'massage'), '42501', null, 'a visitor cannot ask');

select tests.act_as('adrian');
select * from tests.refuses(pg_temp.restore('calendars', 'mondays'), 'CONFLICT', 'belongs_to_something_deleted', 'a calendar of a deleted service');
select * from tests.refuses($$select app_public.restore_deleted_row('services', uuidv7())$$, 'NOT_FOUND', 'not_found', 'nothing');
select * from tests.refuses(pg_temp.restore('services', 'service of other'), 'NOT_FOUND', 'not_found', 'what is not deleted');
select * from tests.refuses(pg_temp.restore('toys', 'massage'), 'VALIDATION', 'entity_unknown', 'an entity that is none');
select * from tests.refuses($$select app_public.restore_deleted_row('services; drop table app_public.roles', uuidv7())$$, 'VALIDATION', 'entity_unknown', 'SQL in its place');
select * from tests.refuses(pg_temp.restore('organizations', 'atlas'), 'FORBIDDEN', 'superadmin_only', 'the clinic itself');
select lives_ok(pg_temp.restore(entity, name), 'an admin restores ' || entity) from gone;
select * from tests.refuses(pg_temp.restore('services', 'massage'), 'NOT_FOUND', 'not_found', 'once');
select * from finish();
rollback;
