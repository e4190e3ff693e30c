-- Test: claim_patient_profiles - a profile without a date of birth is taken over by whoever says it and is old enough, whichever way; it is written, and nobody is taken to be of age. FND-07, FND-32.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana pop', account => false, email => 'ana@people.test', birth_date => null);
select tests.patient('dan pop', account => false, email => 'dan@people.test', birth_date => null);
select tests.patient('eva pop', account => false, email => 'eva@people.test');
select tests.patient('ion pop', account => false, email => 'ion@elsewhere.test', birth_date => null);
select tests.person('ana', email => 'ana@people.test'), tests.person('dan', email => 'dan@people.test'),
  tests.person('eva', email => 'eva@people.test'), tests.person('ion', email => 'ion@people.test');
create function pg_temp.is_of(patient text) returns text language sql security definer as $$
  select concat_ws(' ', p.birth_date, (select name from tests.personas where principal_id = p.human_id)) from app_public.patient_profiles p where p.id = tests.id(patient);
$$;

select tests.act_as('ana');
select * from tests.refuses($$select app_public.claim_patient_profiles('Ana', 'Pop')$$, 'STATE', 'account_age_unknown', 'neither the profile nor she says when she was born');
select * from tests.refuses($$select app_public.claim_patient_profiles('Ana', 'Pop', '2011-03-02')$$, 'VALIDATION', 'too_young_for_own_account', 'who is fifteen has a caregiver');
select tests.act_as('the database');
select is(pg_temp.is_of('ana pop'), '', 'which leaves the profile as it was');
select tests.act_as('ana');
select is((select count(*) from app_public.claim_patient_profiles('Ana', 'Pop', '2011-03-01')), 1::bigint, 'who is sixteen takes it over');
select tests.act_as('the database');
select is(pg_temp.is_of('ana pop'), '2011-03-01 ana', 'and the date is written');

select tests.act_as('dan');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Dan', 'Pop')$$, 'STATE', 'account_age_unknown', 'who signs up says it, too');
select * from tests.refuses($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Dan', 'Pop', '2011-03-02')$$, 'VALIDATION', 'too_young_for_own_account', 'and is old enough');
select lives_ok($$select app_public.join_clinic(tests.id('atlas'), tests.terms(), 'Dan', 'Pop', '1980-05-17')$$, 'then the profile is theirs');
select tests.act_as('the database');
select is(pg_temp.is_of('dan pop'), '1980-05-17 dan', 'with the date');

select tests.act_as('flavia');
select tests.remember('to eva', (app_public.invite_patient(tests.id('atlas'), tests.id('eva pop'))).id);
select tests.act_as('the database');
update app_public.patient_profiles set birth_date = null where id = tests.id('eva pop');
select tests.act_as('eva');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to eva'), 'Eva', 'Pop', null, tests.terms())$$, 'STATE', 'account_age_unknown', 'an invitation is accepted by whoever says it');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to eva'), 'Eva', 'Pop', '2011-03-02', tests.terms())$$, 'VALIDATION', 'too_young_for_own_account', 'and is old enough');
select lives_ok($$select app_public.accept_invitation(tests.id('to eva'), 'Eva', 'Pop', '1980-05-17', tests.terms())$$, 'then it is theirs');
select tests.act_as('the database');
select is(pg_temp.is_of('eva pop'), '1980-05-17 eva', 'with the date');
select * from finish();
rollback;
