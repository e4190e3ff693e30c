-- A reading that the person or the clinic may ask about: a chart that was opened, a sensitive export. FND-08.
-- Called in the transaction that reads, by the verb that reads: no row is handed out without its entry.

create or replace function audit.record_read(
  organization_id uuid,
  table_name text,
  row_key text,
  what text,
  person_id uuid default null,
  details jsonb default '{}'
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
begin
  return audit.append(
    record_read.organization_id, 'read', record_read.table_name, record_read.row_key, record_read.person_id, null, null,
    jsonb_build_object('what', record_read.what) || record_read.details);
end;
$$;

comment on function audit.record_read is
  'Writes that the caller read this row (null: many), what as ("chart", or the export''s name), and whom it is about. '
  'details: filters and numbers of rows.';
grant execute on function audit.record_read to app_engine;
