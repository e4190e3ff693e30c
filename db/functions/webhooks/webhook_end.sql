-- Why an attempt is an endpoint's last: it says that it is gone, or has had nothing but failures for five days, of which the last day
-- without a pause (docs/decisions/0151): one late failure after a long silence says nothing, its retries do. WHK-02.

create or replace function app_private.webhook_end(
  endpoint app_private.webhook_endpoints, response_status int, problem text, at timestamptz
) returns text
language sql immutable
set search_path = ''
return case
  when problem is null then null
  when response_status = 410 then 'gone'
  when endpoint.failing_since <= at - interval '5 days'
    and endpoint.unbroken_since <= at - interval '1 day'
    and endpoint.failed_at >= at - app_private.webhook_silence() then 'failing' end;

comment on function app_private.webhook_end is
  E'@nullable\n'
  'Why its subscription is disabled after this attempt: gone or failing; null where it is not.';
grant execute on function app_private.webhook_end to app_engine;
