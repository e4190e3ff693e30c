-- Test: deliveries - a consumer whom clinics ask for is told what this clinic wants it to hear, and nothing else. FND-14.
begin;
select plan(7);
select tests.clinic('boreal'), tests.clinic('atlas');
insert into app_private.event_consumers (name, description, on_demand) values ('ledger', 'Told where it is asked for.', true);
insert into app_private.event_subscriptions (consumer, event_name) values ('ledger', 'patient.onboarded'), ('ledger', 'patient.profile_completed');
create function pg_temp.told(name text, clinic text) returns bigint language plpgsql as $$
declare
  v_id uuid := app_private.publish(name, tests.id(clinic), uuidv7(), jsonb_build_object('patientId', uuidv7(), 'patientProfileId', uuidv7()));
begin
  return (select count(*) from app_private.event_deliveries where event_id = v_id and consumer = 'ledger');
end;
$$;

select is(pg_temp.told('patient.onboarded', 'atlas'), 0::bigint, 'where nobody asked, nothing is delivered');
select app_private.keep_interests(tests.id('atlas'), 'ledger', '{patient.onboarded,patient.onboarded}');
select is(pg_temp.told('patient.onboarded', 'atlas'), 1::bigint, 'what a clinic asked for is');
select is(pg_temp.told('patient.profile_completed', 'atlas'), 0::bigint, 'what it did not is not');
select is(pg_temp.told('patient.onboarded', 'boreal'), 0::bigint, 'and not what another clinic asked for');
select app_private.keep_interests(tests.id('boreal'), 'ledger', '{patient.onboarded}'),
  app_private.keep_interests(tests.id('atlas'), 'ledger', '{patient.profile_completed}');
select is(pg_temp.told('patient.onboarded', 'atlas') + 10 * pg_temp.told('patient.profile_completed', 'atlas') + 100 * pg_temp.told('patient.onboarded', 'boreal'), 110::bigint,
  'said anew, it is what was said last, for each clinic');
select app_private.keep_interests(tests.id('boreal'), 'ledger', '{}');
select is((select array_agg(organization_id) from app_private.event_interests where consumer = 'ledger'), array[tests.id('atlas')], 'nothing wanted, nothing kept');
select throws_ok($$select app_private.keep_interests(tests.id('atlas'), 'ledger', '{slot.held}')$$, '23503', null, 'a consumer hears no more than it is subscribed to');
select * from finish();
rollback;
