-- To which account what a line bills belongs. BIL-02.

create or replace function app_private.revenue_account(kind text) returns text
language sql immutable
set search_path = ''
return case
  when kind in ('overage', 'late_overage') then 'overage_revenue'
  when kind in ('ai', 'late_ai') then 'ai_revenue'
  else 'plan_revenue'
end;

comment on function app_private.revenue_account is 'The account of a kind of line.';
grant execute on function app_private.revenue_account to app_engine;
