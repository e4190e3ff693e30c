-- Test: lint - whatever books locks the patient in one way and keeps the organizer. APT-01, APT-08.
begin;
select plan(2);
select is_empty($$select object, problem from tests.lint('bookings')$$, 'every verb that books does both');

create function app_public.book_a_toy() returns void language sql volatile as
  $$insert into app_public.appointments (organization_id) values (null)$$;
create function app_public.book_a_ball() returns void language sql volatile as
  $$select app_private.require_to_book(null, null); insert into app_public.appointments (organization_id, organizer_email) values (null, null)$$;
select results_eq(
  $$select object, count(*) from tests.lint('bookings') group by object$$, $$values ('app_public.book_a_toy()', 2::bigint)$$,
  'one that does neither is named for both, one that does both is not');
select * from finish();
rollback;
