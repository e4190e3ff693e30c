-- created_at and updated_at are the database's word, whoever writes.

create or replace function app_private.tg_stamp() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    new.created_at := old.created_at;
  end if;
  new.updated_at := app_hidden.now();
  return new;
end;
$$;

comment on function app_private.tg_stamp is 'Keeps created_at and sets updated_at. Trigger _100_stamp.';
