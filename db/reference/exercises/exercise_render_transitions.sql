-- From where to where a video of an exercise moves. Whoever asks for one that is there already queues nothing. EXL-03.
-- An empty from_state is creation. docs/state-machines/exercise_renders.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "exercise_renders"}', rows => '
  from_state | to_state  | actor  | event                  | quiet_because
  -----------+-----------+--------+------------------------+-----------------------------------------------------
             | queued    | system |                        |
  queued     | rendering | system |                        |
  rendering  | ready     | system | exercise.rendered      | Whoever plays it finds it there.
  rendering  | failed    | system | exercise.render_failed | Superadmins see it at the exercise, and it is tried again.
  failed     | rendering | system |                        |
  failed     | queued    | system |                        |
  rendering  | queued    | system |                        |
  ready      | queued    | system |                        |
');
