-- How many requests to an endpoint may be in the air at once. WHK-02.

create or replace function app_private.webhooks_at_once(is_failing boolean) returns int
language sql immutable parallel safe
set search_path = ''
return case when is_failing then 1 else 4 end;

comment on function app_private.webhooks_at_once is 'Requests to an endpoint at once: four, or one where it fails.';
grant execute on function app_private.webhooks_at_once to app_engine;
