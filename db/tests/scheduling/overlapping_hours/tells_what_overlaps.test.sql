-- Test: overlapping_hours, weekly hours - no length is refused, and what overlaps is told to staff. SCH-01, SCH-02.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.specialist('vlad', weekly => '{"mon": [["09:00", "17:00"], ["12:00", "20:00"]]}');
select tests.calendar('northern', specialists => '{vlad}');
select tests.calendar_hours('northern', '{"fri": [["09:00", "10:00"], ["09:00", "10:00"]]}');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "17:00"], ["12:00", "20:00"]], "tue": [["09:00", "12:00"], ["12:00", "15:00"]]}');
select tests.specialist('night', weekly => '{"sun": [["22:00", "06:00"]], "mon": [["05:00", "07:00"]], "wed": [["20:00", "24:00"]], "thu": [["00:00", "02:00"]]}');
select tests.calendar('visits', specialists => '{ana}');
select tests.calendar_hours('visits', '{"fri": [["09:00", "10:00"], ["09:00", "10:00"]]}');
-- Whose hours they are, and in which calendar, tells them apart.
select tests.calendar_hours('visits', '{"fri": [["09:00", "10:00"]], "mon": [["09:00", "12:00"]]}', 'ana');
select tests.calendar('others', specialists => '{ana}');
select tests.calendar_hours('others', '{"fri": [["09:00", "10:00"]]}');

select tests.act_as('adrian');
select * from tests.breaks(
  $$insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
    values (tests.id('atlas'), tests.id('ana'), 3, '10:00', '10:00')$$,
  'specialist_weekly_hours_have_a_length', 'ten to ten is no time');
select * from tests.breaks(
  $$insert into app_public.calendar_hours (organization_id, calendar_id, weekday, starts, ends)
    values (tests.id('atlas'), tests.id('visits'), 3, '00:00', '00:00')$$,
  'calendar_hours_have_a_length', 'nor in a calendar');
select * from tests.breaks(
  $$insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends)
    values (tests.id('atlas'), tests.id('ana'), 'extra', '2027-03-08', '2027-03-08', '10:00', '10:00')$$,
  'specialist_schedule_overrides_have_a_length', 'nor on a date');
select * from tests.breaks(
  $$update app_public.specialist_weekly_hours set ends = starts where specialist_id = tests.id('ana') and weekday = 2$$,
  'specialist_weekly_hours_have_a_length', 'nor by a change');
select lives_ok(
  $$insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
    values (tests.id('atlas'), tests.id('ana'), 6, '00:00', '24:00')$$, 'a whole day has 24 hours');

select results_eq(
  $$select specialist_id, calendar_id, weekday, starts, ends, other_weekday, other_starts, other_ends
    from app_public.overlapping_hours(tests.id('atlas')) where calendar_id is null order by weekday$$,
  $$values (tests.id('ana'), null::uuid, 1, '09:00'::time, '17:00'::time, 1, '12:00'::time, '20:00'::time),
           (tests.id('night'), null::uuid, 7, '22:00'::time, '06:00'::time, 1, '05:00'::time, '07:00'::time)$$,
  'hours of one day, and a night that runs into the next week; hours that touch do not overlap');
select results_eq(
  $$select specialist_id, calendar_id, weekday from app_public.overlapping_hours(tests.id('atlas')) where calendar_id is not null$$,
  $$values (null::uuid, tests.id('visits'), 5)$$, 'and those of a calendar, where the same is written twice');
select matches(col_description('app_public.specialist_weekly_hours'::regclass, 5), 'past midnight|weekday', 'the field says when it ends');
select * from tests.refuses('select * from app_public.overlapping_hours(null)', 'NOT_FOUND', 'not_found', 'no clinic is not there');
select tests.act_as('horia');
select * from tests.refuses($$select * from app_public.overlapping_hours(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'another clinic is told nothing');
select * from finish();
rollback;
