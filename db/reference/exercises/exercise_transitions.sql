-- From where to where an exercise of the platform's library moves. What it needs to be published, and what speaks against
-- archiving it, the verbs ask. EXL-06.
-- An empty from_state is creation. docs/state-machines/exercises.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "exercises"}', rows => '
  from_state | to_state  | actor      | event              | quiet_because
  -----------+-----------+------------+--------------------+---------------------------------------------------------
             | draft     | superadmin |                    |
  draft      | published | superadmin | exercise.published | Clinics find it in the library when they look for it.
  published  | draft     | superadmin |                    |
  draft      | archived  | superadmin | exercise.archived  | Plans that have it keep it, and no new one takes it.
  published  | archived  | superadmin | exercise.archived  | Plans that have it keep it, and no new one takes it.
  archived   | draft     | superadmin |                    |
');
