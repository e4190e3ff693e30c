-- Test: caregivers - a link with a minor ends when the eighteenth birthday begins in Romania. FND-07.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('carmen', account => false, birth_date => '2010-06-15');
select tests.act_as('flavia');
select tests.remember('link', (app_public.add_caregiver(tests.id('atlas'), tests.id('carmen'), 'corina@people.test', 'Corina', 'parent', 'Birth certificate')).id);
select tests.act_as('the database');
select tests.remember('corina', human_id) from app_public.caregivers where id = tests.id('link');
create function pg_temp.seen_at(at timestamptz) returns bigint language plpgsql as $$
declare v_seen bigint;
begin
  perform tests.act_as('the database');
  perform set_config('tests.now', at::text, true);
  perform tests.act_as(tests.id('corina'), tests.id('atlas'));
  select count(*) into v_seen from app_public.patient_profiles;
  perform tests.act_as('the database');
  return v_seen;
end $$;
select is(pg_temp.seen_at('2027-03-01 08:00+02'), 1::bigint, 'while the child is a child');
select is(pg_temp.seen_at('2028-06-14 23:59:59+03'), 1::bigint, 'up to the last second of seventeen');
select is(pg_temp.seen_at('2028-06-14 21:00+00'), 0::bigint, 'not after midnight in Bucharest');
select is(pg_temp.seen_at('2028-06-15 12:00+03'), 0::bigint, 'not on the birthday');
select is(pg_temp.seen_at('2028-06-16 12:00+03'), 0::bigint, 'nor after it');

select tests.act_as('the authenticator');
select throws_ok(
  $$select app_hidden.sign_in('https://issuer', 'c', 's', 'corina@people.test', true, 'C', 'ro', tests.id('atlas'))$$,
  'RX403', 'not_of_this_clinic', 'then the clinic cannot be named either');
select tests.act_as('the database');
select set_config('tests.now', '2028-06-14 12:00+03', true);
select tests.act_as('the authenticator');
select is(
  app_hidden.sign_in('https://issuer', 'c', 's', 'corina@people.test', true, 'C', 'ro', tests.id('atlas')), tests.id('corina'), 'the day before it can');

select tests.act_as('the database');
update app_public.caregivers set ends_on = null where id = tests.id('link');
select is(pg_temp.seen_at('2040-01-01'), 1::bigint, 'a link without a date does not end by itself');
update app_private.legal_ages set years = 21 where rule = 'caregiver_ends';
select is(app_private.caregiver_ends_on('2010-06-15'), '2031-06-15', 'the age is data');
select * from finish();
rollback;
