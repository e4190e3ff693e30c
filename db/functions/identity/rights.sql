-- What policies ask about the caller. A statement asks up to ten times, and each answer is a query, so it is found once
-- and kept in a setting that ends with the transaction, behind whom it is about. Policies alone ask so: verbs ask the
-- functions below keep_rights themselves, since they may have waited for a lock meanwhile. FND-04, FND-29.

create or replace function app_hidden.rights(question text) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_asker text := app_hidden.asker();
  v_kept text := current_setting('rights.' || question, true);
begin
  if starts_with(v_kept, v_asker) then
    return substr(v_kept, length(v_asker) + 1)::uuid[];
  end if;
  return app_hidden.keep_rights(question);
end;
$$;

comment on function app_hidden.rights is
  'The answer to one question about the caller (staff, patient, people, specialist, colleagues, or a permission), kept for '
  'the transaction until something that it rests on changes.';
grant execute on function app_hidden.rights to app_member, app_anonymous;
