-- How far a clinic's usage is counted: read and written by functions only. FND-24.

select app_private.classify('app_private.usage_positions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "last_position", "period"]}',
  unaudited => 'Counts the rows of app_public.usage_records.');
select app_private.protect('app_private.usage_positions', engine => 'select, insert, update');
