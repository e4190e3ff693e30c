-- Test: define_role - nobody defines a role above themselves, changes one above themselves, or touches a system role. FND-04.
begin;
select plan(25);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
create function pg_temp.define(key text, permissions text[], clinic text default 'atlas') returns app_public.roles language sql as $$
  select app_public.define_role(tests.id(clinic), key, 'A role', permissions);
$$;

select tests.act_as('olga');
select pg_temp.define('deputy', '{owners.manage,patients.view}');
select tests.act_as('adrian');
select * from tests.refuses($$select pg_temp.define('backdoor', '{owners.manage}')$$, 'FORBIDDEN', 'above_yourself', 'an admin gives a role no right to name owners');
select * from tests.refuses($$select pg_temp.define('deputy', '{patients.view}')$$, 'FORBIDDEN', 'above_yourself', 'nor takes it from a role');
select * from tests.refuses($$select pg_temp.define('owner', '{patients.view}')$$, 'IMMUTABLE', 'system_role', 'a system role stays as it is');
select * from tests.refuses($$select pg_temp.define('admin', '{patients.view}')$$, 'IMMUTABLE', 'system_role', 'also the own');
select * from tests.refuses($$select pg_temp.define('new', '{patients.fly}')$$, 'VALIDATION', 'permission_unknown', 'an unknown permission');
select * from tests.refuses($$select pg_temp.define('new', array[null])$$, 'VALIDATION', 'permission_unknown', 'no permission in the list');
select * from tests.refuses($$select pg_temp.define('deputy', null)$$, 'VALIDATION', 'permissions_missing', 'no list at all');
select * from tests.refuses($$select pg_temp.define('new', '{patients.view}', 'boreal')$$, 'NOT_FOUND', 'not_found', 'another clinic');
select * from tests.breaks($$select pg_temp.define('A role', '{patients.view}')$$, 'roles_key_is_a_slug', 'a key that is no key');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.define('mine', '{patients.view}')$$, 'FORBIDDEN', 'permission_missing', 'front desk defines no roles');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.define('mine', '{}')$$, 'NOT_FOUND', 'not_found', 'a patient is told nothing');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.define_role(tests.id('atlas'), 'mine', 'Mine', '{}')$$, '42501', null, 'a visitor cannot call it');
select tests.act_as('olga');
select lives_ok($$select pg_temp.define('deputy', '{patients.view}')$$, 'the owner holds it, so the owner takes it away');
select * from finish();
rollback;
