-- Test: known_content_type - one name for every type. FND-13.
begin;
select plan(7);

select is(app_private.known_content_type(given), known, given || ' is ' || known)
from (values
  ('image/jpg', 'image/jpeg'), ('IMAGE/PJPEG', 'image/jpeg'), ('image/jpeg; charset=binary', 'image/jpeg'),
  (' application/x-pdf ', 'application/pdf'), ('image/x-png', 'image/png'), ('text/html', 'text/html')
) as type (given, known);
select is_empty(
  $$select content_type from app_private.file_types where app_private.known_content_type(content_type) <> content_type$$,
  'what is taken is known by its own name');
select * from finish();
rollback;
