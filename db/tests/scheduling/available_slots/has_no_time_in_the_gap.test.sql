-- Test: available_slots, timetables - hours and closings in the gap of a spring night are no time, those that reach into it are cut. SCH-05.
begin;
select plan(16);
select tests.freeze_time('2027-03-20 08:00+02');
select tests.clinic('atlas');
-- At 03:00 of 28 March the clocks of Bucharest show 04:00; at midnight of 5 September those of Santiago show 01:00; at
-- 02:00 of 3 October those of Lord Howe show 02:30.
select tests.specialist('inside', weekly => '{"sun": [["03:15", "03:45"]]}');
select tests.specialist('before', weekly => '{"sun": [["02:00", "03:30"]]}');
select tests.specialist('after', weekly => '{"sun": [["03:30", "06:00"]]}');
select tests.specialist('across', weekly => '{"sun": [["02:00", "05:00"]]}');
select tests.specialist('night', weekly => '{"sat": [["23:00", "03:20"]]}');
select tests.specialist('both', weekly => '{"sun": [["01:00", "03:20"], ["03:40", "05:00"]]}');
select tests.calendar('of inside', '{inside}', minutes => 30);
select tests.calendar('of before', '{before}', minutes => 30);
select tests.calendar('of after', '{after}', minutes => 30);
select tests.calendar('of across', '{across}', minutes => 60);
select tests.calendar('of night', '{night}', minutes => 60);
select tests.calendar('of both', '{both}', minutes => 60);
select is(tests.day('of inside', '2027-03-28'), '', 'what is all in the gap is no time');
select is(tests.day('of inside', '2027-04-04'), '03:15', 'on any other Sunday it is');
select is(tests.day('of before', '2027-03-28'), '02:00 02:30', 'what reaches into the gap ends at it');
select is(tests.day('of after', '2027-03-28'), '04:00 04:30 05:00 05:30', 'what begins in it begins after it');
select is(tests.day('of across', '2027-03-28'), '02:00 04:00', 'what reaches across is an hour shorter');
select is(tests.starts('of night', '2027-03-27 12:00+02', '2027-03-28 12:00+03'), '03-27 23:00, 03-28 00:00, 03-28 01:00, 03-28 02:00', 'a night that ends in it ends at it');
select is(tests.day('of both', '2027-03-28'), '01:00 02:00 04:00', 'two that meet in it are one');

select tests.override('across', 'closed', '2027-03-28', starts => '03:15', ends => '03:45');
select is(tests.day('of across', '2027-03-28'), '02:00 04:00', 'a closing in the gap closes nothing');
select tests.calendar('long across', '{across}', minutes => 50);
select is(tests.day('long across', '2027-03-28'), '02:00 02:50', 'not even a time that reaches across the gap');
select tests.override('across', 'closed', '2027-03-28', starts => '03:15', ends => '04:10');
select is(tests.day('of across', '2027-03-28'), '02:00', 'one that reaches out of it closes what it reaches');
select tests.override('inside', 'extra', '2027-03-28', starts => '03:00', ends => '04:00');
select is(tests.day('of inside', '2027-03-28'), '', 'more hours in the gap are none');
select tests.override('inside', 'replace', '2027-03-28', starts => '03:50', ends => '05:00');
select is(tests.day('of inside', '2027-03-28'), '04:00 04:30', 'other hours that begin in it begin after it');

select tests.specialist('south', weekly => '{"sun": [["00:15", "00:45"], ["02:00", "03:00"]]}', timezone => 'America/Santiago');
select tests.calendar('in the south', '{south}', minutes => 30, timezone => 'America/Santiago', horizon_days => 365);
select is(tests.day('in the south', '2027-09-05'), '02:00 02:30', 'where the gap is at midnight');
select is(tests.day('in the south', '2027-09-12'), '00:15 02:00 02:30', 'and a week later');
select tests.specialist('island', weekly => '{"sun": [["02:05", "02:25"], ["02:10", "03:15"]]}', timezone => 'Australia/Lord_Howe');
select tests.calendar('on the island', '{island}', minutes => 15, timezone => 'Australia/Lord_Howe', horizon_days => 365);
select is(tests.day('on the island', '2027-10-03'), '02:30 02:45 03:00', 'where it is half an hour long');
select is(app_private.on_clocks('2027-10-31 03:30', 'Europe/Bucharest'), '2027-10-31 03:30+02', 'a time that comes twice is the second');
select * from finish();
rollback;
