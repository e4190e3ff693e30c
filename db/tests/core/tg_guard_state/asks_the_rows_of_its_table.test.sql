-- Test: tg_guard_state, authorize_move - a status moves as the rows of its own table say, from the very moment on. APT-01.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('raluca', 'admin');
select tests.specialist('mihai', '{"mon": [["09:00", "12:00"]]}', account => true);
select tests.calendar('mondays', '{mihai}');
select tests.patient('ioana');
create function pg_temp.detail(statement text) returns jsonb language plpgsql as $$
declare v text;
begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v; end $$;
select tests.appointment('visit', 'ioana', 'mondays', 'mihai', '2027-03-08 09:00+02');
select tests.appointment('next visit', 'ioana', 'mondays', 'mihai', '2027-03-08 10:00+02');
update app_public.organizations set start_lead_minutes = case id when tests.id('atlas') then 30 else 600 end,
  timezone = case id when tests.id('atlas') then 'Asia/Tokyo' else 'Asia/Dubai' end
where id in (tests.id('atlas'), tests.id('boreal'));
-- What another table may do with states of the same names.
insert into app_private.state_transitions (entity, from_state, to_state, actor, permission, event)
values ('booking_requests', 'upcoming', 'done', 'staff', 'appointments.conduct', 'booking_request.confirmed'),
       ('booking_requests', 'upcoming', 'cancelled', 'staff', 'appointments.conduct', 'booking_request.confirmed');
update app_public.appointments set status = 'upcoming' where id in (tests.id('visit'), tests.id('next visit'));

select throws_ok($$update app_public.appointments set status = 'done' where id = tests.id('visit')$$, 'RX412', 'illegal_move', 'the rows of another table open nothing here');
select tests.act_as('mihai');
select throws_ok($$select app_public.finish_appointment(tests.id('visit'))$$, 'RX412', 'illegal_move', 'nor to a verb');
select throws_ok($$select app_public.cancel_appointment(tests.id('next visit'), 'x')$$, 'RX403', 'move_not_allowed', 'nor do they lend their permission');
select tests.act_as('the database');

select tests.freeze_time('2027-03-08 08:30+02'::timestamptz - interval '1 microsecond');
select tests.act_as('mihai');
select throws_ok($$select app_public.start_appointment(tests.id('visit'))$$, 'RX412', 'too_early', 'before the lead of this clinic it is too early');
select is(
  pg_temp.detail($$select app_public.start_appointment(tests.id('visit'))$$),
  jsonb_build_object('entity', 'appointments', 'from', 'upcoming', 'to', 'inprogress',
                     'notBefore', '2027-03-08 08:30+02'::timestamptz, 'timezone', 'Asia/Tokyo'),
  'and when it may be, on which clock');
select tests.act_as('the database');
select tests.freeze_time('2027-03-08 08:30+02');
select tests.act_as('mihai');
select lives_ok($$select app_public.start_appointment(tests.id('visit'))$$, 'from then on it is not');
select throws_ok($$select app_public.record_no_show(tests.id('next visit'))$$, 'RX412', 'too_early', 'where no lead is named, not before the time itself');
select tests.act_as('the database');
select tests.freeze_time('2027-03-08 10:00+02'::timestamptz - interval '1 microsecond');
select tests.act_as('mihai');
select throws_ok($$select app_public.record_no_show(tests.id('next visit'))$$, 'RX412', 'too_early', 'to the microsecond');
select tests.act_as('the database');
select tests.freeze_time('2027-03-08 10:00+02');
select tests.act_as('mihai');
select lives_ok($$select app_public.record_no_show(tests.id('next visit'))$$, 'then it may be said');
select tests.act_as('the database');
select tests.freeze_time('2027-03-08 09:00+02'::timestamptz - interval '1 microsecond');
select tests.act_as('mihai');
select throws_ok($$select app_public.finish_appointment(tests.id('visit'))$$, 'RX412', 'too_early', 'nothing ends before it began');
select tests.act_as('the database');
select tests.freeze_time('2027-03-08 09:00+02');
select tests.act_as('mihai');
select lives_ok($$select app_public.finish_appointment(tests.id('visit'))$$, 'then it may');
select * from finish();
rollback;
