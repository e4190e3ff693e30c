-- Test: lint - a verb asks for the caller's rights before it gives an answer that it remembers. FND-26, FND-05.
begin;
select plan(3);
select is_empty(
  $$select object, problem from tests.lint('remembered_rights')$$, 'what remembers asks again who may hear it');

create temporary table before as select object from tests.lint('remembered_rights');
create function app_public.book_a_toy() returns jsonb language plpgsql volatile as
  $$declare v_remembered jsonb := app_private.remembered('book_a_toy', '[]'); begin
    if v_remembered is not null then
      return v_remembered;
    end if;
    perform app_private.require_to_book(null, null); return null; end$$;
create function app_public.book_a_ball() returns jsonb language plpgsql volatile as
  $$declare v_remembered jsonb := app_private.remembered('book_a_ball', '[]'); begin
    if v_remembered is not null then
      perform app_private.require_to_book(null, null);
      return v_remembered;
    end if;
    return null; end$$;
create function app_public.book_a_kite() returns jsonb language plpgsql volatile as
  $$declare v_remembered jsonb; begin
    perform app_private.require_permission(null, 'toys.manage');
    v_remembered := app_private.remembered('book_a_kite', '[]');
    if v_remembered is not null then
      return v_remembered;
    end if;
    return null; end$$;
create function app_public.book_a_game() returns jsonb language sql volatile as
  $$select app_private.remembered('book_a_game', '[]')$$;
select set_eq(
  $$select object from tests.lint('remembered_rights') except select object from before$$,
  array['app_public.book_a_toy()', 'app_public.book_a_game()'],
  'one that asks only the first time is named, and one that asks never');
select is((select count(*) from tests.app_functions where prosrc ~ 'app_private\.remembered\(' and proname !~ '^book_a_'), 43::bigint,
  'db/tests/idempotency/remembered/asks_again_who_may.test.sql tries as many verbs as there are');
select * from finish();
rollback;
