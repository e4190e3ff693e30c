-- Test: messages_about_reminder - the patient of a visit that is still to come, as it stands. APT-08, FND-15.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
create function pg_temp.remind(visit text, at timestamptz, then_do text default '') returns setof app_public.messages language plpgsql as $$
declare v_event uuid;
begin
  perform set_config('tests.now', '2027-03-01 12:00+02', true);
  perform tests.appointment(visit, 'ana', 'mondays', 'stefan', at);
  perform app_private.remind_of_appointments();
  if then_do <> '' then execute then_do using tests.id(visit); end if;
  select id into strict v_event from app_private.events where subject_id = tests.id(visit) and events.name = 'appointment.reminder_due';
  perform app_private.consume_notifications(v_event);
  return query select * from app_public.messages where event_id = v_event and channel = 'email';
end;
$$;

select results_eq(
  $$select template_key, recipient_email, data ->> 'startsAt', calendar_uid from pg_temp.remind('visit', '2027-03-02 10:00+02')$$,
  $$values ('appointment_reminder', 'ana@people.test', '2027-03-02T08:00:00+00:00', null::uuid)$$, 'who, what and when; the calendar entry stays as it is');
select is_empty($$select pg_temp.remind('called off', '2027-03-02 11:00+02', 'update app_public.appointments set status = ''cancelled'' where id = $1')$$,
  'not of what was called off meanwhile');
select is_empty($$select pg_temp.remind('moved', '2027-03-02 09:00+02', 'update app_public.appointments set starts_at = starts_at + interval ''2 days'', ends_at = ends_at + interval ''2 days'' where id = $1')$$,
  'not of what was moved meanwhile: its reminder comes in its time');
select is_empty($$select pg_temp.remind('moved to another''s', '2027-03-02 06:00+02', 'update app_public.appointments set starts_at = ''2027-03-02 10:00+02'', ends_at = ''2027-03-02 11:00+02'' where id = $1')$$,
  'nor when it was moved to a time of which another patient was reminded');
select is_empty($$select pg_temp.remind('removed', '2027-03-02 08:00+02', 'update app_public.appointments set deleted_at = now() where id = $1')$$,
  'not of what was removed');
select is_empty($$select pg_temp.remind('begun', '2027-03-02 07:00+02', 'select set_config(''tests.now'', ''2027-03-02 07:00+02'', true)')$$,
  'not when it has begun');
select is_empty($$select pg_temp.remind('started', '2027-03-01 12:30+02', 'select set_config(''tests.now'', ''2027-03-01 12:20+02'', true); update app_public.appointments set status = ''inprogress'' where starts_at = ''2027-03-01 12:30+02''')$$,
  'not when the patient is there');
select * from finish();
rollback;
