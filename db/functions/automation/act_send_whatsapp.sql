-- send_whatsapp: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_whatsapp(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'whatsapp');

comment on function app_private.act_send_whatsapp is 'Tells whom the action names over whatsapp.';
grant execute on function app_private.act_send_whatsapp to app_engine;

create or replace function app_private.check_send_whatsapp(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_whatsapp.organization_id, check_send_whatsapp.config, 'whatsapp') as problem;
end;

comment on function app_private.check_send_whatsapp is 'What is wrong with the words for whatsapp, each with its path.';
grant execute on function app_private.check_send_whatsapp to app_engine;
