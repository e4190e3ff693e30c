-- Written with the rule, asked by every change of what rules read. SEG-03.

select app_private.classify('app_private.segment_dependencies', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "code", "segment_id"]}',
  unaudited => 'Follows from the rule, which is audited.');
select app_private.protect('app_private.segment_dependencies', engine => 'select, insert, delete');
