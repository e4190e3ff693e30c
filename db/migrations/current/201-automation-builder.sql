-- What a page needs to build an automation and to try it. AUT-03.
drop function if exists app_public.automation_builder(uuid);
drop function if exists app_public.simulate_automation(uuid, int, uuid, text, jsonb, jsonb);
drop function if exists app_public.simulate_automation(uuid, int, uuid, text, jsonb, jsonb, int, int);
drop type if exists app_public.automation_contract;
drop type if exists app_public.automation_event_choice;
drop type if exists app_public.automation_action_choice;
drop type if exists app_public.automation_list;
drop type if exists app_public.automation_list_choice;
drop type if exists app_public.simulated_action;

create type app_public.automation_event_choice as (name text, label text, label_ro text, label_en text, has text[]);
comment on type app_public.automation_event_choice is 'What an automation can begin with.';
comment on column app_public.automation_event_choice.name is 'What stands in the automation as its event.';
comment on column app_public.automation_event_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.automation_event_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.automation_event_choice.label_en is 'What people read, in English.';
comment on column app_public.automation_event_choice.has is 'What it is about: patient, appointment. An action that needs more cannot follow it.';

create type app_public.automation_action_choice as (
  code text, label text, label_ro text, label_en text, description text, description_ro text, description_en text,
  config_schema jsonb, needs text[], is_marketing boolean
);
comment on type app_public.automation_action_choice is 'What an automation can do.';
comment on column app_public.automation_action_choice.code is 'What stands in the automation as action.';
comment on column app_public.automation_action_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.automation_action_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.automation_action_choice.label_en is 'What people read, in English.';
comment on column app_public.automation_action_choice.description is 'What it does, in a sentence, in the caller''s language.';
comment on column app_public.automation_action_choice.description_ro is 'What it does, in Romanian.';
comment on column app_public.automation_action_choice.description_en is 'What it does, in English.';
comment on column app_public.automation_action_choice.config_schema is
  'JSON Schema of its config, with what a form of it says: title, description, x-title-ro, x-description-ro, x-labels, x-order, x-when; x-choices names one of lists.';
comment on column app_public.automation_action_choice.needs is 'What the event must have: patient, appointment.';
comment on column app_public.automation_action_choice.is_marketing is 'Whether it advertises, and so asks for the consent to that.';

create type app_public.automation_list_choice as (value text, label text, label_ro text, label_en text);
comment on type app_public.automation_list_choice is 'What a value of a config can be.';
comment on column app_public.automation_list_choice.value is 'What stands in the config.';
comment on column app_public.automation_list_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.automation_list_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.automation_list_choice.label_en is 'What people read, in English.';

create type app_public.automation_list as (code text, choices app_public.automation_list_choice[]);
comment on type app_public.automation_list is 'What the clinic has of something that configs name.';
comment on column app_public.automation_list.code is 'What x-choices and x-inserts of a schema say.';
comment on column app_public.automation_list.choices is 'What can be chosen, by name.';

create type app_public.automation_contract as (
  events app_public.automation_event_choice[],
  actions app_public.automation_action_choice[],
  action_limit int,
  lists app_public.automation_list[],
  after_schema jsonb,
  expires_schema jsonb,
  most_schema jsonb
);
comment on type app_public.automation_contract is 'Everything of which an automation is composed; its conditions are ruleBuilder''s.';
comment on column app_public.automation_contract.events is 'What it can begin with.';
comment on column app_public.automation_contract.actions is 'What it can do.';
comment on column app_public.automation_contract.action_limit is 'How many actions it has at most.';
comment on column app_public.automation_contract.lists is 'What configs can name: lists of the clinic that the caller may read, and those that are everybody''s.';
comment on column app_public.automation_contract.after_schema is 'JSON Schema of an action''s after: how much later it is done.';
comment on column app_public.automation_contract.expires_schema is 'JSON Schema of an action''s expires: until when it may still be done.';
comment on column app_public.automation_contract.most_schema is
  'JSON Schema of {mostPerDay, mostEver}: how often it runs for one patient.';

create type app_public.simulated_action as (
  event_id uuid, occurred_at timestamptz, patient_profile_id uuid, action_index int, action text, outcome text, reason text,
  due_at timestamptz
);
comment on type app_public.simulated_action is 'What an automation would have done about an event of the past.';
comment on column app_public.simulated_action.event_id is 'The event, by its id.';
comment on column app_public.simulated_action.occurred_at is 'When it happened.';
comment on column app_public.simulated_action.patient_profile_id is E'@nullable\nWhom it was about; null where the event has no patient any more.';
comment on column app_public.simulated_action.action_index is E'@nullable\nThe place of the action, from 0; null where the automation as a whole would not have run.';
comment on column app_public.simulated_action.action is E'@nullable\nThe code of the action; null where the automation as a whole would not have run.';
comment on column app_public.simulated_action.outcome is E'@words automation_executions.outcome\nWhat would have become of it.';
comment on column app_public.simulated_action.reason is E'@nullable\nWhy it would have been skipped or failed, or what it would wait for.';
comment on column app_public.simulated_action.due_at is 'When it would have been done, or would be.';

