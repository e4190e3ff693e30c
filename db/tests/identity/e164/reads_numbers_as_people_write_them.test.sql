-- Test: e164 - a number as people write it becomes one that can be dialled; what is none stays wrong. FND-07.
begin;
select plan(14);
select is(app_hidden.e164(written, '40'), read, format('%L', written))
from (values
  ('0722 123 456', '+40722123456'), ('0722.123.456', '+40722123456'), ('0722-123-456', '+40722123456'), ('(021) 310/12/34', '+40213101234'),
  ('+40 722 123 456', '+40722123456'), ('0040722123456', '+40722123456'), ('722123456', '+40722123456'), ('+44 20 7946 0958', '+442079460958'),
  ('  ', null), ('', null), (null, null)
) as t (written, read);
select ok(app_hidden.e164(written, '40') !~ '^\+[1-9][0-9]{6,14}$', format('%L is refused by every phone constraint', written))
from unnest(array['call me', '+40 722 x', repeat('1', 40)]) as t (written);
select * from finish();
rollback;
