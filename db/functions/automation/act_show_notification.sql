-- show_notification: puts the words into the inbox of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_show_notification(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'in_app');

comment on function app_private.act_show_notification is 'Tells whom the action names over in_app.';
grant execute on function app_private.act_show_notification to app_engine;

create or replace function app_private.check_show_notification(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_show_notification.organization_id, check_show_notification.config, 'in_app') as problem;
end;

comment on function app_private.check_show_notification is 'What is wrong with the words for in_app, each with its path.';
grant execute on function app_private.check_show_notification to app_engine;
