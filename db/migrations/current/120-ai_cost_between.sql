-- Two files defined app_private.ai_cost_between(), and the one that ran last read each call's record, though ai_calls_by_time_idx has
-- all that is asked. functions/metering/usage_between.sql is the one that stays, and defines it again.
-- retired: functions/metering/ai_cost_between.sql
drop function if exists app_private.ai_cost_between(uuid, text, tstzrange, bigint, bigint);
