-- Test: available_slots, visible_calendar - visitors see public calendars of open clinics, staff every active one of their own. SCH-02, APT-05.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.staff('horia', 'admin');
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.patient('petru');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "10:00"]]}');
select tests.calendar('visits', specialists => '{ana}', minutes => 60);
select tests.calendar('others', specialists => '{ana}', minutes => 60);
select tests.calendar('internal', specialists => '{ana}', minutes => 60, is_public => false);

create function pg_temp.is_hidden(calendar text, who text) returns text language sql as $$
  select throws_ok(
    format('select tests.day(%L, %L)', calendar, '2027-03-08'), 'RX404', 'calendar_not_found',
    format('%s is not told of "%s"', who, calendar));
$$;
grant execute on function pg_temp.is_hidden to public;

select tests.act_as('a visitor');
select is(tests.day('visits', '2027-03-08'), '09:00', 'a visitor sees a public calendar');
select pg_temp.is_hidden('internal', 'a visitor');
select throws_ok($$select app_public.available_slots('0190a000-0000-7000-8000-000000000000', now(), now())$$,
  'RX404', 'calendar_not_found', 'what does not exist is the same answer');
select tests.act_as('petru');
select is(tests.day('visits', '2027-03-08'), '09:00', 'a patient too');
select pg_temp.is_hidden('internal', 'a patient');
select tests.act_as('maria');
select is(tests.day('internal', '2027-03-08'), '09:00', 'staff see their internal calendar');
select tests.act_as('horia');
select is(tests.day('visits', '2027-03-08'), '09:00', 'staff of another clinic are visitors here');
select pg_temp.is_hidden('internal', 'staff of another clinic');
select tests.act_as('horia', 'atlas');
select pg_temp.is_hidden('internal', 'whoever claims this clinic');

select tests.act_as('the database');
update app_public.calendars set is_active = false where id = tests.id('internal');
select tests.act_as('maria');
select pg_temp.is_hidden('internal', 'staff, when it is inactive,');

select tests.act_as('the database');
update app_public.organizations set activated_at = null where id = tests.id('atlas');
select tests.act_as('a visitor');
select pg_temp.is_hidden('visits', 'a visitor, when the clinic is a draft,');
select tests.act_as('maria');
select is(tests.day('visits', '2027-03-08'), '09:00', 'staff of a draft clinic try it out');

select tests.act_as('the database');
update app_public.organizations set activated_at = app_hidden.now(), deleted_at = app_hidden.now() where id = tests.id('atlas');
select tests.act_as('a visitor');
select pg_temp.is_hidden('visits', 'a visitor, when the clinic is gone,');
select tests.act_as('the database');
update app_public.organizations set deleted_at = null where id = tests.id('atlas');
update app_public.services set is_active = false where id = tests.id('service of visits');
select tests.act_as('a visitor');
select pg_temp.is_hidden('visits', 'a visitor, when the service is no longer offered,');
select tests.act_as('the database');
update app_public.services set is_active = true, deleted_at = app_hidden.now() where id = tests.id('service of visits');
select tests.act_as('a visitor');
select pg_temp.is_hidden('visits', 'a visitor, when the service was deleted,');
select tests.act_as('the database');
update app_public.services set deleted_at = null where id = tests.id('service of visits');
update app_public.calendars set deleted_at = app_hidden.now() where id = tests.id('visits');
select tests.act_as('a visitor');
select pg_temp.is_hidden('visits', 'a visitor, when it was deleted,');
select throws_ok($$select * from app_public.calendars$$, '42501', null, 'a visitor reads no calendar');
select throws_ok($$select * from app_private.free_starts(tests.id('visits'), now(), now())$$, '42501', null,
  'nor the engine behind the listing');
select * from finish();
rollback;
