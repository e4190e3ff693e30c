-- Which rules bills are computed by: kept with each bill. Whoever changes what bill_lines or advance_lines answer counts it on. BIL-02.

create or replace function app_private.billing_policy() returns int
language sql immutable parallel safe
set search_path = ''
return 1;

comment on function app_private.billing_policy is 'The version of the rules that bills are computed by.';
grant execute on function app_private.billing_policy to app_engine;
