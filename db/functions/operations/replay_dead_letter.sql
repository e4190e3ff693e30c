-- A dead job gets all its attempts again. What it did to the outside stands in the effects ledger, so it is
-- not done twice. FND-28.

set role app_engine;

create or replace function app_public.replay_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter := app_private.locked_dead_letter(job_id);
begin
  perform graphile_worker.reschedule_jobs(array[v_letter.job_id], run_at => clock_timestamp(), attempts => 0);
  insert into app_private.dead_letter_decisions (job_id, task, key, payload, last_error, decision, decided_by, decided_at)
  values (v_letter.job_id, v_letter.task, v_letter.key, v_letter.payload, v_letter.last_error, 'replayed',
          app_hidden.current_principal_id(), app_hidden.now());
  return v_letter;
end;
$$;

comment on function app_public.replay_dead_letter is
  'Tries a dead job again, now, with all its attempts. Superadmin only; NOT_FOUND when it is not dead any more.';
grant execute on function app_public.replay_dead_letter to app_member;

reset role;
