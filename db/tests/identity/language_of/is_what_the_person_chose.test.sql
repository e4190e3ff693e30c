-- Test: language_of - the door learns in which language a person is answered, and nobody else does. FND-29.
begin;
select plan(5);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('oana', 'admin');
update app_public.humans set locale = 'en'
where principal_id = (select principal_id from tests.personas where name = 'oana');

set local role app_authenticator;
select is(app_hidden.language_of((select null::uuid)), null, 'nobody has none');
reset role;
select is(app_hidden.language_of(principal_id), language, name || ' chose ' || language)
from tests.personas join (values ('olga', 'ro'), ('oana', 'en')) as chosen (person, language) on person = name;
select is(app_hidden.language_of(gen_random_uuid()), null, 'nor has who is not known');
select tests.act_as('olga');
select throws_ok($$select app_hidden.language_of(gen_random_uuid())$$, '42501', null, 'members do not ask about others');
select * from finish();
rollback;
