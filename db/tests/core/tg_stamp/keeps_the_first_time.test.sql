-- Test: tg_stamp - when a row was made and changed is the database's word. FND-08.
begin;
select plan(3);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.service('massage');
create temporary table made as select created_at as at from app_public.services where id = tests.id('massage');
select tests.freeze_time('2027-03-02 08:00+02');
update app_public.services set created_at = '2020-01-01', updated_at = '2020-01-01', name = 'Masaj' where id = tests.id('massage');
select results_eq(
  $$select created_at, updated_at from app_public.services where id = tests.id('massage')$$,
  $$select at, '2027-03-02 08:00+02'::timestamptz from made$$, 'whoever writes an update');
insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency, updated_at)
values (tests.id('atlas'), 'Yoga', 50, 15000, 'RON', '2020-01-01');
select is(updated_at, '2027-03-02 08:00+02'::timestamptz, 'or an insert') from app_public.services where name = 'Yoga';
select isnt(created_at, null, 'which has its time too') from app_public.services where name = 'Yoga';
select * from finish();
rollback;
