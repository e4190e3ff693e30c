-- Read by the guard and by verbs, written by migrations only. APT-01.

select app_private.classify('app_private.state_transitions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["entity", "from_state", "to_state", "actor", "permission", "not_before", "lead_minutes", "event",
               "quiet_because"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.state_transitions', engine => 'select');
