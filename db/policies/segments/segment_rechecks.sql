-- Written and read by the worker's functions. SEG-03.

select app_private.classify('app_private.segment_rechecks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "segment_id", "at"], "phi": ["patient_id"]}',
  unaudited => 'Follows from rules and the rows that they read.');
select app_private.on_merge('app_private.segment_rechecks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_rechecks', engine => 'select, insert, update, delete');
