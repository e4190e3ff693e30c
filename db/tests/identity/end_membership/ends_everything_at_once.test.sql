-- Test: end_membership - who leaves, or is let go, sees and may nothing from the next statement on. FND-04.
begin;
select plan(13);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.booking_request('request', 'mondays', 'stefan', now() + interval '2 days');
create function pg_temp.seen() returns bigint language sql as $$
  select (select count(*) from app_public.organizations) + (select count(*) from app_public.patients) + (select count(*) from app_public.patient_profiles)
       + (select count(*) from app_public.specialists) + (select count(*) from app_public.services) + (select count(*) from app_public.booking_requests)
       + (select count(*) from app_public.memberships) + (select count(*) from app_public.roles) + (select count(*) from app_public.calendars)
       + (select count(*) from app_public.my_permissions(tests.id('atlas')));
$$;
select tests.act_as('flavia');
select cmp_ok(pg_temp.seen(), '>', 15::bigint, 'front desk sees the clinic');
select tests.act_as('adrian');
select isnt((app_public.end_membership(tests.membership_id('flavia'))).ended_at, null, 'an admin ends the membership');
select tests.act_as('flavia');
select is(pg_temp.seen(), 0::bigint, 'she sees nothing');
select is((select count(*) from app_public.humans), 1::bigint, 'but herself');
select throws_ok($$select app_public.reject_booking_request(tests.id('request'))$$, 'RX404', 'booking_request_not_found', 'and may nothing');
select * from tests.refuses($$select app_public.end_membership(tests.membership_id('flavia'))$$, 'NOT_FOUND', 'membership_not_found', 'it is over once');

select tests.act_as('adrian');
select lives_ok($$select app_public.end_membership(tests.membership_id('adrian'))$$, 'anybody may leave');
select is(pg_temp.seen(), 0::bigint, 'and has left');
select tests.act_as('the database');
select is((select count(*) from app_public.membership_roles where membership_id = tests.membership_id('flavia')), 1::bigint, 'what was held stays on record');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.end_membership(tests.membership_id('olga'))$$, 'STATE', 'last_owner', 'the last owner cannot leave');
select cmp_ok(pg_temp.seen(), '>', 15::bigint, 'and has not');
select * from finish();
rollback;
