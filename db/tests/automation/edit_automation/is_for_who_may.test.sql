-- Test: own_automation - automations are changed by whoever manages those of the clinic, and not once they are removed. AUT-01, FND-05.
begin;
select plan(34);
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.toy_actions();
select tests.automation('kept', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a"}}]', clinic => 'atlas');
select tests.automation('gone', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a"}}]', clinic => 'atlas');
create function pg_temp.verbs(automation text) returns table (verb text, call text) language sql as $$
  values ('edit_automation', format('select app_public.edit_automation(tests.id(%L), ''Other'', ''[{"action": "toy", "config": {"toy": "b"}}]'')', automation)),
    ('enable_automation', format('select app_public.enable_automation(tests.id(%L))', automation)),
    ('disable_automation', format('select app_public.disable_automation(tests.id(%L))', automation)),
    ('remove_automation', format('select app_public.remove_automation(tests.id(%L))', automation)) $$;
create function pg_temp.strange() returns text language sql as $$ select 'select app_public.disable_automation(gen_random_uuid())' $$;
select tests.act_as('flavia');
select * from tests.refuses(pg_temp.strange(), 'NOT_FOUND', 'not_found', 'nor is what never was');
select t.* from pg_temp.verbs('kept'), tests.refuses(call, 'FORBIDDEN', 'permission_missing', verb || ' is not for the front desk') as t;
select tests.act_as('beata');
select t.* from pg_temp.verbs('kept'), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' of another clinic is not there') as t;
select tests.act_as('ana');
select t.* from pg_temp.verbs('kept'), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' is not there for a patient') as t;
select tests.act_as('adrian');
select app_public.remove_automation(tests.id('gone'));
select t.* from pg_temp.verbs('gone'), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' of what was removed is not there') as t;
select * from finish();
rollback;
