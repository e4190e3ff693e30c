-- Test: rejection_hint, known_content_type - words for every refusal, one name for every type. FND-13.
begin;
select plan(13);

create temporary table rejections as
select (regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g'))[1] as name
from pg_catalog.pg_constraint where conname = 'files_rejection_is_known';

select cmp_ok((select count(*) from rejections), '>=', 18::bigint, 'reasons are known');
select is_empty(
  $$select name from rejections where name <> 'expired' and app_private.rejection_hint(name) = app_private.rejection_hint('anything')$$,
  'each has words of its own, but for what is said as upload_expired');
select is_empty(
  $$select app_private.rejection_hint(name) from rejections group by 1 having count(*) > 1$$, '… and no two the same');
select is_empty(
  $$select name from rejections where app_private.rejection_hint(name) !~* '(send|save|copy|request|print)'$$, '… that say what to do');
select alike(app_private.rejection_hint('too_many_pixels'), '%120 megapixels%', 'what is too large is told its limit');
select alike(app_private.rejection_hint('inflates_too_far'), '%128 MB%512 MB%', '… as is what unpacks too far');

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
