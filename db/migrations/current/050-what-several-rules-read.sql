-- What rules read of a patient elsewhere, so that several that read the same read it once. SEG-03, docs/decisions/0149.

alter type app_private.rule_part drop attribute if exists reads;
drop type if exists app_private.rule_read;
create type app_private.rule_read as (asked text, rows_sql text, read_sql text);
comment on type app_private.rule_read is
  'What a rule reads elsewhere: as its SQL asks for it, and as it is asked of all rows at once; without rows as a value of the patient.';
alter type app_private.rule_part add attribute reads app_private.rule_read[];
