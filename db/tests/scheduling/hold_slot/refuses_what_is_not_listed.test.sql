-- Test: hold_slot, bookable, verdicts, timetables, refuse_rule, require_named - a start that is not listed is refused by the name of the rule. SCH-05, SCH-06.
begin;
select plan(24);
select tests.freeze_time('2027-03-08 08:00+02');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.specialist('ana', weekly => '{"mon": [["07:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["07:15", "10:15"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60, notice_minutes => 120, horizon_days => 14);
select tests.calendar('pool', specialists => '{ana,bogdan}', minutes => 60);
select tests.calendar('pick', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');
select tests.calendar('internal', specialists => '{ana}', minutes => 60, is_public => false);
select tests.calendar('empty', minutes => 60);
select tests.specialist('carmen', weekly => '{"mon": [["09:10", "12:00"], ["14:00", "16:00"]]}');
select tests.calendar('twice a day', specialists => '{carmen}', minutes => 60);
select tests.override('ana', 'closed', '2027-03-15', starts => '11:00', ends => '11:30');
update app_public.calendars set allows_any_specialist = false where id in (tests.id('pick'), tests.id('pool'));
select tests.calendar('pick or not', specialists => '{ana,bogdan}', minutes => 60, strategy => 'specific');

select tests.act_as('a visitor');
prepare hold(text, timestamptz) as select app_public.hold_slot(tests.id($1), $2);
select throws_ok($$execute hold('visits', '2027-03-08 07:00+02')$$, 'RX400', 'in_the_past', 'an hour ago');
select throws_ok($$execute hold('visits', '2027-03-08 09:00+02')$$, 'RX400', 'inside_notice', 'in an hour');
select throws_ok($$execute hold('visits', '2027-03-29 07:00+03')$$, 'RX400', 'beyond_horizon', 'in three weeks');
select throws_ok($$execute hold('visits', '2027-03-16 09:00+02')$$, 'RX400', 'outside_hours', 'on a Tuesday');
select throws_ok($$execute hold('visits', '2027-03-15 11:00+02')$$, 'RX400', 'closed', 'while closed');
select throws_ok($$execute hold('visits', '2027-03-15 09:30+02')$$, 'RX400', 'off_the_grid', 'between two starts');
select throws_ok($$execute hold('visits', '2027-03-15 09:00:00.000001+02')$$, 'RX400', 'off_the_grid', 'a microsecond after one');
select throws_ok($$execute hold('twice a day', '2027-03-15 10:00+02')$$, 'RX400', 'off_the_grid', 'on the grid of the afternoon, in the morning');
select throws_ok($$execute hold('twice a day', '2027-03-15 14:10+02')$$, 'RX400', 'off_the_grid', 'on the grid of the morning, in the afternoon');
select throws_ok($$execute hold('visits', null)$$, 'RX400', 'start_invalid', 'no time at all');
select throws_ok($$execute hold('visits', 'infinity')$$, 'RX400', 'start_invalid', 'a time that never comes');
select throws_ok($$execute hold('pool', '2027-03-15 11:00+02')$$, 'RX400', 'closed', 'of two, the rule of who came closer');
select throws_ok($$execute hold('empty', '2027-03-15 11:00+02')$$, 'RX400', 'no_specialist', 'a calendar without anybody');
select throws_ok($$execute hold('pick', '2027-03-15 09:00+02')$$, 'RX400', 'specialist_required', 'a specialist must be picked');
select throws_ok($$select app_public.hold_slot(tests.id('pool'), '2027-03-15 09:00+02', tests.id('ana'))$$,
  'RX400', 'specialist_is_assigned', 'or must not');
select throws_ok($$select app_public.hold_slot(tests.id('pick'), '2027-03-15 07:00+02', tests.id('bogdan'))$$,
  'RX400', 'outside_hours', 'one who is not there is not replaced by another');
select throws_ok($$select app_public.hold_slot(tests.id('pick'), '2027-03-15 09:00+02', tests.id('atlas'))$$,
  'RX400', 'unknown_specialist', 'one who is none');
select throws_ok($$execute hold('internal', '2027-03-15 09:00+02')$$, 'RX404', 'calendar_not_found', 'a calendar that is not public');
select throws_ok($$execute hold('atlas', '2027-03-15 09:00+02')$$, 'RX404', 'calendar_not_found', 'a calendar that is none');
select tests.act_as('maria');
select throws_ok($$execute hold('visits', '2027-03-08 09:00+02')$$, 'RX400', 'inside_notice', 'the rules hold for staff too');

select tests.act_as('the database');
select is((select count(*) from app_private.time_claims), 0::bigint, 'nothing was claimed');
select is((select count(*) from app_private.events where name like 'slot.%'), 0::bigint, 'nor published');
select tests.act_as('a visitor');
select lives_ok($$execute hold('pick or not', '2027-03-15 09:00+02')$$, 'nobody has to be picked where anybody will do');
select lives_ok($$execute hold('pool', '2027-03-15 07:15+02')$$, 'or the clinic assigns');
select * from finish();
rollback;
