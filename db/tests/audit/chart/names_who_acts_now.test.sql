-- Test: open_patient_chart - the chart names who acts for the patient now: not who did before the link was revoked or came of age. FND-34, FND-07, FND-08.
begin;
select plan(5);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen', ends_on => '2036-09-20');
select tests.caregiver('victor', 'carmen', ends_on => '2036-09-20');
select tests.caregiver('adela', 'carmen', ends_on => '2027-03-02');
create function pg_temp.named() returns text[] language sql as $$
  select array_agg(c.name order by c.name) from unnest((app_public.open_patient_chart(tests.id('carmen at atlas'))).caregivers) c;
$$;
select tests.act_as('flavia');
select is(pg_temp.named(), '{Adela,Corina,Victor}', 'three act for the child');
select app_public.revoke_caregiver(tests.id('victor for carmen'));
select is(pg_temp.named(), '{Adela,Corina}', 'one whose link was revoked does not any more');
select tests.act_as('victor');
select is((select count(*) from app_public.patient_profiles), 0::bigint, '… and sees nothing');
select tests.act_as('the database');
select tests.freeze_time('2027-03-02 00:00+02');
select tests.act_as('flavia');
select is(pg_temp.named(), '{Corina}', 'nor one whose link ended by its date');
select tests.act_as('adela');
select is((select count(*) from app_public.patient_profiles), 0::bigint, '… who sees nothing either');
select * from finish();
rollback;
