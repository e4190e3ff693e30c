-- After how long without an attempt nothing is known of an endpoint: longer than the longest pause between two. WHK-02.

create or replace function app_private.webhook_silence() returns interval
language sql immutable parallel safe
set search_path = ''
return interval '36 hours';

comment on function app_private.webhook_silence is 'Failures that lie further apart are not without a pause.';
grant execute on function app_private.webhook_silence to app_engine;
