-- Test: restore_file - while the bytes are there, by the permission that deletes, where nothing else took the place. FND-10, FND-13.
begin;
select plan(25);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('bianca', 'billing');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.service('massage', specialists => '{stefan}');
select tests.file('price list', 'service_attachments', tests.id('massage'), 'adrian');
select tests.file('old logo', 'organization_logo', tests.id('atlas'), 'adrian', status => 'deleted');
select tests.file('logo', 'organization_logo', tests.id('atlas'), 'adrian');
select tests.file('never', 'service_attachments', tests.id('massage'), 'adrian', status => 'rejected');
create function pg_temp.seen() returns text[] language sql as 'select array_agg(filename order by filename) from app_public.files where status <> ''rejected''';
create function pg_temp.listed() returns text[] language sql as 'select array_agg(label order by label) from app_public.deleted_files()';
select tests.act_as('adrian');
select app_public.delete_file(tests.id('price list'));
select is(pg_temp.seen(), '{logo.png}', 'deleted, it is gone');
select is(pg_temp.listed(), '{"old logo.png","price list.png"}', 'and listed for whom may bring it back');
select tests.act_as('bianca');
select * from tests.refuses($$select app_public.restore_file(tests.id('price list'))$$, 'FORBIDDEN', 'permission_missing', 'billing');
select r.* from unnest('{otto,ana}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral tests.refuses($$select app_public.restore_file(tests.id('price list'))$$, 'NOT_FOUND', 'not_found', p || ' is told nothing') r;
select r from unnest('{bianca,otto,ana}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral is(pg_temp.listed(), null, p || ' is shown nothing') r;
select tests.act_as('a visitor');
select throws_ok($$select app_public.restore_file(tests.id('price list'))$$, '42501', null, 'a visitor cannot ask');

select tests.act_as('adrian');
select * from tests.refuses($$select app_public.restore_file(tests.id('old logo'))$$, 'CONFLICT', 'too_many_files', 'where another took its place');
select * from tests.refuses($$select app_public.restore_file(tests.id('logo'))$$, 'NOT_FOUND', 'not_found', 'what is not deleted');
select * from tests.refuses($$select app_public.restore_file(tests.id('never'))$$, 'NOT_FOUND', 'not_found', 'what was never a file');
select app_public.remove_service(tests.id('massage'));
select * from tests.refuses($$select app_public.restore_file(tests.id('price list'))$$, 'CONFLICT', 'belongs_to_something_deleted', 'without what it belongs to');
select app_public.restore_deleted_row('services', tests.id('massage'));
select is((app_public.restore_file(tests.id('price list'))).status, 'confirmed', 'else it comes back');
select is(pg_temp.seen(), '{logo.png,"price list.png"}', 'for everybody who saw it');
select app_public.delete_file(tests.id('price list'));
select tests.act_as('the database');
select tests.freeze_time(now() + interval '30 days');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.restore_file(tests.id('price list'))$$, 'NOT_FOUND', 'not_found', 'until its bytes are about to go');
select is(pg_temp.listed(), null, 'and it is listed no more');
select * from finish();
rollback;
