-- Written by triggers in the transaction of a change, worked off by refresh_segments(). SEG-03.

select app_private.classify('app_private.segment_marks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "segment_id", "cause_id"], "phi": ["patient_id"]}',
  unaudited => 'Work that is waiting; it is gone when it is done.');
select app_private.on_merge('app_private.segment_marks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_marks', engine => 'select, insert, delete');
