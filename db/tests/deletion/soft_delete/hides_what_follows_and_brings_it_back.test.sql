-- Test: soft_delete - a service goes with its calendars, is hidden from everybody, and comes back with them. FND-10.
begin;
select plan(21);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan', '{"mon": [["09:00", "12:00"]]}');
select tests.service('massage', specialists => '{stefan}');
select tests.calendar('mondays', '{stefan}', service => 'massage');
select tests.calendar('gone before', '{stefan}', service => 'massage');
select tests.calendar('other', '{stefan}');
create function pg_temp.seen() returns text[] language sql as $$
  select array_agg(name order by name) from (select name from app_public.services union all select name from app_public.calendars) s
$$;
create function pg_temp.listed() returns text[] language sql as $$
  select array_agg(entity || ' ' || label order by entity, label) from app_public.deleted_rows()
$$;
create function pg_temp.public_page() returns text language sql as $$ select app_public.clinic_by_slug('atlas')::text $$;

select tests.act_as('adrian');
select app_public.remove_calendar(tests.id('gone before'));
select is(pg_temp.listed(), '{calendars gone before}', 'a removed calendar is listed');
select tests.act_as('the database'), tests.freeze_time('2027-03-01 09:00+02'), tests.act_as('adrian');
select isnt((app_public.remove_service(tests.id('massage'))).deleted_at, null, 'the service is removed');
select is(pg_temp.seen(), '{other,"service of other"}', 'staff see neither it nor its calendars');
select is(pg_temp.listed(), '{services massage}', 'what went along, or belongs to it, is not listed by itself');
select tests.changes_nothing(format('update app_public.services set name = %L where id = tests.id(%L)', 'x', 'massage'), 'nobody edits what is deleted');
select * from tests.refuses($$select app_public.remove_service(tests.id('massage'))$$, 'NOT_FOUND', 'not_found', 'nor deletes it again');
select tests.act_as('ana');
select is(pg_temp.seen(), '{other,"service of other"}', 'patients see neither');
select tests.act_as('a visitor');
select unalike(pg_temp.public_page(), '%massage%', 'nor does the booking page');
select unalike(pg_temp.public_page(), '%mondays%', 'which offers no calendar of it');
select * from tests.refuses($$select app_public.hold_slot(tests.id('mondays'), now())$$, 'NOT_FOUND', 'calendar_not_found', 'and nothing can be booked');

select tests.act_as('adrian');
select results_eq(
  $$select entity, row_id, organization_id, label from app_public.restore_deleted_row('services', tests.id('massage'))$$,
  $$values ('services', tests.id('massage'), tests.id('atlas'), 'massage')$$, 'it is restored');
select is(pg_temp.seen(), '{massage,mondays,other,"service of other"}', 'with the calendar that went along');
select is(pg_temp.listed(), '{calendars gone before}', 'not with the one that was removed before');
select tests.act_as('a visitor');
select alike(pg_temp.public_page(), '%mondays%', 'visitors find it again');

select tests.act_as('adrian');
select app_public.remove_service(tests.id('massage'));
select lives_ok($$insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency)
  values (tests.id('atlas'), 'Massage', 30, 100, 'RON')$$, 'its name is free meanwhile');
select * from tests.breaks($$select app_public.restore_deleted_row('services', tests.id('massage'))$$,
  'services_name_is_unique_per_organization', 'and then it does not come back');
select is(pg_temp.listed(), '{services massage}', 'it waits in the list');
update app_public.services set name = 'Massage, new' where name = 'Massage';
select lives_ok($$select app_public.restore_deleted_row('services', tests.id('massage'))$$, 'until the name is free again');
select * from finish();
rollback;
