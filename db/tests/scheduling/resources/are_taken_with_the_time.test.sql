-- Test: hold_slot, appointment_resources, remove_resource - a booking has its room and its equipment, and nobody else has. SCH-11.
begin;
select plan(36);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('elsewhere');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.staff('olga', 'admin');
select tests.patient('pavel'), tests.patient('a stranger', 'elsewhere');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('carmen', weekly => '{"mon": [["09:00", "12:00"]]}');
select tests.calendar('by ana', specialists => '{ana}', minutes => 60, buffer_after_minutes => 15, step_minutes => 30);
select tests.calendar('by bogdan', specialists => '{bogdan}', minutes => 60);
select tests.calendar('by carmen', specialists => '{carmen}', minutes => 60);
select tests.calendar('group', specialists => '{carmen}', minutes => 60);
select tests.capacity('group', 2);
select tests.resource('Cabinet 2', 'cabinet'), tests.resource('Cabinet 1', 'cabinet'), tests.resource('Laser', 'laser', 'equipment');
select tests.needs(name, 'cabinet') from unnest('{by ana,by bogdan,by carmen}'::text[]) as name;
select tests.needs('by ana', 'laser');
select tests.needs('group', 'cabinet', 'Cabinet 2');
select tests.guard_claims();
create temporary table holds (name text, hold app_public.slot_hold);
grant all on holds to public;
create function pg_temp.token(name text) returns text language sql as
  'select (hold).token from holds where holds.name = token.name';
create function pg_temp.rooms() returns text language sql security definer as $$
  select string_agg(r.name || ' ' || to_char(lower(rc.blocked) at time zone 'Europe/Bucharest', 'HH24:MI-')
    || to_char(upper(rc.blocked) at time zone 'Europe/Bucharest', 'HH24:MI'), ', ' order by r.name, rc.blocked)
  from app_private.resource_claims as rc join app_public.resources as r on r.id = rc.resource_id
$$;
grant execute on function pg_temp.rooms to public;

select tests.act_as('a visitor');
insert into holds select 'first', app_public.hold_slot(tests.id('by ana'), '2027-03-08 09:00+02');
select is(pg_temp.rooms(), 'Cabinet 1 09:00-10:15, Laser 09:00-10:15', 'the first room that is free and the laser, cooldown included');
select is(tests.day('by bogdan', '2027-03-08'), '09:00 10:00 11:00', 'there is a second room');
select tests.act_as('another visitor');
insert into holds select 'second', app_public.hold_slot(tests.id('by bogdan'), '2027-03-08 10:00+02');
select is(pg_temp.rooms(), 'Cabinet 1 09:00-10:15, Cabinet 2 10:00-11:00, Laser 09:00-10:15', 'which is taken');
select is(tests.day('by carmen', '2027-03-08'), '09:00 11:00', 'where no room is left nothing is offered');
select is(tests.day('group', '2027-03-08'), '09:00 11:00', 'nor where the one is taken that it has to be');
select tests.act_as('a third visitor');
select * from tests.refuses($$select app_public.hold_slot(tests.id('by carmen'), '2027-03-08 10:00+02')$$, 'SLOT_TAKEN', 'no_resource', 'and nothing to be had');
select tests.act_as('maria');
select is(app_public.explain_availability(tests.id('by carmen'), tests.id('carmen'), '2027-03-08 10:00+02'), 'no_resource', 'the front desk is told why');
select * from tests.refuses(
  $$select app_public.book_directly(tests.id('by carmen'), '2027-03-08 10:00+02', tests.id('pavel'), override_reason => 'She is here')$$,
  'SLOT_TAKEN', 'no_resource', 'and cannot set it aside');

-- The holder's own room is free to the holder.
select tests.act_as('a visitor');
select is((app_public.move_hold(pg_temp.token('first'), '2027-03-08 09:30+02')).starts_at, '2027-03-08 09:30+02', 'moved by half an hour');
select is(pg_temp.rooms(), 'Cabinet 1 09:30-10:45, Cabinet 2 10:00-11:00, Laser 09:30-10:45', 'it has its room at the new time alone');
select app_public.release_hold(pg_temp.token('first'));
select is(pg_temp.rooms(), 'Cabinet 2 10:00-11:00', 'what is let go lets the room go');

-- Kept through request and appointment.
select tests.act_as('another visitor');
select isnt(app_public.request_booking(pg_temp.token('second'), 'Gina', 'Rusu', 'g@people.test', '+40722000444'), null, 'asked for');
select tests.act_as('maria');
select isnt(app_public.confirm_booking_request((select id from app_public.booking_requests), tests.id('pavel')), null, 'and confirmed');
select is(pg_temp.rooms(), 'Cabinet 2 10:00-11:00', 'it is the same room');
select tests.remember('booked', id) from app_public.appointments;
select results_eq(
  $$select r.kind, r.type, r.name from app_public.appointment_resources(tests.id('booked')) as r$$,
  $$values ('room', 'cabinet', 'Cabinet 2')$$, 'staff read it on the appointment');
select tests.act_as('pavel');
select results_eq(
  $$select r.name from app_public.appointment_resources(tests.id('booked')) as r$$,
  $$values ('Cabinet 2')$$, 'so does the patient');
select is_empty('select from app_public.resources', 'who does not see the list of rooms');
select tests.act_as('a stranger');
select is_empty($$select from app_public.appointment_resources(tests.id('booked'))$$, 'and nobody else is told');

-- A group has one room for all of its seats.
select tests.act_as('a visitor');
insert into holds select 'seat', app_public.hold_slot(tests.id('group'), '2027-03-08 09:00+02');
select tests.act_as('another visitor');
insert into holds select 'other seat', app_public.hold_slot(tests.id('group'), '2027-03-08 09:00+02');
select is(pg_temp.rooms(), 'Cabinet 2 09:00-10:00, Cabinet 2 10:00-11:00', 'two seats, one room');
select app_public.release_hold(pg_temp.token('other seat'));
select is(pg_temp.rooms(), 'Cabinet 2 09:00-10:00, Cabinet 2 10:00-11:00', 'one seat, the room');
select tests.act_as('a visitor');
select app_public.release_hold(pg_temp.token('seat'));
select is(pg_temp.rooms(), 'Cabinet 2 10:00-11:00', 'no seat, no room');

-- What somebody let expire is free, and honoured for a minute if there is still a room.
insert into holds select 'late', app_public.hold_slot(tests.id('by ana'), '2027-03-08 11:00+02');
select tests.freeze_time('2027-03-01 08:10:30+02');
select tests.act_as('another visitor');
insert into holds select 'faster', app_public.hold_slot(tests.id('by carmen'), '2027-03-08 11:00+02');
select is(pg_temp.rooms(), 'Cabinet 1 11:00-12:00, Cabinet 2 10:00-11:00, Laser 11:00-12:15', 'the expired hold''s room goes over');
select tests.act_as('a visitor');
select isnt(app_public.request_booking(pg_temp.token('late'), 'Gina', 'Rusu', 'g2@people.test', '+40722000445'), null, 'who comes late finds another room');
select is(pg_temp.rooms(), 'Cabinet 1 11:00-12:00, Cabinet 2 10:00-11:00, Cabinet 2 11:00-12:15, Laser 11:00-12:15', 'the second');
select tests.act_as('the database');
select app_private.release_claims(array(select claim_id from app_public.booking_requests where status = 'requested'));
select tests.act_as('a visitor');
insert into holds select 'later', app_public.hold_slot(tests.id('by ana'), '2027-03-08 11:00+02');
select tests.freeze_time('2027-03-01 08:21+02');
select tests.act_as('another visitor');
insert into holds select 'first room', app_public.hold_slot(tests.id('by carmen'), '2027-03-08 11:00+02');
insert into holds select 'second room', app_public.hold_slot(tests.id('by bogdan'), '2027-03-08 11:00+02');
select tests.act_as('a visitor');
select * from tests.refuses(
  $$select app_public.request_booking(pg_temp.token('later'), 'Gina', 'Rusu', 'g3@people.test', '+40722000446')$$,
  'SLOT_TAKEN', 'slot_taken', 'and nothing where none is left');

-- Rooms come and go.
select tests.act_as('maria');
select * from tests.refuses($$select app_public.remove_resource(tests.id('Cabinet 1'))$$, 'FORBIDDEN', 'permission_missing', 'not everybody removes rooms');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.remove_resource(tests.id('Cabinet 2'))$$, 'CONFLICT', 'has_future_appointments', 'nor one in which somebody is booked');
select is((app_public.remove_resource(tests.id('Cabinet 1'))).name, 'Cabinet 1', 'another goes');
select is(tests.day('by carmen', '2027-03-15'), '09:00 10:00 11:00', 'one is left');
update app_public.resources set is_active = false where id = tests.id('Cabinet 2');
select is(tests.day('by carmen', '2027-03-15'), '', 'then none');
select throws_ok(
  $$insert into app_public.calendar_resources (calendar_id, type, resource_id) values (tests.id('by bogdan'), 'laser', tests.id('Cabinet 2'))$$,
  '23503', null, 'a room is not of another type');
select * from finish();
rollback;
