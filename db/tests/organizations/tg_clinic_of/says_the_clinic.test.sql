-- Test: tg_clinic_of - whose clinic a row belongs to is read where it leads, with the rights of who writes. FND-06, FND-29.
begin;
select plan(5);
select tests.two_clinics();

select is_empty(
  $$select distinct c.conrelid::regclass
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname <> 'organization_id' and a.attnotnull
    where c.contype = 'f' and c.connamespace = 'app_public'::regnamespace and cardinality(c.conkey) = 2
      and exists (select from pg_attribute t where t.attrelid = c.conrelid and t.attname = 'organization_id' and t.attnum = any (c.conkey)
                  and has_column_privilege('app_member', c.conrelid, t.attnum, 'insert'))
      and not exists (select from pg_trigger where tgrelid = c.conrelid and tgname = '_010_clinic')$$,
  'every table that a member adds to, and that leads to a row of the clinic, has the trigger');

select tests.act_as(tests.id('adrian'));
select lives_ok(
  $$insert into app_public.specialist_weekly_hours (specialist_id, weekday, starts, ends)
    select id, 6, '08:00', '09:00' from app_public.specialists where organization_id = tests.id('atlas') limit 1$$,
  'nobody is asked for the clinic');
select is(
  (select distinct organization_id from app_public.specialist_weekly_hours where weekday = 6 and ends = '09:00'), tests.id('atlas'),
  'it is that of the specialist');
select throws_ok(
  $$insert into app_public.specialist_weekly_hours (specialist_id, weekday, starts, ends) values (uuidv7(), 6, '08:00', '09:00')$$,
  'RX404', 'not_found', 'a specialist that nobody has is not found');

select tests.act_as(tests.id('beata'));
select throws_ok(
  $$insert into app_public.specialist_weekly_hours (specialist_id, weekday, starts, ends)
    values (tests.id('stefan'), 6, '08:00', '09:00')$$,
  'RX404', 'not_found', 'nor is one of another clinic');
select * from finish();
rollback;
