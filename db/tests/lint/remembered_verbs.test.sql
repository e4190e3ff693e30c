-- Test: lint - what makes money, bookings or messages answers a repeat with its first result. FND-26.
begin;
select plan(3);
select is_empty(
  $$select object, problem from tests.lint('remembered_verbs')$$,
  'what makes bookings or messages remembers');
select cmp_ok(
  (select count(*) from tests.app_functions where pronamespace = 'app_public'::regnamespace and prosrc ~ 'app_private\.remember\('),
  '>=', 4::bigint, 'and there are such verbs');

create temporary table before as select object from tests.lint('remembered_verbs');
create function app_public.book_a_toy() returns void language sql volatile as
  $$insert into app_public.appointments (id) select null where false$$;
create function app_public.book_a_game() returns void language plpgsql volatile as
  $$begin perform app_private.remembered('book_a_toy', '[]'); insert into app_private.messages default values; perform app_private.remember('book_a_toy', '[]'); end$$;
create function app_public.book_a_ball() returns void language plpgsql volatile as
  $$begin perform app_private.remembered('book_a_ball', '[]'); insert into app_private.messages default values; perform app_private.remember('book_a_ball', '[]'); end$$;
select set_eq(
  $$select object from tests.lint('remembered_verbs') except select object from before$$,
  array['app_public.book_a_toy()', 'app_public.book_a_game()'],
  'one that does not, or under another''s name, is named');
select * from finish();
rollback;
