-- A dead job is thrown away, with the reason; what it was stays on record. FND-28.

set role app_engine;

create or replace function app_public.discard_dead_letter(job_id bigint, reason text) returns app_public.dead_letter
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter := app_private.locked_dead_letter(job_id);
begin
  insert into app_private.dead_letter_decisions
    (job_id, task, key, payload, last_error, decision, reason, decided_by, decided_at)
  values (v_letter.job_id, v_letter.task, v_letter.key, v_letter.payload, v_letter.last_error, 'discarded',
          btrim(coalesce(discard_dead_letter.reason, '')), app_hidden.current_principal_id(), app_hidden.now());
  perform graphile_worker.complete_jobs(array[v_letter.job_id]);
  return v_letter;
end;
$$;

comment on function app_public.discard_dead_letter is
  'Throws a dead job away; the reason is kept. Superadmin only; NOT_FOUND when it is not dead any more.';
grant execute on function app_public.discard_dead_letter to app_member;

reset role;
