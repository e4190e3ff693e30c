-- Test: revoke_role - a role above oneself is not taken, and the last owner keeps theirs. FND-04.
begin;
select plan(21);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
create function pg_temp.take(person text, role text) returns app_public.memberships language sql as $$
  select app_public.revoke_role(tests.membership_id(person), tests.role_id(role));
$$;
select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.take('olga', 'owner')$$, 'FORBIDDEN', 'above_yourself', 'an admin cannot demote an owner');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.take('adrian', 'admin')$$, 'FORBIDDEN', 'permission_missing', 'front desk takes nothing');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.take('olga', 'owner')$$, 'STATE', 'last_owner', 'the last owner cannot demote themselves');
select * from tests.refuses($$select pg_temp.take('adrian', 'billing')$$, 'NOT_FOUND', 'role_not_held', 'what is not held is not taken');
select lives_ok($$select pg_temp.take('flavia', 'front_desk')$$, 'an owner takes a role');
select tests.act_as('flavia');
select is_empty($$select app_public.my_permissions(tests.id('atlas'))$$, 'and it is gone at once');
select is((select count(*) from app_public.patients) + (select count(*) from app_public.appointments), 0::bigint, 'with what it showed');

select tests.act_as('the database');
select tests.staff('nora', 'owner');
update app_public.principals set disabled_at = now() where id = tests.id('nora');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.take('olga', 'owner')$$, 'STATE', 'last_owner', 'an owner whose account is closed does not count');
select tests.act_as('the database');
update app_public.principals set disabled_at = null where id = tests.id('nora');
select tests.act_as('olga');
select lives_ok($$select pg_temp.take('olga', 'owner')$$, 'with a second owner the first may go');
select * from tests.refuses($$select pg_temp.take('nora', 'owner')$$, 'FORBIDDEN', 'permission_missing', 'and is an owner no more');
select tests.act_as('nora');
select * from tests.refuses($$select pg_temp.take('nora', 'owner')$$, 'STATE', 'last_owner', 'the second is the last now');
-- An owner is needed where a role of an owner is taken, and only there.
select tests.act_as('the database');
select tests.staff('flavia', 'billing');
update app_public.principals set disabled_at = now() where id in (tests.id('olga'), tests.id('nora'));
select tests.act_as('adrian');
select lives_ok($$select pg_temp.take('flavia', 'billing')$$, 'without any owner an admin takes another role');
select tests.act_as('flavia');
select is_empty($$select app_public.my_permissions(tests.id('atlas'))$$, 'which is gone');
select tests.act_as('the database');
select is((select count(*) from app_public.membership_roles where membership_id = tests.membership_id('adrian')), 1::bigint, 'and nobody else''s is');
select * from finish();
rollback;
