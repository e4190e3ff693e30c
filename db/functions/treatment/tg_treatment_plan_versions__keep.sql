-- What was submitted never changes: only where it stands moves on, with who and why. Nobody deletes a version, the owner and the engine
-- included. TPL-01, TPL-02.

create or replace function app_private.tg_treatment_plan_versions__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  -- A column that is generated is not there yet.
  v_moving constant text[] := '{status,approved_by,approved_at,retired_by,retired_at,retire_reason,updated_at,scope_id}';
begin
  if tg_op = 'DELETE' or old.status <> 'draft' and to_jsonb(new) - v_moving is distinct from to_jsonb(old) - v_moving
    or (new.id, new.organization_id, new.treatment_plan_id, new.number)
      is distinct from (old.id, old.organization_id, old.treatment_plan_id, old.number)
    or old.approved_at is not null and (new.approved_by, new.approved_at) is distinct from (old.approved_by, old.approved_at) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "treatment_plan_versions"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_treatment_plan_versions__keep is
  'IMMUTABLE never_changed for a change of what was submitted, and for any deletion. Trigger _300_keep.';
