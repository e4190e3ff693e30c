-- Test: invite_member - nobody invites somebody above themselves, or into another clinic. FND-04.
begin;
select plan(21);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
create function pg_temp.add(role_ids uuid[], clinic text default 'atlas', email text default 'nora@atlas.test') returns app_public.invitations language sql as $$
  select app_public.invite_member(tests.id(clinic), email, 'Nora', role_ids);
$$;
select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('owner')])$$, 'FORBIDDEN', 'above_yourself', 'an admin cannot make an owner');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('billing'), tests.role_id('owner')])$$, 'FORBIDDEN', 'above_yourself', 'nor hide it behind another role');
select * from tests.refuses($$select pg_temp.add('{}')$$, 'VALIDATION', 'role_missing', 'a member has a role');
select * from tests.refuses($$select pg_temp.add(null)$$, 'VALIDATION', 'role_missing', 'null is none');
select * from tests.refuses($$select pg_temp.add(array[null::uuid])$$, 'VALIDATION', 'role_not_found', 'nor is null in the list one');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('billing', 'boreal')])$$, 'VALIDATION', 'role_not_found', 'a role of another clinic is none of this');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('billing', 'boreal')], 'boreal')$$, 'NOT_FOUND', 'not_found', 'another clinic is not there');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('billing')], email => 'nora')$$, 'VALIDATION', 'not_an_address', 'an address is an address');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('front_desk')])$$, 'FORBIDDEN', 'permission_missing', 'front desk adds nobody');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.add(array[tests.role_id('front_desk')])$$, 'NOT_FOUND', 'not_found', 'a patient is told nothing');
select tests.act_as('a visitor');
select throws_ok($$select app_public.invite_member(tests.id('atlas'), 'n@n.test', 'N', '{}')$$, '42501', null, 'a visitor cannot call it');
select * from finish();
rollback;
