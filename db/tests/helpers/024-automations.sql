-- Toy actions, so that the engine is proven without those of the product: they are there until the test is rolled back.

create or replace function tests.toy_actions() returns void
language plpgsql volatile
as $$
begin
  create table tests.toys_given (execution_id uuid primary key, patient_id uuid, toy text, config jsonb);
  grant all on tests.toys_given to app_engine;
  create function app_private.act_toy(step app_private.action_step) returns app_private.action_outcome
  language plpgsql volatile set search_path = '' as $toy$
  begin
    if step.config ->> 'toy' = 'skipped' then
      return ('skipped', 'consent', '{"purpose": "marketing_email"}', null)::app_private.action_outcome;
    elsif (step.config ->> 'until')::timestamptz > app_hidden.now() then
      return ('waiting', 'quiet_hours', '{}', (step.config ->> 'until')::timestamptz)::app_private.action_outcome;
    end if;
    insert into tests.toys_given values (step.execution_id, step.patient_id, step.config ->> 'toy', step.config);
    if step.config ? 'publishes' then
      perform app_private.publish(step.config ->> 'publishes', step.organization_id, step.patient_id,
        jsonb_build_object('patientId', step.patient_id, 'patientProfileId', step.patient_profile_id));
    end if;
    case step.config ->> 'toy'
      when 'refused' then perform app_hidden.refuse('CONFLICT', 'toy_is_broken', '{"toy": "refused"}');
      when 'deadlock' then raise exception using errcode = '40P01';
      when 'bug' then perform 1 / 0;
      else null;
    end case;
    return ('done', null, '{}', null)::app_private.action_outcome;
  end $toy$;
  alter function app_private.act_toy owner to app_owner;
  grant execute on function app_private.act_toy to app_engine;
  grant usage on schema tests to app_engine;
  insert into app_private.automation_actions (code, label_ro, label_en, description_ro, description_en, config_schema, needs, act_function)
  values ('toy', 'Jucărie', 'Toy', 'Dă o jucărie.', 'Gives a toy.', '{"type": "object", "additionalProperties": false, "required": ["toy"],
    "properties": {"toy": {"type": "string"}, "publishes": {"type": "string"}, "until": {"type": "string"}}}', '{patient}', 'act_toy');
end;
$$;
comment on function tests.toy_actions is 'Makes the action toy, which writes to tests.toys_given.';

create or replace function tests.automation(
  name text, event text, actions jsonb, conditions jsonb default '{"all": []}', most_per_day int default 10, most_ever int default null,
  clinic text default null
) returns uuid
language sql volatile
as $$
  select tests.remember(automation.name, (app_private.add_automation(
    tests.clinic_id(automation.clinic), automation.name, automation.event, automation.actions, automation.conditions, true,
    automation.most_per_day, automation.most_ever)).id)
$$;

create or replace function tests.happens(event text, patient text, cause uuid default null, clinic text default null) returns uuid
language sql volatile
as $$
  select app_private.publish(happens.event, tests.clinic_id(happens.clinic), patients.id,
    jsonb_build_object('patientId', patients.id, 'patientProfileId', patients.patient_profile_id), happens.cause)
  from app_public.patients
  where patients.organization_id = tests.clinic_id(happens.clinic) and patients.patient_profile_id = tests.id(happens.patient)
$$;
comment on function tests.happens is 'Publishes an event about a patient.';

-- Tells the consumer what is pending, as the worker does, until nothing more follows.
create or replace function tests.automations_follow() returns int
language plpgsql volatile
as $$
declare
  v_event record;
  v_told int := 0;
begin
  loop
    select deliveries.event_id into v_event
    from app_private.event_deliveries as deliveries
    join app_private.events on events.id = deliveries.event_id
    where deliveries.consumer = 'automations' and deliveries.delivered_at is null
    order by events.id limit 1;
    exit when not found;
    perform app_private.consume_automations(v_event.event_id);
    perform app_private.record_event_delivered(v_event.event_id, 'automations');
    v_told := v_told + 1;
  end loop;
  return v_told;
end;
$$;

create or replace function tests.automations_due() returns int
language plpgsql volatile
as $$
declare
  v_done int := 0;
begin
  while app_private.run_due_automation() is not null loop
    v_done := v_done + 1;
  end loop;
  return v_done;
end;
$$;
