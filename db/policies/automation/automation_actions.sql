-- Read when a rule is saved and when it runs; changed by migrations only. AUT-02.

select app_private.classify('app_private.automation_actions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_ro", "label_en", "description_ro", "description_en", "config_schema", "needs", "is_marketing", "act_function",
               "check_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.automation_actions', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.automation_actions
  for each row execute function app_private.tg_guard_function(
    'act_function', 'app_private.action_step', 'app_private.action_outcome');
