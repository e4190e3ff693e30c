-- Test: lint - whatever books locks the patient in one way, by book(), which keeps the organizer. APT-01, APT-08.
begin;
select plan(2);
select is_empty($$select object, problem from tests.lint('bookings')$$, 'every verb that books does both');

create function app_public.book_a_toy() returns void language sql volatile as
  $$insert into app_public.appointments (organization_id) values (null)$$;
create function app_public.book_a_ball() returns void language sql volatile as
  $$select app_private.require_to_book(null, null); select app_private.book(null, null)$$;
create function app_public.book_a_kite() returns void language sql volatile as
  $$select app_private.book(null, null)$$;
select results_eq(
  $$select object, count(*) from tests.lint('bookings') group by object order by object$$,
  $$values ('app_public.book_a_kite()', 1::bigint), ('app_public.book_a_toy()', 2::bigint)$$,
  'one that locks nobody, and one that makes its own row without an organizer, are named; one that does both is not');
select * from finish();
rollback;
