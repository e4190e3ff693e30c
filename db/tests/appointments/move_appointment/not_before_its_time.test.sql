-- Test: move_appointment - a session is not begun days ahead, nor over before its time. APT-01.
begin;
select plan(13);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('dr stefan');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
select tests.calendar('mondays', '{dr stefan}');
select tests.appointment('next week', 'ana', 'mondays', 'dr stefan', '2027-03-17 10:00+02');
select tests.appointment('today', 'ana', 'mondays', 'dr stefan', '2027-03-08 11:00+02');

select tests.act_as('stefan');
select * from tests.refuses($$select app_public.start_appointment(tests.id('next week'))$$, 'STATE', 'too_early', 'nine days ahead');
select * from tests.refuses($$select app_public.record_no_show(tests.id('next week'))$$, 'STATE', 'too_early', 'nobody is missed before the time');
select is((app_public.start_appointment(tests.id('today'))).status, 'inprogress', 'an hour before is early enough');
select * from tests.refuses($$select app_public.finish_appointment(tests.id('today'))$$, 'STATE', 'too_early', 'but it is not over before its time');
select tests.freeze_time('2027-03-08 11:00+02');
select is((app_public.finish_appointment(tests.id('today'))).status, 'done', 'then it may be');

select tests.act_as('adrian');
update app_public.organizations set start_lead_minutes = 0 where id = tests.id('atlas');
select tests.freeze_time('2027-03-17 09:59:59+02');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.start_appointment(tests.id('next week'))$$, 'STATE', 'too_early', 'a clinic decides how early');
select tests.act_as('adrian');
update app_public.organizations set start_lead_minutes = 1440 where id = tests.id('atlas');
select tests.act_as('stefan');
select tests.freeze_time('2027-03-16 10:00+02');
select is((app_public.start_appointment(tests.id('next week'))).status, 'inprogress', 'at most a day');
select tests.act_as('adrian');
select throws_ok($$update app_public.organizations set start_lead_minutes = 1441 where id = tests.id('atlas')$$, '23514', null, 'not more');
select throws_ok($$update app_public.organizations set response_lead_hours = -1 where id = tests.id('atlas')$$, '23514', null, 'nor an answer after the time');
select * from finish();
rollback;
