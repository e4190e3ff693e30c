-- Test: remove_calendar - refused while bookings are to come; by calendars.manage. FND-10, SCH-02.
begin;
select plan(18);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', account => true);
select tests.service('massage');
select tests.calendar('mondays', '{stefan}', service => 'massage');
select tests.service('gymnastics');
select tests.calendar('wednesdays', '{stefan}');
select tests.calendar('tuesdays', '{stefan}', service => 'gymnastics');
select tests.patient('ana');
select tests.appointment('elsewhere', 'ana', 'wednesdays', 'stefan', now() + interval '6 days');
select tests.appointment('past', 'ana', 'mondays', 'stefan', now() - interval '3 days');
select tests.appointment('next', 'ana', 'mondays', 'stefan', now() + interval '3 days');
select tests.booking_request('request', 'mondays', 'stefan', now() + interval '4 days');
select tests.hold('kept', 'mondays', 'stefan', now() + interval '5 days');
create function pg_temp.counted(what text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute what;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail;
end;
$$;
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.remove_calendar(tests.id('mondays'))$$, 'FORBIDDEN', 'permission_missing', 'front desk');
select r.* from unnest('{otto,ana}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral tests.refuses($$select app_public.remove_calendar(tests.id('mondays'))$$, 'NOT_FOUND', 'not_found', p || ' is told nothing') r;
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.remove_calendar(tests.id('mondays'))$$, 'CONFLICT', 'has_future_appointments', 'an appointment and a request to come');
select * from tests.refuses($$select app_public.remove_service(tests.id('massage'))$$, 'CONFLICT', 'has_future_appointments', 'so its service stays too');
select is(pg_temp.counted($$select app_public.remove_calendar(tests.id('mondays'))$$), '{"count": 2}', 'the refusal counts them');
select isnt((app_public.remove_service(tests.id('gymnastics'))).deleted_at, null, 'a service that nobody is booked for goes, with its calendar');
select app_public.cancel_appointment(tests.id('next'));
select app_public.reject_booking_request(tests.id('request'), 'nobody there');
select isnt((app_public.remove_calendar(tests.id('mondays'))).deleted_at, null, 'then it goes, whatever is over');
select tests.act_as('a visitor');
select * from tests.refuses(format($$select app_public.request_booking(%L, 'Gabriela', 'Munteanu', 'g@people.test', '0722123456')$$, tests.token('kept')),
  'GONE', 'calendar_gone', 'who filled the form meanwhile is told');
select tests.act_as('ana');
select * from tests.refuses(format($$select app_public.book_appointment(%L, tests.id('ana'))$$, tests.token('kept')),
  'GONE', 'calendar_gone', 'a patient too');
select is((select count(*) from app_public.appointments), 3::bigint, 'who still sees what was');
select * from finish();
rollback;
