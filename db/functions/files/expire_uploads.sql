-- Uploads that were announced and not confirmed within their day end. FND-13.

set role app_engine;

create or replace function app_private.expire_uploads() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_count int;
begin
  with due as (
    select files.id
    from app_public.files
    where files.status = 'pending' and files.expires_at <= app_hidden.now()
    order by files.expires_at
    limit 500
    for update skip locked
  )
  update app_public.files set status = 'rejected', rejection = 'expired', expires_at = null
  from due
  where files.id = due.id;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function app_private.expire_uploads is 'Rejects up to 500 uploads that nobody confirmed in time; returns how many.';
grant execute on function app_private.expire_uploads to app_worker;

reset role;
