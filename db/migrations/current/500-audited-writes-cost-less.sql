-- The commit moves the head and takes its lock in one statement; the first entry asks for its month in an expression.
drop function if exists audit.locked_head(uuid);
drop function if exists audit.require_month(timestamptz);
-- retired: functions/audit/locked_head.sql
