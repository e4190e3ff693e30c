-- Refusals carry code, reason and details; their words are the door's.
drop function if exists app_hidden.refuse(text, text, jsonb, text);

-- retired: functions/files/rejection_hint.sql
drop function if exists app_private.rejection_hint(text);

