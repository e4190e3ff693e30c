-- Test: hold_slot - keeps a listed start under a token that only the holder knows. SCH-06.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.patient('petru');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('bogdan');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, buffer_after_minutes => 15);

create temp table held as select null::app_public.slot_hold as hold limit 0;
grant select, insert on held to public;

select tests.act_as('a visitor');
insert into held select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02');
select results_eq(
  $$select (hold).calendar_id, (hold).specialist_id, (hold).starts_at, (hold).ends_at, (hold).expires_at from held$$,
  $$values (tests.id('visits'), tests.id('ana'), '2027-03-08 09:00+02'::timestamptz, '2027-03-08 10:00+02'::timestamptz,
            '2027-03-01 08:10+02'::timestamptz)$$,
  'for as long as the clinic keeps times');
select matches((select (hold).token from held), '^[0-9a-f]{32}$', 'under 128 bits');
select is(tests.day('visits', '2027-03-08'), '11:00', 'neither it nor what its cooldown touches is listed any more');

select tests.act_as('the database');
select results_eq(
  $$select organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at, released_at, token_hash,
           visitor_id, address, created_by
    from app_private.time_claims$$,
  $$select tests.id('atlas'), tests.id('ana'), tests.id('visits'), 'hold',
           tstzrange('2027-03-08 09:00+02', '2027-03-08 10:00+02'), tstzrange('2027-03-08 09:00+02', '2027-03-08 10:15+02'),
           '2027-03-01 08:10+02'::timestamptz, null::timestamptz, sha256(convert_to((hold).token, 'UTF8')),
           'visitor:' || md5('a visitor')::uuid, '203.0.113.7'::inet, null::uuid
    from held$$,
  'one claim stands, with the cooldown frozen, under the digest of the token');
select results_eq(
  $$select e.name, e.organization_id, e.subject_id, e.payload from app_private.events as e where e.name like 'slot.%'$$,
  $$select 'slot.held', tests.id('atlas'), c.id, jsonb_build_object('calendarId', c.calendar_id, 'specialistId', c.specialist_id,
             'startsAt', lower(c.during), 'endsAt', upper(c.during))
    from app_private.time_claims as c$$,
  'one event was published, with ids and times only');
select is(
  (select count(*) from app_private.time_claims as c, held where c::text like '%' || (held.hold).token || '%'), 0::bigint,
  'the token itself is nowhere');

select tests.act_as('petru');
select lives_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 11:00+02')$$, 'a patient holds too');
select tests.act_as('the database');
select results_eq(
  $$select c.visitor_id, c.created_by from app_private.time_claims as c where lower(c.during) = '2027-03-08 11:00+02'$$,
  $$select 'principal:' || p.principal_id, p.principal_id from tests.personas as p where p.name = 'petru'$$,
  'in their own name');

select tests.act_as('the database');
select tests.remember('of bogdan', tests.claim('bogdan', '2027-03-08 09:00+02', 60, 'hold'));
select tests.freeze_time('2027-03-01 08:10+02');
select tests.act_as('another visitor');
select is(tests.day('visits', '2027-03-08'), '09:00 10:00 11:00', 'when the holds have expired all is listed again');
select lives_ok($$select app_public.hold_slot(tests.id('visits'), '2027-03-08 09:00+02')$$, 'and can be held');
select tests.act_as('the database');
select is((select count(*) from app_private.time_claims where released_at is not null), 1::bigint,
  'the hold in the way was released, the other was let be');
select is((select array_agg(e.name order by e.id) from app_private.events as e where e.name like 'slot.%'),
  '{slot.held,slot.held,slot.released,slot.held}', 'and the release was published');
select throws_ok($$update app_private.time_claims set released_at = null$$, '23P01', null,
  'whoever writes, two claims never overlap');
select * from finish();
rollback;
