-- Test: assignment_order, count_assignment, tg_calendar_specialists__take_turns - round robin and tiers, moved by bookings and not by looking. SCH-02, SCH-04.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.specialist('carmen', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);
select tests.calendar('tiers', specialists => '{carmen,ana,bogdan}', minutes => 60, strategy => 'priority');
select tests.calendar('pick', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
update app_public.calendar_specialists set priority = 2 where calendar_id = tests.id('tiers') and specialist_id = tests.id('bogdan');

create function pg_temp.name(of_id uuid) returns text language sql as
  $$select name from tests.names where id = of_id and name in ('ana', 'bogdan', 'carmen', 'dan')$$;
create function pg_temp.turns(calendar text) returns text language sql as
  $$select string_agg(pg_temp.name(o.specialist_id), ' ' order by o.turn) from app_private.assignment_order(tests.id(calendar)) as o$$;
create function pg_temp.hold(calendar text, hour int, specialist text default null) returns app_public.slot_hold language sql security definer as
  $$select app_public.hold_slot(tests.id(calendar), '2027-03-08 00:00+02'::timestamptz + make_interval(hours => hour),
      case when specialist is not null then tests.id(specialist) end)$$;
create function pg_temp.book(calendar text, hour int) returns text language plpgsql security definer as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.claim_slot(
    tests.id(calendar), '2027-03-08 00:00+02'::timestamptz + make_interval(hours => hour), null, 'appointment');
  perform app_private.count_assignment(v_claim.id);
  perform tests.remember(calendar || ' at ' || hour, v_claim.id);
  return pg_temp.name(v_claim.specialist_id);
end;
$$;
update app_public.organizations set holds_per_visitor = 20;

select is(pg_temp.turns('pool'), 'ana bogdan', 'with no history, by id');
select is(pg_temp.book('pool', 9), 'ana', 'the first is booked');
select is(pg_temp.turns('pool'), 'bogdan ana', 'then it is the other''s turn');
select is(pg_temp.book('pool', 10), 'bogdan', 'who has never been assigned');
select is(pg_temp.book('pool', 11), 'ana', 'then whoever waited longest, which here is by id');
select is(pg_temp.book('pool', 11), 'bogdan', 'who is taken is passed over');
select throws_ok($$select pg_temp.book('pool', 11)$$, 'RXSLT', 'slot_taken', 'until nobody is left');

select is((pg_temp.hold('pool', 12)).specialist_id, tests.id('ana'), 'a hold takes the turn');
select is((pg_temp.hold('pool', 13)).specialist_id, tests.id('bogdan'), 'while it lasts, so that parallel visitors spread');
select tests.freeze_time('2027-03-01 09:00+02');
select is(pg_temp.turns('pool'), 'ana bogdan', 'a hold that expires has cost nobody a turn');
select is((pg_temp.hold('pool', 12)).specialist_id, tests.id('ana'), 'so the next one is the same');
select is((select sum(assigned_count) from app_private.specialist_assignment_tracking where calendar_id = tests.id('pool')), 4::numeric,
  'four bookings are counted, no hold');

select app_private.count_assignment(tests.id('pool at 9'));
select is((select sum(assigned_count) from app_private.specialist_assignment_tracking where calendar_id = tests.id('pool')), 4::numeric,
  'a booking is counted once');
select tests.freeze_time('2027-03-01 10:00+02');
select app_private.uncount_assignment(tests.id('pool at 9')), app_private.uncount_assignment(tests.id('pool at 9'));
select is((select t.assigned_count from app_private.specialist_assignment_tracking as t
           where t.calendar_id = tests.id('pool') and t.specialist_id = tests.id('ana')), 1::bigint,
  'a cancellation before the start takes it back, once');
select tests.freeze_time('2027-03-08 10:00+02');
select app_private.uncount_assignment(tests.id('pool at 10'));
select is((select t.assigned_count from app_private.specialist_assignment_tracking as t
           where t.calendar_id = tests.id('pool') and t.specialist_id = tests.id('bogdan')), 2::bigint,
  'after the start it does not');
select tests.freeze_time('2027-03-01 10:00+02');

update app_private.specialist_assignment_tracking set assigned_count = assigned_count + 10 where calendar_id = tests.id('pool');
select tests.specialist('dan', weekly => '{"mon": [["09:00", "19:00"]]}');
insert into app_public.service_specialists (organization_id, service_id, specialist_id)
values (tests.id('atlas'), tests.id('service of pool'), tests.id('dan'));
insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id)
values (tests.id('atlas'), tests.id('pool'), tests.id('dan'));
select is(pg_temp.book('pool', 15), 'dan', 'a newcomer stands at the minimum, and has waited longest');
select is((select t.assigned_count from app_private.specialist_assignment_tracking as t where t.specialist_id = tests.id('dan')), 12::bigint,
  'and is counted from there: eleven is the minimum');
select is(pg_temp.book('pool', 16), 'ana', 'so the others are not starved');

select is(pg_temp.book('tiers', 14), 'carmen', 'priority: the first tier');
select is((pg_temp.book('tiers', 14)), 'ana', 'falls back to the next');
select is((pg_temp.book('tiers', 17)), 'carmen', 'and comes back to the first whenever it is free');
select is((pg_temp.book('tiers', 17)), 'bogdan', 'with round robin inside a tier');

select is((pg_temp.hold('pick', 18, 'bogdan')).specialist_id, tests.id('bogdan'), 'the visitor''s choice is no turn');

-- A newcomer's minimum is that of those who take turns, in their tier where there are tiers.
create function pg_temp.stand(calendar text, specialist text, turns int) returns void language sql as $$
  update app_private.specialist_assignment_tracking set assigned_count = turns
  where calendar_id = tests.id(calendar) and specialist_id = tests.id(specialist);
$$;
select pg_temp.stand('pool', 'ana', 30), pg_temp.stand('pool', 'bogdan', 20), pg_temp.stand('pool', 'dan', 10);
select pg_temp.stand('tiers', 'carmen', 50), pg_temp.stand('tiers', 'ana', 40), pg_temp.stand('tiers', 'bogdan', 40);
select app_private.uncount_assignment(tests.id('pool at 16'));
select is(
  array(select assigned_count from app_private.specialist_assignment_tracking
        where specialist_id = tests.id('ana') and calendar_id in (tests.id('pool'), tests.id('tiers')) order by 1),
  '{29,40}'::bigint[], 'a turn is given back in its own calendar');
select pg_temp.stand('pool', 'ana', 30);
update app_public.specialists set scheduling_active = false where id = tests.id('bogdan');
update app_public.specialists set deleted_at = now() where id = tests.id('dan');
select tests.specialist('ela');
insert into app_public.service_specialists (organization_id, service_id, specialist_id)
select tests.id('atlas'), id, tests.id('ela') from app_public.services where name in ('service of pool', 'service of tiers');
insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id, priority)
values (tests.id('atlas'), tests.id('pool'), tests.id('ela'), 2), (tests.id('atlas'), tests.id('tiers'), tests.id('ela'), 1);
select is((select assigned_count from app_private.specialist_assignment_tracking where specialist_id = tests.id('ela') and calendar_id = tests.id('pool')), 30::bigint,
  'who is switched off or removed is no measure');
select is((select assigned_count from app_private.specialist_assignment_tracking where specialist_id = tests.id('ela') and calendar_id = tests.id('tiers')), 50::bigint,
  'nor is another tier');
select is((select count(*) from app_private.assignment_order(tests.id('pool')) as one, app_private.assignment_order(tests.id('pool')) as other
           where one.specialist_id = tests.id('ela') and other.specialist_id = tests.id('ana') and one.turn < other.turn), 1::bigint,
  'without tiers no priority counts');
select * from finish();
rollback;
