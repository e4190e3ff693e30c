-- A call stays as it was told; what it cost is added where its price was missing, once. FND-24.

create or replace function app_private.tg_ai_calls__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' or old.cost is not null
    or to_jsonb(new) - '{cost,priced_position}'::text[] is distinct from to_jsonb(old) - '{cost,priced_position}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "ai_calls"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_ai_calls__keep is
  'IMMUTABLE never_changed for everything but the first cost of a call. Trigger _300_keep.';
