-- The life of a data key: a retiring one only opens, a retired one is gone. FND-11.
-- An empty from_state is creation. docs/state-machines/data_keys.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "data_keys"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | active   | system
  active     | retiring | system
  retiring   | retired  | system
');
