-- Test: caregivers_evidence - what one clinic saw is not read at another clinic of the same person. FND-07.
begin;
select plan(10);
select tests.clinic('boreal');
select tests.staff('beata', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bianca', 'billing');
select tests.patient('carmen', account => false);
select tests.caregiver('daria', 'carmen');
update app_private.caregiver_evidence set evidence = 'Decision of a court seen';
select tests.patient('ana');
select tests.caregiver('corina', 'ana');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('carmen');
select tests.admitted(tests.id('boreal'), tests.id('ana'));
create function pg_temp.read() returns text[] language sql as $$
  select array_agg(relationship || ': ' || coalesce(app_public.caregivers_evidence(caregivers), 'not told')) from app_public.caregivers;
$$;
select r.* from (values
    ('flavia', '{parent: Birth certificate seen}', 'the clinic that saw it reads it'),
    ('beata', '{parent: not told}', 'another clinic of hers knows the caregiver, and not the paper'),
    ('bianca', null, 'who sees no patients sees neither'),
    ('corina', '{parent: Birth certificate seen}', 'the caregiver knows what was shown')
  ) as t (who, sees, why),
  lateral (select tests.act_as(t.who)) a,
  lateral is(pg_temp.read(), t.sees::text[], t.why) r;
select tests.become('app_member', (select principal_id from tests.personas where name = 'ana'));
select is(pg_temp.read(), '{parent: Birth certificate seen}', 'and so does the person');
select tests.act_as('beata');
select is((app_public.caregivers_evidence(null)), null, 'nothing has none');
select throws_ok('select evidence from app_private.caregiver_evidence', '42501', null, 'nobody reads it past the function');
select is(
  app_public.caregivers_evidence(jsonb_populate_record(null::app_public.caregivers, jsonb_build_object('id', tests.id('corina for ana'),
    'human_id', (select principal_id from tests.personas where name = 'beata')))), null, 'nor with a row made up');
select tests.act_as('the database');
update app_public.caregivers set revoked_at = now() where id = tests.id('corina for ana');
select tests.act_as('corina');
select is((select app_public.caregivers_evidence(caregivers) from app_public.caregivers where id = tests.id('corina for ana')), 'Birth certificate seen', 'of a link that ended the caregiver still does');
select tests.act_as('a visitor');
select throws_ok($$select app_public.caregivers_evidence(null)$$, '42501', null, 'nor a visitor');
select * from finish();
rollback;
