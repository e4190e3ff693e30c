-- Test: appointments - seen by the patient, who cares for the patient, and staff with appointments.view; written by verbs only. APT-01, APT-02, FND-05.
begin;
select plan(26);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.staff('bella', 'billing');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.caregiver('corina', 'ana');
select tests.person('root', superadmin => true);
select tests.specialist('dr stefan');
select tests.calendar('mondays', '{dr stefan}');
select tests.booking_request('request', 'mondays', 'dr stefan', now() + interval '2 days');
select tests.appointment('visit', 'ana', 'mondays', 'dr stefan', now() + interval '1 day');
select tests.appointment('removed', 'ana', 'mondays', 'dr stefan', now() + interval '3 days');
update app_public.appointments set deleted_at = now() where id = tests.id('removed');
create function pg_temp.seen() returns int[] language sql as $$
  select array[(select count(*) from app_public.appointments), (select count(*) from app_public.booking_requests)]::int[];
$$;
select r from (values ('flavia', '{1,1}'), ('stefan', '{1,1}'), ('ana', '{1,0}'), ('corina', '{1,0}'), ('bogdan', '{0,0}'), ('bella', '{0,0}'), ('otto', '{0,0}'), ('root', '{0,0}'))
  as t (persona, seen), lateral (select tests.act_as(persona)) a, lateral is(pg_temp.seen(), seen::int[], format('%s sees %s appointments and requests', persona, seen)) r;
select r from unnest('{flavia,ana}'::text[]) p, lateral (select tests.act_as(p)) a,
  unnest(array[
    'select claim_id from app_public.appointments', 'select deleted_at from app_public.appointments', 'select token_hash from app_public.booking_requests',
    'update app_public.appointments set status = status', 'delete from app_public.appointments', 'update app_public.booking_requests set status = status',
    'insert into app_public.appointments (status) values (''booked'')', 'insert into app_public.booking_requests (status) values (''requested'')']) s,
  lateral throws_ok(s, '42501', null, format('%s may not: %s', p, s)) r;
select tests.act_as('a visitor');
select throws_ok('select id from app_public.appointments', '42501', null, 'a visitor sees no appointment');
select throws_ok('select id from app_public.booking_requests', '42501', null, 'and no request');
select * from finish();
rollback;
