-- send_sms: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_sms(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'sms');

comment on function app_private.act_send_sms is 'Tells whom the action names over sms.';
grant execute on function app_private.act_send_sms to app_engine;

create or replace function app_private.check_send_sms(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_sms.organization_id, check_send_sms.config, 'sms') as problem;
end;

comment on function app_private.check_send_sms is 'What is wrong with the words for sms, each with its path.';
grant execute on function app_private.check_send_sms to app_engine;
