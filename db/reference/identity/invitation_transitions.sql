-- What becomes of an invitation. FND-04.
-- An empty from_state is creation. docs/state-machines/invitations.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "invitations"}', rows => '
  from_state | to_state | actor
  -----------+----------+-------
             | open     | system
  open       | accepted | system
  open       | declined | system
  open       | revoked  | system
  open       | expired  | system
');
