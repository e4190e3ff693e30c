-- Test: lint - identities are folded by ASCII rules alone. FND-03.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('folding')$$,
  'identities are folded by ASCII rules alone');

create temporary table before as select object from tests.lint('folding');
create function app_public.play(email text) returns text language plpgsql set search_path = '' as $$
begin
  -- lower(comment)
  return lower(btrim(email)) || app_hidden.ascii_lower(email);
end;
$$;
create function app_public.sing(word text) returns boolean language sql return sing.word ilike 'A%';
create function app_public.stretch(rest tstzrange) returns timestamptz language sql return lower(stretch.rest);
create table app_public.toys (name text check (name = upper(name)), hours tstzrange, span tstzrange check (lower(span) > '2000-01-01'));
create unique index toys_name_is_unique on app_public.toys (lower(name));
select set_eq(
  $$select object from tests.lint('folding') except select object from before$$,
  array[
    'app_public.play(text): btrim(email',
    'app_public.sing(text): ~~*',
    'toys_name_check: name',
    'app_public.toys_name_is_unique: name'
  ],
  'a function, an operator, a constraint and an index that fold by Unicode are named; bounds of ranges and comments are not');
select * from finish();
rollback;
