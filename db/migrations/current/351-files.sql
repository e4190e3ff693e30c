-- Files that ordinary programs write are taken, and what is not says why. FND-13.

update app_private.file_types set extensions = '{jpg,jpeg,jfif,jpe}' where content_type = 'image/jpeg';

alter table app_public.files drop constraint if exists files_rejection_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.files add constraint files_rejection_is_known check (rejection in (
  'expired', 'type_mismatch', 'second_type', 'malformed', 'truncated', 'heic', 'encrypted', 'scripts', 'launches',
  'attachments', 'submits', 'media', 'dynamic_form', 'inflates_too_far', 'too_many_pixels', 'too_complex',
  'size_mismatch', 'digest_mismatch'));
comment on column app_public.files.rejection is
  'expired, type_mismatch, second_type (the bytes are a file of another type too), malformed, truncated, heic, encrypted, '
  'scripts, launches, attachments, submits, media, dynamic_form (what a PDF does by itself or hides), inflates_too_far, '
  'too_many_pixels, too_complex, size_mismatch, digest_mismatch.';
