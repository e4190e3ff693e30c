-- Written by the worker's task check_tax_states, read by it alone. BIL-04.

select app_private.classify('app_private.tax_office_messages', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["office", "message_id", "upload_id", "document_number", "bare_number", "read_at"]}');
-- To lock a row, one must be allowed to update some column of it.
select app_private.protect('app_private.tax_office_messages', engine => 'select, insert, delete, update (read_at)');
-- An office lists its messages for sixty days: what is older is not asked for again.
select app_private.retain('app_private.tax_office_messages', 'operations', 'delete', kept_from => 'read_at');
