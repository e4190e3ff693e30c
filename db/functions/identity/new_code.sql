-- A code that somebody will be sent. The message that carries it names it in its variable code. FND-32.

create or replace function app_private.new_code(organization_id uuid, lasts interval) returns app_private.codes
language sql volatile
set search_path = ''
as $$
  insert into app_private.codes (organization_id, salt, expires_at, created_at)
  values (new_code.organization_id, extensions.gen_salt('bf', 9), app_hidden.now() + new_code.lasts, app_hidden.now())
  returning *
$$;

comment on function app_private.new_code is 'A code that is not made yet: issue_code() makes it when its message leaves.';
grant execute on function app_private.new_code to app_engine;
