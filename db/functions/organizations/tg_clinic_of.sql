-- The clinic of a row that belongs to another row of a clinic, so that nobody who adds it has to say twice where it is.
-- The trigger names the table and the column that leads there. Read with the rights of whoever writes: a row that they
-- may not see is none. Who may write at the clinic is for the policies, which come after. FND-06, FND-29.

create or replace function app_private.tg_clinic_of() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.organization_id is null then
    execute format('select organization_id from %s where id = $1', tg_argv[0]::regclass)
    into new.organization_id using (to_jsonb(new) ->> tg_argv[1])::uuid;
    if new.organization_id is null then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_clinic_of is
  'Fills organization_id from the row that a column names, where it is not given. Trigger _010_clinic.';
