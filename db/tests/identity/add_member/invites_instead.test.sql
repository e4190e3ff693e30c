-- Test: add_member - the older name invites too, and answers nothing. FND-04.
begin;
select plan(3);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('nora');
select tests.act_as('olga');
select is(
  (app_public.add_member(tests.id('atlas'), 'nora@people.test', 'Nora', array[tests.role_id('billing')])).human_id, null,
  'nobody is a member, and nothing of her is told');
select is((select array_agg(status || ' ' || email) from app_public.invitations), '{open nora@people.test}', 'she is invited');
select is((select count(*) from app_public.memberships), 1::bigint, 'the owner works alone');
select * from finish();
rollback;
