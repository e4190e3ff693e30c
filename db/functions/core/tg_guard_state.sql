-- A status moves only along state_transitions, whoever writes: verbs, the worker, the owner of the table. APT-01.

set role app_engine;

create or replace function app_private.tg_guard_state() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_not_before text;
  v_lead text;
  v_earliest timestamptz;
begin
  select transition.not_before, transition.lead_minutes into v_not_before, v_lead
  from app_private.state_transitions as transition
  where transition.entity = tg_table_name and transition.from_state = v_from and transition.to_state = new.status
  limit 1;

  if not found then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status,
                         'legal', app_private.legal_moves(tg_table_name, v_from)));
  end if;

  if v_not_before is not null then
    v_earliest := (to_jsonb(new) ->> v_not_before)::timestamptz;
    if v_lead is not null then
      select v_earliest - make_interval(mins => (to_jsonb(organizations) ->> v_lead)::int) into strict v_earliest
      from app_public.organizations
      where organizations.id = (to_jsonb(new) ->> 'organization_id')::uuid;
    end if;
    if v_earliest > app_hidden.now() then
      perform app_hidden.refuse(
        'STATE', 'too_early',
        jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status, 'notBefore', v_earliest, 'timezone', (
          select organizations.timezone from app_public.organizations
          where organizations.id = (to_jsonb(new) ->> 'organization_id')::uuid)));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_state is
  'Refuses a status that state_transitions does not list, naming the legal ones, and a move whose time has not come. '
  'Trigger _200_guard_state.';

reset role;
