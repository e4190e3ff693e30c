-- A file counts once the server has looked at its bytes; a deleted one can be brought back. FND-13.
-- An empty from_state is creation. docs/state-machines/files.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "files"}', rows => '
  from_state | to_state  | actor
  -----------+-----------+-------
             | pending   | system
  pending    | confirmed | system
  pending    | rejected  | system
  confirmed  | deleted   | system
  deleted    | confirmed | system
');
