-- Test: add_member - a colleague joins with roles, leaves, and comes back with the new ones only. FND-02, FND-04.
begin;
select plan(8);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.act_as('adrian');
select tests.remember('membership', (app_public.add_member(
  tests.id('atlas'), 'Nora@Atlas.test', 'Nora', array[tests.role_id('billing'), tests.role_id('specialist'), tests.role_id('billing')])).id);
select is(
  (select array_agg(r.key order by r.key) from app_public.membership_roles mr join app_public.roles r on r.id = mr.role_id where mr.membership_id = tests.id('membership')),
  '{billing,specialist}', 'she has both roles');
select is((select distinct granted_by from app_public.membership_roles where membership_id = tests.id('membership')), tests.id('adrian'), 'given by the admin');
select is((select display_name from app_public.humans where email = 'nora@atlas.test'), 'Nora', 'and colleagues see her name');

select * from tests.refuses(
  $$select app_public.add_member(tests.id('atlas'), 'nora@atlas.test', 'Nora', array[tests.role_id('billing')])$$,
  'CONFLICT', 'already_a_member', 'twice is refused');
select app_public.end_membership(tests.id('membership'));
select is(
  (app_public.add_member(tests.id('atlas'), 'nora@atlas.test', 'Nora', array[tests.role_id('front_desk')])).id, tests.id('membership'), 'she comes back as the same member');
select is(
  (select array_agg(r.key) from app_public.membership_roles mr join app_public.roles r on r.id = mr.role_id where mr.membership_id = tests.id('membership')),
  '{front_desk}', 'without what she held before');
select is((select ended_at from app_public.memberships where id = tests.id('membership')), null, 'and is active');
select * from finish();
rollback;
