-- What makes money, bookings or messages repeats its first answer to an idempotency key. FND-26.
-- The rule reads the bodies of what the API offers: a table that is added to the list brings its verbs along.

create or replace function tests.lint_remembered_verbs() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'makes ' || made.what || ' and does not begin with remembered() and end with remember()'
  from tests.app_functions f
  cross join lateral (
    select string_agg(distinct coalesce(m[1], m[2]), ', ') as what
    from regexp_matches(
      f.prosrc,
      '\minsert into app_(?:public|private)\.(appointments|booking_requests|messages|invoices|invoice_lines|payments|subscriptions|patient_subscriptions)\M'
      || '|\mapp_private\.(book|place_claim|notify)\s*\(', 'g') as m
  ) as made
  where f.pronamespace = 'app_public'::regnamespace and f.provolatile = 'v' and made.what is not null
    and not (f.prosrc ~ format('app_private\.remembered\(\s*''%s''', f.proname)
             and f.prosrc ~ format('app_private\.remember\(\s*''%s''', f.proname));
$$;

-- And none gives it without asking first whether the caller still may have it: somebody who was removed since, or
-- whose role was taken away, repeats an old key too.
create or replace function tests.lint_remembered_rights() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'gives a remembered answer without asking for the caller''s rights'
  from tests.app_functions f
  where f.prosrc ~ '\mapp_private\.remembered\s*\('
    and f.proname <> 'remembered'
    and f.prosrc !~ 'if v_remembered is not null then\s+(perform app_private\.\w+\([^;]+;\s+)+return\M'
    -- Or before it looks whether it remembers anything.
    and f.prosrc !~ '\m(app_private\.(require_permission|locked_invitation)\s*\([^;]+;|if not app_hidden\.is_superadmin\(\) then\s+perform app_hidden\.refuse\().*\mapp_private\.remembered\s*\(';
$$;
