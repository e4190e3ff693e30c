-- Which subjects a summary has counted: read and written by functions only. FND-24.

select app_private.classify('app_private.usage_subjects', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "meter", "period_starts_at", "subject_id"]}',
  unaudited => 'Made of app_public.usage_records, and made again from them.');
select app_private.protect('app_private.usage_subjects', engine => 'select, insert, delete');
