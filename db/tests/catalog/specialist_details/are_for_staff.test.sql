-- Test: specialist_details - account, contact and zone are for staff with specialists.view_org. SPC-02, SPC-05, SPC-06.
begin;
select plan(18);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('bella', 'billing');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select app_public.define_role(tests.id('atlas'), 'nothing', 'Nothing', '{}');
select tests.act_as('the database');
select tests.staff('nils', 'nothing');
select tests.patient('ana');
select tests.specialist('another');
select tests.specialist('stefan', account => true);
select tests.specialist('gone');
select tests.remember('stefan''s account', principal_id) from tests.personas where name = 'stefan';
update app_public.specialists set deleted_at = now() where id = tests.id('gone');

select tests.act_as('bella');
select is(
  app_public.specialist_details(tests.id('stefan'))::text,
  row(tests.id('stefan''s account'), null, 'stefan@specialists.test', null, 'Europe/Bucharest')::text, 'staff read the details');
select * from tests.refuses($$select app_public.specialist_details(tests.id('gone'))$$, 'NOT_FOUND', 'not_found', 'a removed specialist has none');
select tests.act_as('nils');
select * from tests.refuses($$select app_public.specialist_details(tests.id('stefan'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission is told so');
select * from tests.refuses($$select app_public.specialist_details(tests.id('gone'))$$, 'NOT_FOUND', 'not_found', 'who is gone is gone for them too');
select r.* from unnest('{ana,otto}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral tests.refuses($$select app_public.specialist_details(tests.id('stefan'))$$, 'NOT_FOUND', 'not_found', p || ' is told nothing') r;
select tests.act_as('bella', 'boreal');
select * from tests.refuses($$select app_public.specialist_details(tests.id('stefan'))$$, 'NOT_FOUND', 'not_found', 'nor who names another clinic');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.specialist_details(uuidv7())$$, 'NOT_FOUND', 'not_found', 'nobody is answered alike');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.specialist_details(uuidv7())$$, '42501', null, 'a visitor cannot ask');
select tests.act_as('the database');
select is(app_public.specialist_details(null), null, 'nobody is no question');
select * from finish();
rollback;
