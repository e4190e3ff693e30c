-- The months to come have their partitions before anybody needs them. FND-08.

set role app_engine;

create or replace function audit.open_months(ahead int default 3) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  for v_month in 0 .. open_months.ahead loop
    perform audit.open_month(app_hidden.now() + make_interval(months => v_month));
  end loop;
end;
$$;

comment on function audit.open_months is 'Makes the partitions of this month and of those ahead.';

grant execute on function audit.open_months to app_worker;
reset role;
