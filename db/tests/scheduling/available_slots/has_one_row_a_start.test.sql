-- Test: available_slots, hold_slot - a pool whose specialists take different times lists each start once, as long as whom it is assigned to takes. SCH-04, SCH-05.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('long', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.specialist('short', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.calendar('pool', specialists => '{long,short}', minutes => 60, step_minutes => 30);
update app_public.calendar_specialists set duration_minutes = 30 where specialist_id = tests.id('short');
create function pg_temp.listed(calendar text default 'pool') returns text language sql as $$
  select string_agg(substr(s.local_start, 12, 5) || '+' || extract(epoch from s.ends_at - s.starts_at)::int / 60, ' ' order by s.starts_at)
  from app_public.available_slots(tests.id(calendar), '2027-03-08 00:00+02', '2027-03-09 00:00+02') as s
$$;
grant execute on function pg_temp.listed to public;
create temporary table held (hold app_public.slot_hold);
grant all on held to public;

select tests.act_as('a visitor');
select is(pg_temp.listed(), '09:00+60 09:30+60 10:00+60 10:30+30', 'one row a start, as long as whose turn it is takes');
select is((select count(*) from app_public.available_slots(tests.id('pool'), '2027-03-08 00:00+02', '2027-03-09 00:00+02') where specialist_ids <> '{}' or specialist_ends_at is not null), 0::bigint, 'with whom is the clinic''s');
insert into held select app_public.hold_slot(tests.id('pool'), '2027-03-08 09:00+02');
select is((hold).ends_at, '2027-03-08 10:00+02', 'the hold is as long as was said') from held;
select is(pg_temp.listed(), '09:00+30 09:30+30 10:00+30 10:30+30', 'now it is the other one''s turn');
truncate held;
insert into held select app_public.hold_slot(tests.id('pool'), '2027-03-08 10:00+02');
select is((hold).ends_at, '2027-03-08 10:30+02', 'and the hold is that long') from held;

select tests.act_as('the database');
select tests.specialist('slow', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.specialist('quick', weekly => '{"mon": [["09:00", "11:00"]]}');
select tests.calendar('tiers', specialists => '{slow,quick}', minutes => 60, step_minutes => 60, strategy => 'priority');
update app_public.calendar_specialists set duration_minutes = 30 where specialist_id = tests.id('quick');
select is(pg_temp.listed('tiers'), '09:00+60 10:00+60', 'the first tier');
select tests.override('slow', 'closed', '2027-03-08', starts => '09:00', ends => '10:00');
select is(pg_temp.listed('tiers'), '09:00+30 10:00+60', 'and who is free instead');
update app_public.calendars set assignment_strategy = 'specific' where id = tests.id('tiers');
select results_eq(
  $$select s.ends_at, s.specialist_ids, s.specialist_ends_at
    from app_public.available_slots(tests.id('tiers'), '2027-03-08 10:00+02', '2027-03-08 10:01+02') as s$$,
  $$values ('2027-03-08 11:00+02'::timestamptz, array[tests.id('slow'), tests.id('quick')],
            array['2027-03-08 11:00+02', '2027-03-08 10:30+02']::timestamptz[])$$, 'with whom it ends when');
select results_eq(
  $$select s.ends_at, s.specialist_ids from app_public.available_slots(tests.id('tiers'), '2027-03-08 10:00+02', '2027-03-08 10:01+02', tests.id('quick')) as s$$,
  $$values ('2027-03-08 10:30+02'::timestamptz, array[tests.id('quick')])$$, 'of the one who is asked for');
update app_public.calendar_specialists set duration_minutes = 60;
select is((select count(*) from app_public.available_slots(tests.id('tiers'), '2027-03-08 00:00+02', '2027-03-09 00:00+02') where specialist_ends_at is not null), 0::bigint, 'where all take the same time nothing is said twice');
update app_public.calendar_specialists set duration_minutes = 30 where specialist_id = tests.id('short');
select is((select count(*) from app_public.available_slots(tests.id('tiers'), '2027-03-08 00:00+02', '2027-03-09 00:00+02') where specialist_ends_at is not null), 0::bigint, 'whatever is so in another calendar');
select is((select count(*) from (select starts_at from app_public.available_slots(tests.id('pool'), '2027-03-08 00:00+02', '2027-03-16 00:00+02') group by 1 having count(*) > 1) as twice), 0::bigint, 'no start twice');
select * from finish();
rollback;
