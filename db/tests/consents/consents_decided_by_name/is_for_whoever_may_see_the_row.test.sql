-- Test: consents_decided_by_name, consents_withdrawn_by_name - names are told to whoever may see the row, also when the row that is handed in is made up. CNS-09, FND-05.
begin;
select plan(8);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('bianca', 'billing');
select tests.patient('ana'), tests.patient('vlad'), tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen');
select tests.act_as('ana');
select app_public.give_consent(tests.version_id('org_terms'), tests.id('ana at atlas'));
select tests.remember('marketing', (app_public.give_consent(tests.version_id('marketing_email'), tests.id('ana at atlas'))).id);
select app_public.withdraw_consent('marketing_email', tests.id('ana at atlas'));
select tests.remember('platform', (app_public.give_consent(tests.version_id('platform_terms'))).id);
select tests.act_as('corina');
select tests.remember('of carmen', (app_public.give_consent(tests.version_id('org_terms'), tests.id('carmen at atlas'))).id);
select tests.act_as('the database');

-- What a caller learns of a consent by its id alone, in a row that they made up.
create function pg_temp.names(persona text, consent text) returns text[] language plpgsql as $$
declare v_names text[];
begin
  perform tests.act_as(persona);
  select array[app_public.consents_decided_by_name(row), app_public.consents_withdrawn_by_name(row)] into v_names
  from jsonb_populate_record(null::app_public.consents, jsonb_build_object('id', tests.id(consent))) as row;
  perform tests.act_as('the database');
  return v_names;
end $$;
select is(pg_temp.names('ana', 'marketing'), '{Ana,Ana}', 'the person knows who answered and who withdrew');
select is(pg_temp.names('flavia', 'marketing'), '{Ana,Ana}', 'so does staff who see patients');
select is(pg_temp.names('bianca', 'marketing'), '{null,null}', 'not staff who see none');
select is(pg_temp.names('beata', 'marketing'), '{null,null}', 'nor another clinic');
select is(pg_temp.names('vlad', 'marketing'), '{null,null}', 'nor another patient');
select is(pg_temp.names('ana', 'platform'), '{Ana,null}', 'what was accepted at no clinic is told to the account');
select is(pg_temp.names('flavia', 'platform'), '{null,null}', 'and to no clinic');
select is(pg_temp.names('corina', 'of carmen'), '{Corina,null}', 'who cares for somebody knows of theirs');
select * from finish();
rollback;
