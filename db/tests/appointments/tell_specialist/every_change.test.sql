-- Test: tell_specialist, messages_about_changed_appointment - a specialist with an account hears of their visits, with entries for
-- a calendar that replace each other. APT-08, FND-15.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('stefan', 'specialist');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan', account => true);
select tests.specialist('dora', account => true);
select tests.specialist('vlad');
select tests.calendar('mondays', '{stefan,dora,vlad}');
create function pg_temp.told() returns table (template_key text, recipient_email text, calendar_sequence int) language plpgsql as $$
declare v_event uuid;
begin
  for v_event in
    select events.id from app_private.events where events.subject_type = 'appointment'
      and not exists (select from pg_temp.consumed where consumed.id = events.id) order by events.position
  loop
    perform app_private.consume_notifications(v_event);
    insert into pg_temp.consumed values (v_event);
    return query
      select messages.template_key, messages.recipient_email, messages.calendar_sequence from app_public.messages
      where messages.event_id = v_event and messages.channel = 'email' and messages.template_key like 'specialist%' order by messages.id;
  end loop;
end;
$$;
create table pg_temp.consumed (id uuid primary key);

select tests.appointment('visit', 'ana', 'mondays', 'stefan', '2027-03-08 10:00+02');
select results_eq('select * from pg_temp.told()', $$values ('specialist_appointment_booked', 'stefan@people.test', 0)$$, 'of a new one');
select is((select data ->> 'patientName' from app_public.messages where template_key = 'specialist_appointment_booked' and channel = 'email'), 'Ana', 'with whom');
update app_public.appointments set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' where id = tests.id('visit');
select results_eq('select * from pg_temp.told()', $$values ('specialist_appointment_rescheduled', 'stefan@people.test', 1)$$, 'of another time');
update app_public.appointments set specialist_id = tests.id('dora') where id = tests.id('visit');
select results_eq('select * from pg_temp.told()',
  $$values ('specialist_appointment_cancelled', 'stefan@people.test', 2), ('specialist_appointment_booked', 'dora@people.test', 0)$$, 'who gave it away takes it out, who has it now puts it in');
update app_public.appointments set specialist_id = tests.id('vlad') where id = tests.id('visit');
select results_eq('select * from pg_temp.told()', $$values ('specialist_appointment_cancelled', 'dora@people.test', 1)$$, 'somebody without an account hears nothing');
update app_public.appointments set specialist_id = tests.id('dora') where id = tests.id('visit');
select is((select count(*) from pg_temp.told()), 1::bigint, 'and it comes back');
update app_public.appointments set status = 'cancelled' where id = tests.id('visit');
select results_eq('select * from pg_temp.told()', $$values ('specialist_appointment_cancelled', 'dora@people.test', 3)$$, 'of what is called off');
update app_public.memberships set ended_at = app_hidden.now() where organization_id = tests.id('atlas') and human_id = (select human_id from app_public.specialists where id = tests.id('stefan'));
select tests.appointment('another', 'ana', 'mondays', 'stefan', '2027-03-09 10:00+02');
select is_empty('select * from pg_temp.told()', 'who has left the clinic hears nothing, though they are at another and colleagues are here');
select * from finish();
rollback;
